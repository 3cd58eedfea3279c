"""One run into one folder: cluster the cohort, write every table and the page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import cpu_count

from synthcohort.cohort.cohort import Cohort
from synthcohort.grid.stability_of_cells import StabilityTables
from synthcohort.grid.whole_grid import GridResult, run_grid
from synthcohort.population.progress import Progress
from synthcohort.results import run_folder as files
from synthcohort.results.findings import Findings
from synthcohort.results.manifest import write_manifest
from synthcohort.runs.report_files import write_report
from synthcohort.scene.short_text import counted


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """A finished run: its folder and its tables."""

    folder: Path
    findings: Findings

    def __repr__(self) -> str:
        """Say in one line what was run and where it is."""
        people = counted(self.findings.size, "individual")
        found = counted(self.labels.shape[1], "partition")
        name, folder = self.findings.scene.name, str(self.folder)
        return f"<Run of {name}: {people}, {found}; in {folder[-300:]}>"

    @property
    def scores(self) -> pd.DataFrame:
        """One row for each preprocessing x whitened x base x k x resolution x truth."""
        return self.findings.scores

    @property
    def labels(self) -> pd.DataFrame:
        """One column a partition."""
        return self.findings.labels

    @property
    def report(self) -> Path:
        """The page."""
        return self.folder / "report.html"


def conduct(
    folder: Path,
    cohort: Cohort,
    provenance: Mapping[str, Any],
    started: float,
    *,
    cluster: bool,
    exact: bool,
    workers: int | None,
    tell: Progress,
) -> Findings:
    """Cluster a cohort as its experiment says and fill a folder with what was found.

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
    exact, workers, tell
        As in `run`.

    Returns
    -------
    Findings
    """
    grid = run_grid(cohort, exact, workers or cpu_count(), tell) if cluster else None
    found = _findings(cohort, grid)
    found.manifest.update(
        provenance, exact=exact, verdict=found.verdict, choice=found.choice, notes=found.notes
    )
    if grid is not None:
        files.write_grid(folder, found)
    tell("report", 0, 1)
    write_report(folder, found)
    tell("report", 1, 1)
    found.manifest["seconds"] = round(time.perf_counter() - started, 1)
    write_manifest(folder, found.manifest)
    return found


def _findings(cohort: Cohort, grid: GridResult | None) -> Findings:
    nothing = pd.DataFrame()
    stability = StabilityTables(nothing, nothing, nothing, nothing, nothing)
    found = grid or GridResult(
        nothing, nothing, nothing, nothing, nothing, stability, None, None, nothing, None, []
    )
    return Findings(
        scene=cohort.scene,
        size=len(cohort.X),
        seed=cohort.scene.seed,
        biomarkers=cohort.X,
        metadata=cohort.groups,
        truths=cohort.known,
        labels=found.labels,
        scores=found.scores,
        recovery=found.recovery,
        analyses=found.analyses,
        reliability=found.reliability,
        stability=found.stability.partitions,
        stability_clusters=found.stability.clusters,
        stability_individuals=found.stability.individuals,
        consensus=found.stability.consensus,
        instability=found.stability.instability,
        nulls=found.nulls.settings if found.nulls else nothing,
        band=found.nulls.band if found.nulls else nothing,
        verdict=found.verdict.summary() if found.verdict else None,
        rivals=found.rivals,
        choice=found.choice.summary() if found.choice else None,
        alternatives=found.choice.alternatives if found.choice else nothing,
        notes=cohort.notes + found.notes,
        synthetic=cohort.synthetic,
        weight=cohort.weight,
    )
