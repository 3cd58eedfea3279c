"""The choice: which partition to believe, without looking at the truth."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.evaluation.metrics.pairwise_agreement import pairwise_ari

Array = np.ndarray

LEVEL = 0.05
_MOST_CLUSTERS = 60
_INDIVIDUALS = 1000


@dataclass(frozen=True)
class Choice:
    """What the rule picks.

    Parameters
    ----------
    partition : str or None
        Column of the labels; None is "no clusters".
    p_value : float
        Of the test that anything is more stable or compact than without clusters.
    evidence : float
        How far the partition's setting is beyond the twins, in SDs; the largest without one.
    agreement : float
        Weighted mean ARI of the partition with all others; NaN without a partition.
    certainty : float
        Mean ARI of the partition with what other twins would have made the rule pick; NaN
        without a partition.
    alternatives : DataFrame
        The best of every analysis: analysis, partition, n_clusters, evidence, agreement,
        share of all weight, and its ARI with the choice. The highest agreement first.
    """

    partition: str | None
    p_value: float
    evidence: float
    agreement: float
    certainty: float
    alternatives: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return all but the alternatives."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "alternatives"}


def no_clusters(p_value: float = float("nan")) -> Choice:
    """Return the choice of nothing."""
    nan = float("nan")
    return Choice(None, p_value, nan, nan, nan, pd.DataFrame())


def choose(
    labels: pd.DataFrame, settings: pd.DataFrame, p_value: float, redrawn: Array | None = None
) -> Choice:
    """Pick the partition that the evidence of the whole grid agrees with most.

    1. Where the test against the null twins is not significant at 5 %, or nothing is
       beyond them, the answer is "no clusters".
    2. Every partition weighs its evidence (SDs beyond the twins, from 0) times the square
       of its contrast (co-association within clusters minus between them) times the share
       of pairs that it tells apart: so that a coarse partition does not win over one
       that tells more people apart as clearly.
    3. The choice has the highest weighted mean ARI with all partitions of the grid.

    Parameters
    ----------
    labels : DataFrame of int, shape (N, n_partitions)
        Without missing values.
    settings : DataFrame, index of partitions
        analysis; evidence of the partition's analysis and k, positive is beyond the twins;
        contrast, NaN for a single cluster.
    p_value : float
        From `null_test`.
    redrawn : ndarray, shape (n_draws, n_partitions), optional
        The evidence by other twins, such as bootstrap samples of them.

    Returns
    -------
    Choice
    """
    counts = labels.nunique()
    kept = counts.between(2, _MOST_CLUSTERS).to_numpy()
    evidence = settings["evidence"].to_numpy(dtype=float)
    contrast = settings["contrast"].fillna(0.0).clip(lower=0.0).to_numpy()[kept]
    quality = contrast**2 * np.array([told_apart(labels[name]) for name in labels.columns[kept]])
    weight = np.maximum(evidence[kept], 0.0) * quality
    if not p_value <= LEVEL or not weight.sum() > 0:
        nan = float("nan")
        return Choice(None, p_value, float(evidence.max()), nan, nan, pd.DataFrame())
    candidates = settings[kept].assign(n_clusters=counts[kept])
    ari = _agreement(labels.loc[:, kept])
    mean = ari @ (weight / weight.sum())
    best = int(mean.argmax())
    others = redrawn[:, kept] if redrawn is not None else evidence[None, kept]
    return Choice(
        str(candidates.index[best]),
        p_value,
        float(candidates["evidence"].iloc[best]),
        float(mean[best]),
        _certainty(ari, best, np.maximum(others, 0.0) * quality),
        _alternatives(candidates, weight, mean, ari[best]),
    )


def told_apart(labels: pd.Series) -> float:
    """Share of pairs of individuals, drawn with replacement, in different clusters.

    Gini's and Simpson's index of diversity (Simpson 1949, Nature 163:688).

    Examples
    --------
    >>> told_apart(pd.Series([0, 0, 1, 1]))
    0.5
    >>> told_apart(pd.Series([0, 0, 0]))
    0.0
    """
    return float(1 - (labels.value_counts(normalize=True) ** 2).sum())


def _agreement(labels: pd.DataFrame) -> Array:
    """ARI of every two partitions, on individuals spread over the table."""
    rows = np.linspace(0, len(labels) - 1, min(len(labels), _INDIVIDUALS)).astype(int)
    columns = [np.unique(labels[name].to_numpy()[rows], return_inverse=True)[1] for name in labels]
    return pairwise_ari(np.column_stack(columns))


def _certainty(ari: Array, best: int, weights: Array) -> float:
    """Mean ARI of the choice with the choices by other weights, shape (n_draws, P)."""
    picks = (weights @ ari).argmax(axis=1)
    return float(ari[best, picks].mean())


def _alternatives(
    candidates: pd.DataFrame, weight: Array, mean: Array, with_choice: Array
) -> pd.DataFrame:
    table = candidates.assign(
        partition=candidates.index,
        agreement=mean,
        share=weight / weight.sum(),
        ari_with_choice=with_choice,
    )
    share = table.groupby("analysis")["share"].sum()
    top = table.sort_values("agreement", ascending=False, kind="stable").groupby(
        "analysis", sort=False
    )
    best = top.head(1).assign(share=lambda t: t["analysis"].map(share))
    columns = ["analysis", "partition", "n_clusters", "evidence", "agreement", "share"]
    return best[[*columns, "ari_with_choice"]].reset_index(drop=True)
