"""The adjusted Rand index, from whole numbers of pairs."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def ari_of_pairs(together: int, in_truth: int, in_labels: int, everybody: int) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985) of whole numbers: nothing is rounded.

    Parameters
    ----------
    together, in_truth, in_labels, everybody : int
        Pairs that are together in both, in the one, in the other; and all pairs.

    Returns
    -------
    float
        1 perfect, 0 expected by chance.

    Examples
    --------
    >>> ari_of_pairs(2, 2, 2, 6)
    1.0
    """
    only_truth, only_labels = in_truth - together, in_labels - together
    if only_truth == only_labels == 0:
        return 1.0
    neither = everybody - in_truth - only_labels
    gained = 2.0 * (together * neither - only_truth * only_labels)
    return gained / (in_truth * (only_truth + neither) + in_labels * (only_labels + neither))


def adjusted_rand(one: Array, other: Array) -> float:
    """Return the adjusted Rand index of two partitions.

    Parameters
    ----------
    one, other : ndarray of int, shape (N,)
        Clusters from 0.

    Examples
    --------
    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    >>> adjusted_rand(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]))
    -0.5
    """
    width = int(other.max()) + 1
    cells = one.astype(np.int64) * width + other
    if cells.max() > 4 * len(cells):
        table = np.unique(cells, return_counts=True)[1]
    else:
        table = np.bincount(cells)
    together, in_one, in_other = (
        int((counts**2).sum()) - len(cells)
        for counts in (table, np.bincount(one), np.bincount(other))
    )
    return ari_of_pairs(together, in_one, in_other, len(cells) * (len(cells) - 1))
