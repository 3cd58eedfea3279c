"""The pipeline of a run on a user's own table."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Unpack

from joblib import cpu_count

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.cutoff_table import read_cutoffs
from synthcohort.cohort.draft import guessed_words
from synthcohort.cohort.files import Reading, Table, from_frame, read_table
from synthcohort.cohort.files.reading import reading_problems, said
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import TableSettings, load_settings, settings_of
from synthcohort.grid.scheduler import on_cluster
from synthcohort.machine.fresh_folder import new_folder
from synthcohort.population.progress import Progress
from synthcohort.results.manifest import provenance
from synthcohort.results.run_folder import write_table
from synthcohort.runs.conductor import Run, conduct, finished
from synthcohort.runs.keyword_signature import shows_settings
from synthcohort.runs.keywords import ClusterKeywords
from synthcohort.runs.room_needed import check_memory_of_grid
from synthcohort.runs.unfinished_runs import resumable
from synthcohort.scene import Problem, Scene, SceneError, SceneWarning
from synthcohort.scene.problems import together_with
from synthcohort.scene.run_settings import given_settings
from synthcohort.scene.serialization import checksum


@shows_settings
def cluster(
    table: Any,
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
        An individual a row: a table of pandas or polars, or a file of text, Excel, Parquet,
        Feather, Stata, SPSS or SAS. Where the settings name no id, the index of a table is the
        id, so that ``df.join(run.labels)`` joins each person's own; the rows of a file are
        numbered from 0.
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

    Warns
    -----
    SceneWarning
        Of everything suspicious about the table, before anything is fitted.
    """
    started = time.perf_counter()
    if settings is not None and scene is not None:
        message = "got both settings and a scene, allowed: one of them"
        raise SceneError("settings", [Problem("", message)])
    given = given_settings("cluster", keywords)
    options = given.options
    with together_with(given.problems, "settings"):
        asked = said(
            separator=options.separator,
            decimal=options.decimal,
            encoding=options.encoding,
            sheet=options.sheet,
        )
        if settings is None and scene is None:
            raise SceneError("settings", [_without_settings(table, asked)])
        read, mapping = _read(table, settings, scene, asked)
        mapping = replace(mapping, strict=options.strict or mapping.strict)
        file = options.cutoffs or mapping.cutoffs
        cutoffs = None if file is None else read_cutoffs(file)
        cohort = table_cohort(read, mapping, given.experiment, options.seed, cutoffs)
    for doubt in cohort.doubts:
        warnings.warn(doubt, SceneWarning, stacklevel=3)
    check_memory_of_grid(cohort.scene, len(cohort.X), options.workers or cpu_count())
    tell = progress or (lambda *_: None)
    now = datetime.now()
    with (
        on_cluster(options.scheduler),
        resumable(Path(out), cohort.scene, options.exact, options.resume, cohort) as store,
        new_folder(Path(out), cohort.scene.name, now) as (partial, target),
    ):
        write_table(partial, cohort, options.keep_data)
        findings = conduct(
            partial,
            cohort,
            provenance(cohort.scene, now, synthetic=False) | _origin(table, read, cohort, mapping),
            started,
            cluster=True,
            ask=options.verdict is not False,
            exact=options.exact,
            workers=options.workers,
            tell=tell,
            store=store,
        )
    return finished(target, findings, tell)


def _read(
    table: Any,
    settings: str | Path | Mapping[str, Any] | None,
    scene: Scene | str | Path | Mapping[str, Any] | None,
    reading: Mapping[str, Any],
) -> tuple[Table, TableSettings]:
    """Read the columns that the settings, or the scene in their place, ask for."""
    problems = list(reading_problems(reading))
    if problems:
        raise SceneError("settings", problems)
    mapping = load_settings(settings) if settings is not None else None
    asked = Reading(**(mapping.reading if mapping else {}) | dict(reading))

    def wanted(names: Sequence[str]) -> list[str]:
        return (mapping or settings_of(scene or {}, names)).wanted(names)

    if isinstance(table, str | Path):
        found = read_table(table, asked, wanted)
    else:
        found = from_frame(table, wanted)
    mapped = mapping or settings_of(scene or {}, found.names)
    return found, mapped.expanded(found.names)


def _without_settings(table: Any, reading: Mapping[str, Any]) -> Problem:
    """Say what the columns of a table probably are, and ask for the file that says it."""
    problems = list(reading_problems(reading))
    if problems:
        raise SceneError("settings", problems)
    is_file = isinstance(table, str | Path)
    found = read_table(table, Reading(**dict(reading))) if is_file else from_frame(table)
    way = (
        f"Write this guess to a file by `synthcohort settings {table} > mine.toml`, correct it, "
        f"and give it: `synthcohort cluster {table} --settings mine.toml`"
        if is_file
        else "draft_settings(table) writes this guess as TOML to correct and to give"
    )
    return Problem("", f"got none. The columns look like: {guessed_words(found)}. {way}")


def _origin(table: Any, read: Table, cohort: Cohort, settings: TableSettings) -> dict[str, Any]:
    """Say which table was clustered and how its columns were mapped."""
    path = Path(table) if isinstance(table, str | Path) else None
    return {
        "table": {
            "file": path.name if path else "",
            "sha256": checksum(path) if path else None,
            "reading": asdict(read.reading),
        },
        "groupings": list(cohort.known.columns),
        "settings": asdict(replace(settings, cutoffs=None)),
    }
