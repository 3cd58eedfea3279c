"""Sizes, means, SDs and percentiles of people with survey weights, or without."""

from __future__ import annotations

import numpy as np
import pandas as pd

Weight = pd.Series | None
"""Of the same individuals as the values; None where everybody counts the same."""


def weight_of(weight: Weight, index: pd.Index) -> Weight:
    """Return the weights of some individuals, scaled to mean 1.

    Their sum over a cluster is the cluster's size, as all other tables have it.
    """
    if weight is None:
        return None
    own = weight.loc[index]
    return own / own.mean()


def within(weight: Weight, index: pd.Index) -> Weight:
    """Return the weights of some of the individuals, as they are."""
    return None if weight is None else weight.loc[index]


def sentence(weight: Weight) -> str:
    """Say that numbers are weighted, where they are."""
    return "" if weight is None else " Sizes and means are weighted (the mean weight is 1)."


def size(values: pd.Series, weight: Weight) -> float:
    """Return the number of individuals, or the sum of their weights."""
    return len(values) if weight is None else float(weight.sum())


def mean(values: pd.Series, weight: Weight) -> float:
    """Return the mean of the values that are there; NaN without any.

    Examples
    --------
    >>> mean(pd.Series([1.0, 4.0, np.nan]), pd.Series([2.0, 1.0, 7.0]))
    2.0
    """
    if weight is None:
        return float(values.mean())
    known = values.notna()
    total = weight[known].sum()
    return float((values[known] * weight[known]).sum() / total) if total > 0 else float("nan")


def sd(values: pd.Series, weight: Weight) -> float:
    """Return the root of the mean squared deviation.

    Examples
    --------
    >>> sd(pd.Series([1.0, 4.0]), pd.Series([2.0, 1.0])) == 2**0.5
    True
    """
    if weight is None:
        return float(values.std(ddof=0))
    return float(np.sqrt(mean((values - mean(values, weight)) ** 2, weight)))


def quantile(values: pd.Series, weight: Weight, share: float) -> float:
    """Return a quantile of the values that are there.

    With weights it is interpolated between the middles of the individuals' steps.

    Examples
    --------
    >>> quantile(pd.Series([3.0, 1.0, 2.0]), pd.Series([1.0, 1.0, 2.0]), 0.5)
    2.0
    """
    if weight is None:
        return float(values.quantile(share))
    ordered = values[values.notna() & (weight > 0)].sort_values()
    if ordered.empty:
        return float("nan")
    own = weight.loc[ordered.index].to_numpy()
    middle = (np.cumsum(own) - own / 2) / own.sum()
    return float(np.interp(share, middle, ordered.to_numpy()))
