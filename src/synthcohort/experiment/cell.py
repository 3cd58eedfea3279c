"""One cell of the grid: replicates, partitions at every resolution, scores against every truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering.bootstrap import make_base
from synthcohort.evaluation import recovery, score
from synthcohort.experiment.plan import Cell

Array = np.ndarray


@dataclass(frozen=True)
class CellResult:
    """Labels (individuals x resolutions), scores and recovery of one cell."""

    labels: pd.DataFrame
    scores: pd.DataFrame
    recovery: pd.DataFrame


def run_cell(
    cell: Cell,
    values: Array,
    truths: Mapping[str, Array],
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
        Groupings to score against.
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
            scores.append(row | dict(score(found.labels, truth)) | {"partition": column})
            table = recovery(found.labels, truth)
            recoveries.append(table.assign(partition=column, truth=name))
    return CellResult(
        pd.DataFrame(labels),
        pd.DataFrame(scores),
        pd.concat(recoveries, ignore_index=True) if recoveries else pd.DataFrame(),
    )
