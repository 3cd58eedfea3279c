"""The choice among the partitions of a run and of its rivals."""

from __future__ import annotations

import pandas as pd

from synthcohort.clustering.threads import one_thread
from synthcohort.evaluation.blind_choice import Choice, choose, no_clusters
from synthcohort.evaluation.null_test.verdicts import GROUPS, Verdict
from synthcohort.grid.rivals_of_grid import RivalResults


def choice_of(
    X: pd.DataFrame,
    labels: pd.DataFrame,
    scores: pd.DataFrame,
    rivals: RivalResults,
    verdict: Verdict,
    seed: int,
) -> Choice:
    """Choose where the verdict is that there are groups to choose.

    Parameters
    ----------
    X : DataFrame, shape (n, p)
        Biomarkers without missing values.
    labels : DataFrame of int, shape (n, n_partitions)
        Of the consensus.
    scores : DataFrame
        Tells which analysis a partition is of.
    rivals : RivalResults
    verdict : Verdict
    seed : int

    Returns
    -------
    Choice
    """
    if verdict.word != GROUPS:
        return no_clusters(verdict.p_value)
    sources = dict(zip(scores["partition"], scores["analysis"], strict=True)) | {
        name: name for name in rivals.titles
    }
    every = pd.concat([labels, rivals.labels], axis=1)
    with one_thread():  # sums in another order differ in the last digits
        return choose(X.to_numpy(dtype=float), every, sources, seed, verdict.p_value)
