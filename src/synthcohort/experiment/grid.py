"""All cells of a run's grid in parallel, brought together in the order of the grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from synthcohort.clustering.pairs import sample_pairs
from synthcohort.clustering.preprocessing import Prepared, prepare
from synthcohort.evaluation.ceiling import oracle
from synthcohort.evaluation.ceilings import COLUMNS, ceilings
from synthcohort.evaluation.choice import Choice, choose
from synthcohort.evaluation.decomposition import decompose
from synthcohort.experiment import tables
from synthcohort.experiment.cell import CellResult, Pairs, run_cell
from synthcohort.experiment.cohort import Cohort
from synthcohort.experiment.nulls import Nulls, compare_with_nulls
from synthcohort.experiment.plan import Analysis, Cell, plan_analyses, plan_cells
from synthcohort.experiment.progress import Progress
from synthcohort.scene import Problem, Scene, SceneError

_PAIRS = 20_000


@dataclass(frozen=True)
class GridResult:
    """The tables that clustering adds to a cohort; see `Findings` for their columns."""

    labels: pd.DataFrame
    scores: pd.DataFrame
    recovery: pd.DataFrame
    analyses: pd.DataFrame
    reliability: pd.DataFrame
    nulls: Nulls | None
    choice: Choice | None
    notes: list[str]


def run_grid(cohort: Cohort, exact: bool, workers: int, tell: Progress) -> GridResult:
    """Cluster a cohort in every way of its experiment and score every partition.

    Parameters
    ----------
    cohort : Cohort
    exact : bool
        Ten restarts of k-means instead of pooled starts.
    workers : int
        Processes.
    tell : callable
        Called with the stage, how much is done and how much there is.

    Returns
    -------
    GridResult

    Raises
    ------
    SceneError
        If fewer complete individuals than clusters are left, or a preprocessing leaves nothing.
    """
    scene = cohort.scene
    X = cohort.X[scene.experiment.biomarkers]
    complete = X.notna().all(axis=1).to_numpy()
    _check_rows(scene, int(complete.sum()))
    analyses = plan_analyses(scene.experiment)
    prepared = _prepare(cohort, analyses, complete)
    known = cohort.known[complete]
    truths = {str(name): column.cat.codes.to_numpy() for name, column in known.items()}
    cells = plan_cells(analyses, scene.experiment)
    pairs = _pairs(cohort, complete)
    results = _run_cells(scene, cells, prepared, truths, pairs, exact, workers, tell)
    scores, recovery, reliability = (
        pd.concat([getattr(r, table) for r in results], ignore_index=True)
        for table in ("scores", "recovery", "reliability")
    )
    best = _ceilings(cohort, analyses, prepared, complete, workers, tell)
    labels = pd.concat([r.labels for r in results], axis=1)
    labels.index = X.index[complete]
    nulls, choice = None, None
    if scene.experiment.nulls:
        groups = cohort.groups[complete]
        nulls = compare_with_nulls(scene, X[complete], groups, analyses, exact, workers, tell)
        choice = _choice(labels, scores, nulls)
    dropped = int((~complete).sum())
    return GridResult(
        labels=labels.astype("Int32").reindex(cohort.X.index),
        scores=tables.scores_table(analyses, decompose(scores, best)),
        recovery=tables.recovery_table(known, recovery),
        analyses=tables.analyses_table(analyses, prepared, len(labels), dropped),
        reliability=reliability,
        nulls=nulls,
        choice=choice,
        notes=tables.notes(scene, analyses, prepared, dropped),
    )


def _choice(labels: pd.DataFrame, scores: pd.DataFrame, nulls: Nulls) -> Choice:
    """Choose among the partitions, each with the evidence for its analysis and k."""
    rows = scores.drop_duplicates("partition")[["partition", "analysis", "base", "k"]]
    with_z = rows.merge(nulls.settings, on=["analysis", "base", "k"]).set_index("partition")
    return choose(labels[list(with_z.index)], with_z, nulls.p_value)


def _ceilings(
    cohort: Cohort,
    analyses: list[Analysis],
    prepared: Mapping[str, Prepared],
    complete: np.ndarray,
    workers: int,
    tell: Progress,
) -> pd.DataFrame:
    """Score what could be found at best; no rows where nobody knows the model."""
    if cohort.population is None:
        return pd.DataFrame(columns=COLUMNS)
    tell("ceilings", 0, 1)
    used = {a.name: a.preprocessing for a in analyses}
    best = ceilings(cohort.population, prepared, used, complete, workers)
    tell("ceilings", 1, 1)
    return best


def _pairs(cohort: Cohort, complete: np.ndarray) -> Pairs | None:
    """Pairs of clustered individuals, with the oracle's probability that they belong together."""
    truth = cohort.scene.experiment.truth
    if truth is None or cohort.population is None:
        return None
    probabilities = oracle(cohort.population, truth).to_numpy()[complete]
    first, second = sample_pairs(len(probabilities), _PAIRS, cohort.scene.seed)
    return Pairs(first, second, (probabilities[first] * probabilities[second]).sum(axis=1))


def _check_rows(scene: Scene, rows: int) -> None:
    largest = max(k for ks in scene.experiment.base.values() for k in ks)
    if largest > rows:
        message = f"got k = {largest}, allowed: at most the {rows} complete individuals"
        raise SceneError(scene.name, [Problem("experiment.base", message)])


def _prepare(cohort: Cohort, analyses: list[Analysis], complete: np.ndarray) -> dict[str, Prepared]:
    scene = cohort.scene
    X = cohort.X.loc[complete, scene.experiment.biomarkers]
    groups = cohort.groups[complete]
    cutoffs = {name: scene.biomarkers[name].cutoffs for name in X.columns}
    prepared, problems = {}, []
    for a in analyses:
        if a.runs_as != a.name:
            continue
        try:
            prepared[a.name] = prepare(X, a.preprocessing, a.whitened, cutoffs, groups)
        except ValueError as error:
            problems.append(Problem(f"experiment.preprocessings.{a.preprocessing}", str(error)))
    if problems:
        raise SceneError(scene.name, problems)
    return prepared


def _run_cells(
    scene: Scene,
    cells: list[Cell],
    prepared: Mapping[str, Prepared],
    truths: Mapping[str, np.ndarray],
    pairs: Pairs | None,
    exact: bool,
    workers: int,
    tell: Progress,
) -> list[CellResult]:
    """Results in the order of the grid, whatever the order in which they were run."""
    chosen = scene.experiment
    jobs = Parallel(n_jobs=min(workers, len(cells)), return_as="generator")(
        delayed(run_cell)(
            cell,
            prepared[cell.analysis].values,
            truths,
            pairs,
            chosen.resolutions,
            chosen.bootstraps,
            scene.seed,
            exact,
        )
        for cell in cells
    )
    done: dict[str, CellResult] = {}
    tell("cluster", 0, len(cells))
    for cell, result in zip(cells, jobs, strict=True):
        done[cell.name] = result
        tell("cluster", len(done), len(cells))
    order = list(prepared)
    in_order = sorted(cells, key=lambda c: (order.index(c.analysis), c.base, c.k))
    return [done[cell.name] for cell in in_order]
