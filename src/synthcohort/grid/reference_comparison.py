"""The pipeline on reference data: the same analyses where there are no clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.clustering.preprocessing import PREPROCESSINGS, prepare
from synthcohort.clustering.reference_data import REFERENCE_KINDS, normal_scores
from synthcohort.clustering.worker_entries import with_registered
from synthcohort.cohort.participants import Clustered
from synthcohort.evaluation.null_test.statistic import null_test, p_values, relative_index
from synthcohort.grid.plan import Analysis, plan_cells
from synthcohort.grid.reference_cell import (
    PAIRS,
    Setting,
    measure,
    measure_normal,
    normal_reference,
)
from synthcohort.population.progress import Progress
from synthcohort.results.partition_keys import Cell
from synthcohort.scene import Scene
from synthcohort.task_store.resumable_tasks import finished_tasks
from synthcohort.task_store.stored_results import TaskStore

Array = np.ndarray

SIZE = 1000
BOOTSTRAPS = 20


@dataclass(frozen=True)
class ReferenceComparison:
    """What the pipeline reports on data without clusters.

    Parameters
    ----------
    settings, band : DataFrame
        The schemas `Tables.references` and `Tables.band`.
    notes : list of str
        What could not be compared, and why.
    """

    settings: pd.DataFrame
    band: pd.DataFrame
    notes: list[str]


@dataclass(frozen=True)
class _Job:
    """What all data sets share."""

    scene: Scene
    X: pd.DataFrame
    groups: pd.DataFrame
    analyses: dict[str, Analysis]
    cells: list[Cell]
    exact: bool

    def setting(self, cell: Cell) -> Setting:
        chosen = self.scene.experiment
        replicates = min(chosen.bootstraps, BOOTSTRAPS)
        return Setting(
            cell.base, cell.k, replicates, tuple(chosen.resolutions), chosen.assign, self.exact
        )


def compare_with_references(
    scene: Scene,
    people: Clustered,
    analyses: Sequence[Analysis],
    exact: bool,
    workers: int,
    tell: Progress,
    store: TaskStore,
) -> ReferenceComparison:
    """Cluster a sample of the data and its reference data sets in every way of the grid.

    Parameters
    ----------
    scene : Scene
        Its experiment says how many references, and of which kind.
    people : Clustered
        With survey weights the sample is drawn by them, and so stands for the population.
    analyses : sequence of Analysis
    exact, workers, tell, store
        As in `run_grid`.

    Returns
    -------
    ReferenceComparison

    Notes
    -----
    Up to 1,000 individuals, 20 replicates each: differences in SDs between references change
    little with more, the time does. Data and references are preprocessed once, whatever the
    experiment's `refit`.
    """
    rows = _sample(len(people.X), people.weight, scene.seed)
    own = {a.name: a for a in analyses if a.runs_as == a.name}
    order = {name: place for place, name in enumerate(own)}
    cells = plan_cells(analyses, scene.experiment)
    cells.sort(key=lambda cell: (order[cell.analysis], cell.base, cell.k))
    job = _Job(scene, people.X.iloc[rows], people.groups.iloc[rows], own, cells, exact)
    count = 1 + scene.experiment.references
    jobs = {f"data set {number}": (job, number) for number in range(count)}
    tell("reference data sets", 0, count)
    done: dict[str, tuple[Array, dict[str, str]]] = {}
    for name, result in finished_tasks(with_registered(_data_set), jobs, workers, store):
        done[name] = result
        tell("reference data sets", len(done), count)
    measured = [done[name][0] for name in jobs]
    failed: dict[str, str] = {}
    for name in jobs:
        failed = done[name][1] | failed
    compared = [i for i, cell in enumerate(cells) if cell.name not in failed]
    notes = [
        f"{name}: not compared with reference data sets: {why}." for name, why in failed.items()
    ]
    return _comparison(job, [cells[i] for i in compared], np.array(measured)[:, compared], notes)


def _sample(n: int, weight: Array | None, seed: int) -> Array:
    rng = np.random.default_rng([seed, 4])
    if weight is None:
        return np.sort(rng.permutation(n)[:SIZE])
    size = min(SIZE, int((weight > 0).sum()))
    return np.sort(rng.choice(n, size, replace=False, p=weight / weight.sum()))


def _data_set(job: _Job, number: int) -> tuple[Array, dict[str, str]]:
    """Measures of every cell, shape (n_cells, 2 + 2 R), and why a cell has none."""
    X = job.X if number == 0 else _reference(job, number)
    cutoffs = {name: job.scene.biomarkers[name].cutoffs for name in X.columns}
    found = np.full((len(job.cells), 2 + 2 * len(job.scene.experiment.resolutions)), np.nan)
    failed: dict[str, str] = {}
    prepared: dict[str, Array] = {}
    for i, cell in enumerate(job.cells):
        a = job.analyses[cell.analysis]
        try:
            if a.name not in prepared:
                share = job.scene.experiment.whiten_min_share
                table = prepare(X, a.preprocessing, a.whitened, cutoffs, job.groups, share)
                prepared[a.name] = table.values
            found[i] = _measured(job, cell, prepared[a.name], number)
        except ValueError as error:
            failed[cell.name] = str(error)
    return found, failed


def _measured(job: _Job, cell: Cell, values: Array, number: int) -> Array:
    setting, a = job.setting(cell), job.analyses[cell.analysis]
    gaussian = number > 0 and job.scene.experiment.reference_data == "gaussian"
    if gaussian and a.whitened and PREPROCESSINGS[a.preprocessing].affine:
        return measure_normal(len(values), values.shape[1], setting, number)
    return measure(values, setting, number)


def _reference(job: _Job, number: int) -> pd.DataFrame:
    kind = job.scene.experiment.reference_data
    if kind == "gaussian":
        normal = normal_reference(*job.X.shape, number)
    else:
        normal = normal_scores(*job.X.shape, np.random.default_rng([job.scene.seed, 5, number]))
    return REFERENCE_KINDS[kind](job.X, normal)


def _comparison(
    job: _Job, cells: list[Cell], measured: Array, notes: list[str]
) -> ReferenceComparison:
    """Tables of the comparison; measured has shape (1 + n_references, n_cells, 2 + 2 R)."""
    if not cells:
        nothing = pd.DataFrame()
        return ReferenceComparison(nothing, nothing, notes)
    values = measured[:, :, :2]
    z = null_test(values.reshape(len(values), -1), 1 / PAIRS).z.reshape(-1, 2)
    of_data, references = values[0], values[1:]
    settings = pd.DataFrame([cell.values for cell in cells]).assign(
        pac=of_data[:, 0],
        pac_reference=references[:, :, 0].mean(axis=0),
        pac_reference_low=references[:, :, 0].min(axis=0),
        pac_reference_high=references[:, :, 0].max(axis=0),
        relative_index=relative_index(of_data[:, 0], references[:, :, 0].mean(axis=0), 1 / PAIRS),
        p_value=p_values(values[:, :, 0]),
        within=of_data[:, 1],
        within_reference=references[:, :, 1].mean(axis=0),
        z_pac=z[:, 0],
        z_within=z[:, 1],
        z=z.min(axis=1),
    )
    return ReferenceComparison(settings, _band(job, cells, measured[:, :, 2:]), notes)


def _band(job: _Job, cells: list[Cell], measured: Array) -> pd.DataFrame:
    """One row a partition: clusters and contrast of the data between those of the references."""
    resolutions = job.scene.experiment.resolutions
    rows = [cell.at(resolution).values for cell in cells for resolution in resolutions]
    n_clusters, contrast = (
        part.reshape(len(measured), -1) for part in np.split(measured, 2, axis=2)
    )
    return pd.DataFrame(rows).assign(
        n_clusters=n_clusters[0].astype(int),
        reference_low=n_clusters[1:].min(axis=0).astype(int),
        reference_high=n_clusters[1:].max(axis=0).astype(int),
        contrast=contrast[0],
        contrast_reference=pd.DataFrame(contrast[1:]).mean().to_numpy(),
        p_value=p_values(-contrast),
    )
