"""The choice: which partition to believe, without looking at the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.evaluation.agreement import pairwise_ari

Array = np.ndarray

LEVEL = 0.05
_ENOUGH = 3.0
_MOST_CLUSTERS = 60
_INDIVIDUALS = 2000


@dataclass(frozen=True)
class Choice:
    """What the rule picks.

    Parameters
    ----------
    partition : str or None
        Column of the labels; None is "no clusters".
    p_value : float
        Of the test that anything is more stable than on data without clusters.
    evidence : float
        Stability of the partition's analysis and k, in SDs beyond the null twins.
    agreement : float
        Mean ARI of the partition with those of the same analysis, weighted by evidence;
        NaN without a partition.
    """

    partition: str | None
    p_value: float
    evidence: float
    agreement: float


def choose(labels: pd.DataFrame, settings: pd.DataFrame, p_value: float) -> Choice:
    """Pick a partition by its evidence against the null and its agreement with others.

    1. Where the test of stability against the null twins is not significant at 5 %, the
       answer is "no clusters".
    2. Every setting (analysis and k) gets a weight: its stability in SDs beyond the twins,
       from 0 to 3.
    3. The analysis is the one whose partitions agree most with each other, by their
       weighted mean ARI, times its largest weight.
    4. The partition is its medoid: of those with at least half of the largest weight, the
       one that agrees most with the others.

    Parameters
    ----------
    labels : DataFrame of int, shape (N, n_partitions)
        Without missing values.
    settings : DataFrame, index of partitions
        analysis, and z: PAC of the setting in SDs from the null, negative is more stable.
    p_value : float
        From `null_test`.

    Returns
    -------
    Choice
    """
    rows = np.linspace(0, len(labels) - 1, min(len(labels), _INDIVIDUALS)).astype(int)
    counts = labels.nunique()
    weight = dict(zip(settings.index, (-settings["z"]).clip(0, _ENOUGH), strict=True))
    by_analysis: dict[str, list[str]] = {}
    for name, analysis in zip(settings.index, settings["analysis"], strict=True):
        if 1 < counts[name] <= _MOST_CLUSTERS:
            by_analysis.setdefault(analysis, []).append(str(name))
    found = []
    for names in by_analysis.values():
        own = np.array([weight[name] for name in names])
        if own.max() > 0:
            codes = labels.iloc[rows][names].to_numpy(dtype=np.int64)
            found.append(_medoid(names, own, pairwise_ari(_dense(codes))))
    strongest = -float(settings["z"].min())
    if p_value > LEVEL or not found:
        return Choice(None, p_value, strongest, float("nan"))
    _, partition, agreement = max(found)
    return Choice(partition, p_value, -float(settings["z"].to_dict()[partition]), agreement)


def _medoid(names: list[str], weight: Array, ari: Array) -> tuple[float, str, float]:
    """Score of an analysis, its medoid and the medoid's agreement."""
    share = weight / weight.sum()
    mean = ari @ share
    eligible = weight >= weight.max() / 2
    best = int(np.argmax(np.where(eligible, mean, -np.inf)))
    return float(share @ mean * weight.max() / _ENOUGH), names[best], float(mean[best])


def _dense(codes: Array) -> Array:
    """Clusters numbered from 0 without gaps, column by column."""
    return np.column_stack([np.unique(c, return_inverse=True)[1].reshape(-1) for c in codes.T])
