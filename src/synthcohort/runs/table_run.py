"""The pipeline of a run on a user's own table."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.cutoff_table import read_cutoffs
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_files import read_table
from synthcohort.cohort.table_settings import TableSettings, load_settings, settings_of
from synthcohort.grid.scheduler import on_cluster
from synthcohort.population.progress import Progress
from synthcohort.results.fresh_folder import new_folder
from synthcohort.results.manifest import provenance
from synthcohort.results.run_folder import write_table
from synthcohort.runs.conductor import Run, conduct, finished
from synthcohort.runs.keyword_signature import shows_settings
from synthcohort.runs.keywords import ClusterKeywords
from synthcohort.scene import Problem, Scene, SceneError
from synthcohort.scene.problems import together_with
from synthcohort.scene.run_settings import given_settings
from synthcohort.scene.serialization import checksum


@shows_settings
def cluster(
    table: pd.DataFrame | str | Path,
    settings: str | Path | Mapping[str, Any] | None = None,
    out: str | Path = "runs",
    *,
    scene: Scene | str | Path | Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    **keywords: Unpack[ClusterKeywords],
) -> Run:
    """Cluster a user's own table in every way of a grid, and show what was found.

    Parameters
    ----------
    table : DataFrame, str or Path
        An individual a row: a table, or a CSV, Parquet, Stata or SPSS file. Where the
        settings name no id, the index of a table is the id, so that ``df.join(run.labels)``
        joins each person's own; the rows of a file are numbered from 0.
    settings : str, Path or mapping
        A settings file that maps the columns, or its data.
    out : str or Path, default "runs"
        The folder in which the run folder is made.
    scene : Scene, str, Path or mapping, optional
        Instead of settings: a scene whose biomarkers and visible groups are columns.
    progress : callable, optional
        Called with the stage, how much is done and how much there is.
    **keywords

    Returns
    -------
    Run

    Raises
    ------
    SceneError
        With every problem of the table and the settings; nothing is written then.
    """
    started = time.perf_counter()
    if (settings is None) == (scene is None):
        got = "neither" if settings is None else "both"
        message = f"got {got} settings and a scene, allowed: one of them"
        raise SceneError("settings", [Problem("", message)])
    given = given_settings("cluster", keywords)
    options = given.options
    with together_with(given.problems, "settings"):
        if settings is not None:
            mapping = load_settings(settings)
            frame = _frame(table, options.encoding, mapping.id)
        elif scene is not None:
            frame = _frame(table, options.encoding, "id")
            mapping = settings_of(scene, [str(name) for name in frame.columns])
        file = options.cutoffs or mapping.cutoffs
        cutoffs = None if file is None else read_cutoffs(file)
        cohort = table_cohort(frame, mapping, given.experiment, options.seed, cutoffs)
    tell = progress or (lambda *_: None)
    now = datetime.now()
    with (
        on_cluster(options.scheduler),
        new_folder(Path(out), cohort.scene.name, now) as (partial, target),
    ):
        write_table(partial, cohort, options.keep_data)
        findings = conduct(
            partial,
            cohort,
            provenance(cohort.scene, now, synthetic=False)
            | _origin(table, options.encoding, cohort, mapping),
            started,
            cluster=True,
            exact=options.exact,
            workers=options.workers,
            tell=tell,
        )
    return finished(target, findings, tell)


def _frame(table: pd.DataFrame | str | Path, encoding: str, ids: str | None) -> pd.DataFrame:
    if isinstance(table, pd.DataFrame):
        return table
    return read_table(table, encoding=encoding, ids=[ids] if ids is not None else [])


def _origin(
    table: pd.DataFrame | str | Path, encoding: str, cohort: Cohort, settings: TableSettings
) -> dict[str, Any]:
    """Say which table was clustered and how its columns were mapped."""
    path = None if isinstance(table, pd.DataFrame) else Path(table)
    return {
        "table": {
            "file": path.name if path else "",
            "sha256": checksum(path) if path else None,
            "encoding": encoding,
        },
        "groupings": list(cohort.known.columns),
        "settings": asdict(replace(settings, cutoffs=None)),
    }
