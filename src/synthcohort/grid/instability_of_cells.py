"""Whose instability it is in the best cells: the base clusterer's own search or the sampling."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from synthcohort.clustering.stability.optimiser_instability import Instability, instability
from synthcohort.clustering.worker_entries import with_registered
from synthcohort.grid.cell import cell_model
from synthcohort.grid.refitted_replicates import Input, refitted
from synthcohort.population.progress import Progress
from synthcohort.results.partition_keys import Cell
from synthcohort.scene.model import Experiment
from synthcohort.task_store.resumable_tasks import finished_tasks
from synthcohort.task_store.stored_results import TaskStore

REFITS = 20


@dataclass(frozen=True)
class Again:
    """A cell to fit again, and with what; as in `run_cell`."""

    cell: Cell
    given: Input
    chosen: Experiment
    seed: int
    exact: bool


def instabilities(
    jobs: Sequence[Again], workers: int, tell: Progress, store: TaskStore
) -> pd.DataFrame:
    """Split the instability of some cells into the optimiser's and the sampling's.

    Parameters
    ----------
    jobs : sequence of Again
    workers : int
        Processes.
    tell : callable
        Called with the stage, how much is done and how much there is.
    store : TaskStore

    Returns
    -------
    DataFrame
        analysis, base, k and the fields of `Instability`.
    """
    named = {f"again {job.cell.name}": (job,) for job in jobs}
    rows: dict[str, dict[str, Any]] = {}
    tell("instability", 0, len(jobs))
    for name, row in finished_tasks(with_registered(_row), named, workers, store):
        rows[name] = row
        tell("instability", len(rows), len(jobs))
    return pd.DataFrame(job.cell.values | rows[f"again {job.cell.name}"] for job in jobs)


def _row(job: Again) -> dict[str, Any]:
    few = min(job.chosen.bootstraps, REFITS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same fits have told already
        return asdict(_prepared_once(job, few) if job.given.anew is None else _anew(job, few))


def _prepared_once(job: Again, few: int) -> Instability:
    model = cell_model(job.cell, job.chosen, job.seed, job.exact)
    model.n_bootstraps = few
    return model.fit_replicates(job.given.values, job.given.weight).instability(
        job.given.values, few
    )


def _anew(job: Again, few: int) -> Instability:
    """Fit the same samples, with the same imputed values, twice: only the seeds differ."""
    first, again = (
        refitted([job.cell], job.given, job.chosen, job.seed, job.exact, range(few), seeds)[
            job.cell.name
        ].assignments
        for seeds in (0, 1)
    )
    return instability(first, again, job.given.weight, job.chosen.assign != "all")
