"""One run into one folder: cluster the cohort, commit what was found, then draw the page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import cpu_count

from synthcohort.cohort.cohort import Cohort
from synthcohort.grid.whole_grid import GridResult, run_grid
from synthcohort.population.progress import Progress
from synthcohort.report.shown_page import ShownPage
from synthcohort.results.findings import Findings, Individuals
from synthcohort.results.manifest import write_manifest
from synthcohort.results.page_files import PAGE, page_failure
from synthcohort.results.run_folder import write_tables
from synthcohort.results.tables import Tables
from synthcohort.runs.report_files import write_report
from synthcohort.scene import Problem, SceneError
from synthcohort.scene.notebook_html import notebook_card
from synthcohort.scene.short_text import counted
from synthcohort.task_store.stored_results import TaskStore


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """A finished run: its folder and what it found.

    Parameters
    ----------
    folder : Path
    findings : Findings
    page_failure : str, default ""
        Why its page could not be drawn, and how to draw it again; empty when it was.
    """

    folder: Path
    findings: Findings
    page_failure: str = ""

    @property
    def tables(self) -> Tables:
        """All tables: ``run.tables.stability``; ``Tables.stability`` tells their columns."""
        return self.findings.tables

    def __repr__(self) -> str:
        """Say in one line what was run and where it is."""
        people = counted(self.findings.size, "individual")
        found = counted(self.labels.shape[1], "partition")
        name, folder = self.findings.scene.name, str(self.folder)
        return f"<Run of {name}: {people}, {found}; in {folder[-300:]}>"

    def _repr_html_(self) -> str:
        """Show the run in a notebook: what was asked, and the answers."""
        facts = {"individuals": f"{self.findings.size:,}", "folder": self.folder}
        if not self.findings.clustered:
            return notebook_card(f"Run of {self.findings.scene.name}", facts)
        # Imported here: what judges draws too, by libraries that nothing else needs.
        from synthcohort.report.judgement.cards import answers
        from synthcohort.report.judgement.judgement import judgement_of

        cards = answers(self.findings, judgement_of(self.findings))
        facts |= {card.question: f"{card.answer}, {card.words}" for card in cards}
        return notebook_card(f"Run of {self.findings.scene.name}", facts)

    def explore(self) -> ShownPage:
        """Show the page, with its explorer, in a notebook; it needs no network.

        Returns
        -------
        ShownPage

        Raises
        ------
        SceneError
            If the folder has no page: ``synthcohort report`` draws it.
        """
        if not self.report.exists():
            message = f"not there; to draw it: synthcohort report {self.folder}"
            raise SceneError(str(self.folder), [Problem(PAGE, message)])
        return ShownPage(self.report)

    @property
    def scores(self) -> pd.DataFrame:
        """One row for each preprocessing x whitened x base x k x resolution x truth."""
        return self.tables.scores

    @property
    def labels(self) -> pd.DataFrame:
        """One column a partition."""
        return self.tables.labels

    @property
    def report(self) -> Path:
        """The page."""
        return self.folder / PAGE


def conduct(
    folder: Path,
    cohort: Cohort,
    provenance: Mapping[str, Any],
    started: float,
    *,
    cluster: bool,
    ask: bool,
    exact: bool,
    workers: int | None,
    tell: Progress,
    store: TaskStore,
) -> Findings:
    """Cluster a cohort as its experiment says and fill a folder with what was found.

    The page is not among it: `finished` draws that when the folder has its name.

    Parameters
    ----------
    folder : Path
        Where the data are already, if they are to be kept.
    cohort : Cohort
    provenance : mapping
        The start of the manifest.
    started : float
        When the run began, by `time.perf_counter`.
    cluster : bool
        False leaves out the clustering.
    ask : bool
        Whether to ask for the verdict, run the rivals and choose.
    exact, workers, tell
        As in `run`.
    store : TaskStore
        Of this run alone.

    Returns
    -------
    Findings
    """
    grid = GridResult()
    if cluster:
        grid = run_grid(cohort, exact, workers or cpu_count(), tell, store, ask)
    found = Findings(
        scene=cohort.scene,
        individuals=partial(Individuals, cohort.X, cohort.groups, cohort.known, cohort.weight),
        tables=grid.tables,
        verdict=grid.verdict.summary() if grid.verdict else None,
        choice=grid.choice.summary() if grid.choice else None,
        complete=grid.complete,
        notes=cohort.notes + grid.notes,
        synthetic=cohort.synthetic,
    )
    versions = {schema.name: schema.version for schema in found.tables.given()}
    found.manifest.update(
        provenance,
        exact=exact,
        verdict=found.verdict,
        choice=found.choice,
        complete=found.complete,
        notes=found.notes,
        tables=versions,
    )
    write_tables(folder, found.tables, found.synthetic)
    found.manifest["seconds"] = round(time.perf_counter() - started, 1)
    write_manifest(folder, found.manifest)
    return found


def finished(folder: Path, findings: Findings, tell: Progress) -> Run:
    """Draw the page of a run whose results are safe in its folder.

    Parameters
    ----------
    folder : Path
        The run folder, whole but for the page.
    findings : Findings
    tell : callable
        Called with the stage, how much is done and how much there is.

    Returns
    -------
    Run

    Warns
    -----
    SceneWarning
        If the page can't be drawn: where the results are, and how to draw it again.
    """
    again = f"all results are in {folder}; to draw it again: synthcohort report {folder}"
    failure = page_failure(lambda: write_report(folder, findings), again, tell)
    return Run(folder, findings, failure)
