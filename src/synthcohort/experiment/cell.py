"""One cell of the grid: replicates, partitions at every resolution, scores against every truth."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering.bases import make_base
from synthcohort.clustering.consensus import Partition
from synthcohort.clustering.pairs import co_association
from synthcohort.clustering.replicate import Warned
from synthcohort.clustering.stability import Replicates
from synthcohort.evaluation import recovery, score
from synthcohort.evaluation.reliability import brier, reliability
from synthcohort.evaluation.rivals import adjusted
from synthcohort.evaluation.scores import METRICS
from synthcohort.experiment.plan import Cell
from synthcohort.experiment.stability import CellStability, cell_stability
from synthcohort.scene.model import Experiment

Array = np.ndarray


@dataclass(frozen=True)
class CellResult:
    """Of one cell: labels (individuals x resolutions), tables, and the warnings of its fits."""

    cell: Cell
    labels: pd.DataFrame
    scores: pd.DataFrame
    recovery: pd.DataFrame
    reliability: pd.DataFrame
    stability: CellStability
    warned: list[Warned]


@dataclass(frozen=True)
class Pairs:
    """Sampled pairs of individuals, and the oracle's probability that they belong together."""

    first: Array
    second: Array
    together: Array


@dataclass(frozen=True)
class Input:
    """What the cells of one analysis cluster.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Preprocessed biomarkers; where `refit`, what that takes.
    refit : transformer, optional
        The preprocessing, to be fitted in every bootstrap sample.
    weight : ndarray, shape (N,), optional
        Survey weights.
    """

    values: Array
    refit: Any | None
    weight: Array | None


def run_cell(
    cell: Cell,
    given: Input,
    truths: Mapping[str, Array],
    pairs: Pairs | None,
    chosen: Experiment,
    seed: int,
    exact: bool,
) -> CellResult:
    """Cluster one preprocessed matrix with one k and score every partition.

    Parameters
    ----------
    cell : Cell
    given : Input
    truths : mapping of str to array-like, shape (N,)
        Codes of the groupings to score against.
    pairs : Pairs, optional
        To compare the co-association with; None where the run has no truth.
    chosen : Experiment
        Its resolutions, number of replicates and who is assigned in them.
    seed : int
    exact : bool
        Ten restarts of k-means instead of pooled starts.

    Returns
    -------
    CellResult

    Raises
    ------
    ValueError
        If the base clusterer can't be fitted, with the name of the cell.
    """
    model = cell_model(cell, given, chosen, seed, exact)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the run's notes tell how often, once
            model.fit_replicates(given.values, given.weight)
    except ValueError as error:
        raise ValueError(f"{cell.name}: {error}") from error
    labels: dict[str, Array] = {}
    scores: list[dict[str, object]] = []
    recoveries: list[pd.DataFrame] = []
    partitions = model.partitions(chosen.resolutions)
    for resolution, found in partitions.items():
        column = cell.partition(resolution)
        labels[column] = found.labels
        setting: dict[str, object] = {
            "analysis": cell.analysis,
            "base": cell.base,
            "k": cell.k,
            "resolution": resolution,
        }
        if not truths:
            scores.append(setting | _unscored(found) | {"partition": column})
        for name, truth in truths.items():
            row = setting | {
                "truth": name,
                "n_truth": len(pd.unique(truth)),
                "modularity": found.modularity,
            }
            within, rival = adjusted(found.labels, name, truths, given.weight)
            row |= dict(score(found.labels, truth, weight=given.weight)) | {"partition": column}
            scores.append(row | {"ari_within": within, "within": rival})
            table = recovery(found.labels, truth, given.weight)
            recoveries.append(table.assign(partition=column, truth=name))
    return CellResult(
        cell,
        pd.DataFrame(labels),
        pd.DataFrame(scores),
        pd.concat(recoveries, ignore_index=True) if recoveries else pd.DataFrame(),
        _reliability(cell, model.assignments_, pairs),
        cell_stability(
            cell,
            Replicates(model.assignments_, given.weight, chosen.assign != "all"),
            partitions,
            seed,
        ),
        model.warned_,
    )


def _unscored(found: Partition) -> dict[str, object]:
    """Row of a partition where no grouping is known to compare with."""
    row: dict[str, object] = {"truth": "", "n_truth": 0, "modularity": found.modularity}
    row |= dict.fromkeys(METRICS, float("nan")) | {"n_clusters": found.n_clusters}
    return row | {"ari_within": float("nan"), "within": None}


def cell_model(
    cell: Cell, given: Input, chosen: Experiment, seed: int, exact: bool
) -> BootstrapClustering:
    """Make the estimator of a cell, not fitted; parameters as in `run_cell`."""
    base = make_base(cell.base, cell.k, exact)
    return BootstrapClustering(
        base if given.refit is None else make_pipeline(given.refit, base),
        n_bootstraps=chosen.bootstraps,
        assign=chosen.assign,
        n_jobs=1,
        random_state=seed,
    )


def _reliability(cell: Cell, assignments: Array, pairs: Pairs | None) -> pd.DataFrame:
    if pairs is None or len(pairs.first) == 0:
        return pd.DataFrame()
    predicted = co_association(assignments, pairs.first, pairs.second)
    table = reliability(predicted, pairs.together)
    table.insert(0, "analysis", cell.analysis)
    table.insert(1, "base", cell.base)
    table.insert(2, "k", cell.k)
    return table.assign(brier=brier(predicted, pairs.together))
