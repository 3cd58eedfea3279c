"""Agreement of many partitions with each other."""

from __future__ import annotations

import numpy as np
from scipy import sparse

Array = np.ndarray

_AT_A_TIME = 32


def pairwise_ari(labels: Array) -> Array:
    """Return the adjusted Rand index of every two partitions of the same individuals.

    Parameters
    ----------
    labels : ndarray of int, shape (N, P)
        One partition a column, clusters from 0.

    Returns
    -------
    ndarray, shape (P, P)
        1 on the diagonal.

    Examples
    --------
    >>> pairwise_ari(np.array([[0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1]])).round(2).tolist()
    [[1.0, 1.0, -0.5], [1.0, 1.0, -0.5], [-0.5, -0.5, 1.0]]
    """
    n, count = labels.shape
    widths = labels.max(axis=0) + 1
    starts = np.concatenate([[0], widths.cumsum()])
    columns = (labels + starts[:-1]).ravel()
    rows = np.repeat(np.arange(n), count)
    member = sparse.csr_matrix((np.ones(n * count), (rows, columns)), shape=(n, starts[-1]))
    # Sums of squared cells of each contingency table: add up the blocks, a few partitions
    # at a time, since all cells together can be more than memory holds.
    owner = np.repeat(np.arange(count), widths)
    blocks = sparse.csr_matrix((np.ones(starts[-1]), (np.arange(starts[-1]), owner)))
    pairs = np.empty((count, count))
    for first in range(0, count, _AT_A_TIME):
        last = min(first + _AT_A_TIME, count)
        part = slice(starts[first], starts[last])
        squares = (member[:, part].T @ member).power(2)
        pairs[first:last] = (blocks[part, first:last].T @ squares @ blocks).toarray()
    pairs = (pairs - n) / 2
    own = np.diag(pairs)
    chance = np.outer(own, own) / max(n * (n - 1) / 2, 1)
    room = (own[:, None] + own[None, :]) / 2 - chance
    return np.where(room > 1e-9, (pairs - chance) / np.where(room > 1e-9, room, 1.0), 1.0)
