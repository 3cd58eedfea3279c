"""Rivals of a run's grid: their partitions, scored like those of the consensus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.clustering.rivals import RIVALS, run_rivals
from synthcohort.grid.partition_scores import Scorer


@dataclass(frozen=True)
class RivalResults:
    """What the rivals found.

    Parameters
    ----------
    labels : DataFrame of int, shape (n, n_rivals)
    titles : dict of str to str
        By partition, what a reader calls the rival.
    table : DataFrame
        A row for each rival, form of the table and truth: partition, rival, form,
        criterion, truth, n_truth, n_clusters, the scores.
    """

    labels: pd.DataFrame
    titles: dict[str, str]
    table: pd.DataFrame


def rivals_of(
    X: pd.DataFrame, binary: np.ndarray | None, scorer: Scorer, seed: int, workers: int
) -> RivalResults:
    """Run the rivals on the individuals that are clustered, and score what they find.

    Parameters
    ----------
    X : DataFrame, shape (n, p)
        Without missing values.
    binary : ndarray of 0 and 1, shape (n, q), optional
        The binary preprocessing, where the grid has it.
    scorer : Scorer
    seed : int
    workers : int
        Processes.

    Notes
    -----
    Rivals take no survey weights.
    """
    labels, titles, rows = {}, {}, []
    for one in run_rivals(X.to_numpy(dtype=float), seed, binary, workers=workers):
        labels[one.name], titles[one.name] = one.found.labels, one.title
        setting = {"partition": one.name, "rival": one.rival, "form": one.form}
        setting["criterion"] = RIVALS[one.rival].criterion
        for row in scorer.score(one.found.labels):
            scores = {k: v for k, v in row.items() if k not in ("modularity", "partition")}
            rows.append(setting | scores)
    return RivalResults(pd.DataFrame(labels, index=X.index), titles, pd.DataFrame(rows))
