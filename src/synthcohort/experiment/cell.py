"""One cell of the grid: replicates, partitions at every resolution, scores against every truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering.bases import make_base
from synthcohort.clustering.pairs import co_association
from synthcohort.evaluation import recovery, score
from synthcohort.evaluation.reliability import brier, reliability
from synthcohort.evaluation.rivals import adjusted
from synthcohort.experiment.plan import Cell

Array = np.ndarray


@dataclass(frozen=True)
class CellResult:
    """Labels (individuals x resolutions), scores, recovery and reliability of one cell."""

    labels: pd.DataFrame
    scores: pd.DataFrame
    recovery: pd.DataFrame
    reliability: pd.DataFrame


@dataclass(frozen=True)
class Pairs:
    """Sampled pairs of individuals, and the oracle's probability that they belong together."""

    first: Array
    second: Array
    together: Array


def run_cell(
    cell: Cell,
    values: Array,
    truths: Mapping[str, Array],
    pairs: Pairs | None,
    resolutions: Sequence[float],
    bootstraps: int,
    seed: int,
    exact: bool,
) -> CellResult:
    """Cluster one preprocessed matrix with one k and score every partition.

    Parameters
    ----------
    cell : Cell
    values : ndarray, shape (N, p)
        Preprocessed biomarkers without missing values.
    truths : mapping of str to array-like, shape (N,)
        Codes of the groupings to score against.
    pairs : Pairs, optional
        To compare the co-association with; None where the run has no truth.
    resolutions : sequence of float
    bootstraps, seed : int
    exact : bool
        Ten restarts of k-means instead of pooled starts.

    Returns
    -------
    CellResult
    """
    model = BootstrapClustering(
        make_base(cell.base, cell.k, exact),
        n_bootstraps=bootstraps,
        n_jobs=1,
        random_state=seed,
    ).fit(values)
    labels: dict[str, Array] = {}
    scores: list[dict[str, object]] = []
    recoveries: list[pd.DataFrame] = []
    for resolution, found in model.partitions(resolutions).items():
        column = cell.partition(resolution)
        labels[column] = found.labels
        for name, truth in truths.items():
            row: dict[str, object] = {
                "analysis": cell.analysis,
                "base": cell.base,
                "k": cell.k,
                "resolution": resolution,
                "truth": name,
                "n_truth": len(pd.unique(truth)),
                "modularity": found.modularity,
            }
            within, rival = adjusted(found.labels, name, truths)
            row |= dict(score(found.labels, truth)) | {"partition": column}
            scores.append(row | {"ari_within": within, "within": rival})
            table = recovery(found.labels, truth)
            recoveries.append(table.assign(partition=column, truth=name))
    return CellResult(
        pd.DataFrame(labels),
        pd.DataFrame(scores),
        pd.concat(recoveries, ignore_index=True) if recoveries else pd.DataFrame(),
        _reliability(cell, model.assignments_, pairs),
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
