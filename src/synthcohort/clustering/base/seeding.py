"""Greedy k-means++: starts of k-means that are far from each other."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.compilation import compiled

Array = np.ndarray


def trials(k: int) -> int:
    """How many candidates compete for each centre."""
    return 2 + int(np.log(k))


@compiled
def plus_plus(columns: Array, uniforms: Array) -> Array:
    """Draw rows as centres, each with a probability in proportion to its squared distance.

    That is the distance to the nearest centre so far; of several candidates the one that
    lowers the inertia most becomes the next centre (Arthur & Vassilvitskii 2007, SODA).
    Written out as the sums are then in one order, the same on every machine.

    Parameters
    ----------
    columns : ndarray of float32, shape (p, n)
        The rows, turned.
    uniforms : ndarray of float64, shape (k, trials)
        In [0, 1): the draws.

    Returns
    -------
    ndarray of float32, shape (k, p)
    """
    n = columns.shape[1]
    k, n_trials = uniforms.shape
    chosen = np.empty(k, dtype=np.int64)
    chosen[0] = int(uniforms[0, 0] * n)
    closest = _squares(columns, chosen[0])
    for c in range(1, k):
        heights = np.cumsum(closest.astype(np.float64))
        least = np.inf
        nearer = closest
        for t in range(n_trials):
            drawn = np.searchsorted(heights, uniforms[c, t] * heights[-1], side="right")
            candidate = min(drawn, n - 1)
            reached = np.minimum(closest, _squares(columns, candidate))
            inertia = reached.astype(np.float64).sum()
            if inertia < least:
                least, nearer, chosen[c] = inertia, reached, candidate
        closest = nearer
    return np.ascontiguousarray(columns[:, chosen].T)


@compiled
def _squares(columns: Array, row: int) -> Array:
    """Squared distances of all rows to one."""
    found = np.zeros(columns.shape[1], dtype=np.float32)
    for column in columns:
        center = column[row]
        for i in range(len(column)):
            gap = column[i] - center
            found[i] += gap * gap
    return found
