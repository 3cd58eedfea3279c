"""How tight clusters are: the share of variance that is left within them."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def within_share(values: Array, assignments: Array) -> float:
    """Return the share of the variance that is within clusters, a mean over clusterings.

    For two clusters this is the cluster index of Liu et al. (2008, JASA 103:1281), for any
    number the W of the gap statistic (Tibshirani et al. 2001, JRSS B 63:411) by the total.

    Parameters
    ----------
    values : ndarray, shape (N, p)
    assignments : ndarray of int, shape (N, B)
        Clusters from 0; those of -1 are left out of that clustering.

    Returns
    -------
    float
        0 all in the centres, 1 all in one cluster; NaN where nobody has a cluster.

    Examples
    --------
    >>> X = np.array([[0.0], [2.0], [8.0], [10.0]])
    >>> round(within_share(X, np.array([[0], [0], [1], [1]])), 3)
    0.059
    """
    shares = [_share(values[labels >= 0], labels[labels >= 0]) for labels in assignments.T]
    return float(np.mean(shares))


def _share(values: Array, labels: Array) -> float:
    if len(values) == 0:
        return float("nan")
    centred = values - values.mean(axis=0)
    total = float((centred**2).sum())
    sizes = np.maximum(np.bincount(labels), 1)
    sums = np.column_stack([np.bincount(labels, weights=column) for column in centred.T])
    between = float(((sums**2).sum(axis=1) / sizes).sum())
    return 1.0 - between / total if total > 0 else 0.0
