"""Replicates that preprocess anew: each draws and prepares its matrix once, for all cells."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import clone

from synthcohort.clustering.base.base_clusterers import make_base
from synthcohort.clustering.base.pooled_kmeans import Scale
from synthcohort.clustering.consensus.modularity import smallest_labels
from synthcohort.clustering.input_checks import usable, within_bounds
from synthcohort.clustering.preprocessing.refitting import Refit
from synthcohort.clustering.replication import Plan, Warned, draw, make_plan, replicates, together
from synthcohort.clustering.worker_entries import with_registered
from synthcohort.population.progress import Progress
from synthcohort.results.partition_keys import Cell
from synthcohort.scene.model import Experiment
from synthcohort.task_store.resumable_tasks import finished_tasks
from synthcohort.task_store.stored_results import TaskStore

Array = np.ndarray


@dataclass(frozen=True)
class Fits:
    """Replicates of one cell.

    Parameters
    ----------
    assignments : ndarray of int, shape (N, replicates)
        Base clusters; -1 where there is none.
    warned : list of Warned
    """

    assignments: Array
    warned: list[Warned]


@dataclass(frozen=True)
class Anew:
    """What every bootstrap sample of an analysis prepares for itself.

    Parameters
    ----------
    step : Refit
        Not fitted.
    values : ndarray of float, shape (N, p + groups)
        What it takes; NaN where a biomarker is missing.
    draws : ndarray of float, shape (replicates, gaps)
        By replicate, what stands in the place of each NaN.
    """

    step: Refit
    values: Array
    draws: Array

    def matrix(self, counts: Array, b: int) -> Array:
        """Prepare everybody in replicate b, by who is drawn in it; shape (N, q)."""
        values = self.values
        if self.draws.size:
            values = values.copy()
            values[np.isnan(values)] = self.draws[b]
        sample = np.repeat(np.arange(len(values)), counts)
        return within_bounds(clone(self.step).fit(values[sample]).transform(values))


@dataclass(frozen=True)
class Input:
    """What the cells of one analysis cluster.

    Parameters
    ----------
    values : ndarray, shape (N, q)
        Everybody, prepared once.
    weight : ndarray, shape (N,), optional
        Survey weights.
    anew : Anew, optional
        Where every bootstrap sample prepares for itself.
    """

    values: Array
    weight: Array | None
    anew: Anew | None = None

    @property
    def once(self) -> Input:
        """The same without what the replicates prepare."""
        return Input(self.values, self.weight)


def refitted_cells(
    cells: Sequence[Cell],
    inputs: Mapping[str, Input],
    chosen: Experiment,
    seed: int,
    exact: bool,
    workers: int,
    tell: Progress,
    store: TaskStore,
) -> dict[str, Fits]:
    """Fit the replicates of all cells of the analyses that prepare their data anew in each.

    Parameters
    ----------
    cells : sequence of Cell
    inputs : mapping of str to Input
        By analysis; those without `anew` are passed over.
    chosen, seed, exact
        As in `refitted`.
    workers, tell, store
        As in `run_grid`.

    Returns
    -------
    dict of str to Fits
        By the name of the cell.
    """
    of = {n: [c for c in cells if c.analysis == n] for n, one in inputs.items() if one.anew}
    if not of:
        return {}
    # A pool of starts is made in each job: no more of them than there are processes.
    n_chunks = min(chosen.bootstraps, -(-workers // len(of)))
    chunks = np.array_split(np.arange(chosen.bootstraps), n_chunks)
    settings = (chosen, seed, exact)
    jobs = {
        f"replicates {name} {chunk[0]} to {chunk[-1]}": (of[name], inputs[name], *settings, chunk)
        for name in of
        for chunk in chunks
    }
    tell("replicates", 0, len(jobs))
    done: dict[str, dict[str, Fits]] = {}
    for job, found in finished_tasks(with_registered(refitted), jobs, workers, store):
        done[job] = found
        tell("replicates", len(done), len(jobs))
    parts: dict[str, list[Fits]] = {cell.name: [] for some in of.values() for cell in some}
    for job in jobs:
        for name, fits in done[job].items():
            parts[name].append(fits)
    return {name: joined(fits) for name, fits in parts.items()}


def refitted(
    cells: Sequence[Cell],
    given: Input,
    chosen: Experiment,
    seed: int,
    exact: bool,
    which: Iterable[int],
    again: int = 0,
) -> dict[str, Fits]:
    """Fit some replicates of all cells of one analysis.

    Parameters
    ----------
    cells : sequence of Cell
        Of one analysis.
    given : Input
        With `anew`; the pools of starts are made on its `values`.
    chosen : Experiment
        Who is assigned in its replicates.
    seed : int
    exact : bool
        Ten restarts of k-means instead of pooled starts.
    which : iterable of int
        Numbers of the replicates.
    again : int, default 0
        Gives the base clusterers other seeds on the same samples.

    Returns
    -------
    dict of str to Fits
        By the name of the cell.

    Raises
    ------
    ValueError
        If a sample can't be preprocessed or a base clusterer be fitted, with the name of the
        analysis or the cell.
    """
    anew = given.anew
    assert anew is not None
    plans = {cell.name: _plan(cell, given, chosen, seed, exact, again) for cell in cells}
    columns: dict[str, list[Array]] = {name: [] for name in plans}
    warned: dict[str, list[Warned]] = {name: [] for name in plans}
    for b in which:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # said once, of everybody together
                counts = draw(len(given.values), given.weight, seed, b)
                matrix = anew.matrix(counts, b)
        except ValueError as error:
            raise ValueError(f"{cells[0].analysis}: replicate {b}: {error}") from error
        scale = Scale(matrix)
        rows = scale.apply(matrix)
        for name, plan in plans.items():
            pool = plan.pool and replace(plan.pool, scale=scale, rows=rows)
            try:
                labels, _, found = replicates(replace(plan, values=matrix, pool=pool), [b])
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
            columns[name].append(labels)
            warned[name] += found
    return {
        name: Fits(smallest_labels(np.hstack(columns[name])), together(warned[name]))
        for name in plans
    }


def joined(parts: Sequence[Fits]) -> Fits:
    """Put the replicates of one cell side by side."""
    found = together(one for part in parts for one in part.warned)
    return Fits(smallest_labels(np.hstack([part.assignments for part in parts])), found)


def _plan(cell: Cell, given: Input, chosen: Experiment, seed: int, exact: bool, again: int) -> Plan:
    try:
        base = usable(make_base(cell.base, cell.k, exact), given.values)
    except ValueError as error:
        raise ValueError(f"{cell.name}: {error}") from error
    return make_plan(base, given.values, given.weight, chosen.assign, seed, again)
