"""A study from its file to a folder with tables and a page."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import cpu_count

from synthcohort.grid.scheduler import on_cluster
from synthcohort.machine.fresh_folder import new_folder
from synthcohort.machine.written_files import write_text
from synthcohort.population.progress import Progress, silent
from synthcohort.results.page_files import PAGE, page_failure
from synthcohort.scene import SceneWarning
from synthcohort.scene.short_text import counted
from synthcohort.simulation_study.scenarios import scenarios_of
from synthcohort.simulation_study.study_file import load_study
from synthcohort.simulation_study.study_folder import write_study
from synthcohort.simulation_study.study_model import Study
from synthcohort.simulation_study.study_page import page_of
from synthcohort.simulation_study.study_tables import StudyTables, tables_of
from synthcohort.simulation_study.study_tasks import Draw, draws_of, outcomes_of
from synthcohort.task_store.exclusive_use import alone_in
from synthcohort.task_store.stored_results import TaskStore

TASKS = ".tasks"
"""Hidden folder, in that of the studies' folders, of all finished tasks."""
_PILOTS = 8


@dataclass(frozen=True)
class FinishedStudy:
    """A finished study: its folder and its tables.

    Parameters
    ----------
    folder : Path
    tables : StudyTables
    page_failure : str, default ""
        Why its page could not be drawn; empty when it was.
    """

    folder: Path
    tables: StudyTables
    page_failure: str = ""

    @property
    def results(self) -> pd.DataFrame:
        """One row for each scenario, repetition and method."""
        return self.tables.results

    @property
    def summary(self) -> pd.DataFrame:
        """Every measure of every method in every scenario, with Monte Carlo standard errors."""
        return self.tables.summary

    @property
    def differences(self) -> pd.DataFrame:
        """Methods compared in pairs on the same people."""
        return self.tables.differences

    @property
    def report(self) -> Path:
        """The page."""
        return self.folder / PAGE


@dataclass(frozen=True)
class Forecast:
    """What a study will take, measured on a few of its draws.

    Parameters
    ----------
    tasks, finished : int
        How many there are, and how many are done already.
    draws : int
        That were run to measure.
    seconds : float
        Until the end, with so many workers.
    megabytes : float
        On disk.
    """

    tasks: int
    finished: int
    draws: int
    seconds: float
    megabytes: float

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{counted(self.tasks, 'task')}, {self.finished:,} of them finished; about "
            f"{self.seconds:,.0f} s and {self.megabytes:,.1f} MB, measured on "
            f"{counted(self.draws, 'draw')}"
        )


def study(
    source: Study | str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    repetitions: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    retry: bool = False,
    progress: Progress | None = None,
) -> FinishedStudy:
    """Run a simulation study; what is finished already, in whatever study, is not run again.

    Parameters
    ----------
    source : str, Path or mapping
        A study file, its data, or the name of a bundled study.
    out : str or Path, default "runs"
        The folder in which the folder of the study is made. Finished tasks are kept in its
        hidden folder ``.tasks``, so a study that was stopped goes on when it is run again.
    repetitions, seed : int, optional
        Replace those of the file.
    workers : int, optional
        Processes; all cores by default. They change the time and nothing else.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers do it.
    retry : bool, default False
        Whether tasks that failed are run again.
    progress : callable, optional
        Called with the stage, how much is done and how much there is.

    Returns
    -------
    FinishedStudy

    Raises
    ------
    SceneError
        With every problem of the study, or if another one is running in the folder.

    Warns
    -----
    SceneWarning
        If tasks failed.

    Notes
    -----
    What stops it early gets a note that says how to go on.
    """
    chosen, beside = _chosen(source, repetitions, seed)
    with new_folder(Path(out), chosen.name, datetime.now()) as (partial, target):
        tables = study_tables(chosen, beside, Path(out), workers, scheduler, retry, progress)
        write_study(partial, tables)
    failure = draw_page(target, lambda: page_of(tables), progress or silent)
    if len(tables.failures):
        first = tables.failures.iloc[0]
        message = f"{counted(len(tables.failures), 'task')} failed, the first of {first['method']}"
        warnings.warn(f"{message}: {first['error']}", SceneWarning, stacklevel=2)
    return FinishedStudy(target, tables, failure)


def study_tables(
    chosen: Study,
    beside: Path,
    out: Path,
    workers: int | None = None,
    scheduler: str | None = None,
    retry: bool = False,
    progress: Progress | None = None,
) -> StudyTables:
    """Run what is not finished of a study, and tabulate it; parameters as of `study`.

    Parameters
    ----------
    chosen : Study
    beside : Path
        The folder in which files of scenes are looked for.
    out : Path
        The folder whose ``.tasks`` keeps the tasks.
    workers, scheduler, retry, progress
        As of `study`.
    """
    draws = draws_of(chosen, scenarios_of(chosen, beside))
    with on_cluster(scheduler), _store_in(out) as store, _kept(store):
        outcomes = outcomes_of(draws, store, workers or cpu_count(), progress or silent, retry)
    return tables_of(chosen, draws, outcomes)


def draw_page(folder: Path, page: Callable[[], str], tell: Progress) -> str:
    """Draw the page of a study whose tables are safe in its folder, and say why not if not."""
    again = f"all tables are in {folder}; the same command draws it and runs no task twice"
    return page_failure(lambda: write_text(page(), folder / PAGE), again, tell)


def forecast(
    source: Study | str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    repetitions: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
) -> Forecast:
    """Say how long a study will take; parameters as of `study`.

    Up to eight scenarios, evenly chosen, are drawn once each in this process.
    """
    chosen, beside = _chosen(source, repetitions, seed)
    draws = draws_of(chosen, scenarios_of(chosen, beside))
    first = draws[: len(draws) // chosen.repetitions]
    picked = first[:: -(-len(first) // _PILOTS)]
    with _store_in(Path(out)) as store:
        before = _finished(draws, store)
        seconds = []
        for draw in picked:
            started = time.perf_counter()
            if outcomes_of([draw], TaskStore(), 1, silent):
                seconds.append(time.perf_counter() - started)
    tasks = sum(len(draw.keys) for draw in draws)
    per_task = sum(seconds) / sum(len(draw.keys) for draw in picked)
    left = (tasks - before) * per_task
    return Forecast(
        tasks, before, len(seconds), left / (workers or cpu_count()), tasks * _TASK_BYTES / 1e6
    )


_TASK_BYTES = 4096
"""A task's file is smaller than one block of a disk."""


def _chosen(
    source: Study | str | Path | Mapping[str, Any], repetitions: int | None, seed: int | None
) -> tuple[Study, Path]:
    """Return a study with its overrides, and the folder that its files are beside."""
    chosen = load_study(source)
    given = {"repetitions": repetitions, "seed": seed}
    replaced = {key: value for key, value in given.items() if value is not None}
    chosen = load_study(chosen.model_dump() | replaced)
    return chosen, Path(source).parent if isinstance(source, str | Path) else Path()


@contextmanager
def _store_in(out: Path) -> Iterator[TaskStore]:
    with alone_in(out / TASKS):
        yield TaskStore(out / TASKS)


@contextmanager
def _kept(store: TaskStore) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        message = f"{counted(store.count, 'finished task')} kept in {store.folder}"
        error.add_note(f"{message}; the same command goes on")
        raise


def _finished(draws: list[Draw], store: TaskStore) -> int:
    return len(store.found(key for draw in draws for key in draw.keys.values()))
