"""Individuals who are alone in every best partition, since nobody can join them without a loss."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.compilation import compiled

Array = np.ndarray

_MOST_KINDS = 1000
_FEWEST = 500
"""So few are as quickly found out one by one."""


def loners(labels: Array, k: int, degree: Array, present: Array, share: float) -> Array | None:
    """Tell who loses with every other individual, whatever the partition.

    Two individuals in one community add their shared replicates - share * degree * degree to
    the modularity. Where that is positive with nobody, alone is best. Looked for where many
    have the same labels and would lose with each other.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
        Base clusters, k where absent.
    k : int
    degree : ndarray of float64, shape (N,)
    present : ndarray of int, shape (N,)
        Replicates that have the individual.
    share : float
        Resolution over the graph's total strength.

    Returns
    -------
    ndarray of bool, shape (N,), or None
        None where they are few or of many kinds.
    """
    if np.count_nonzero(present <= share * degree**2) <= _FEWEST:
        return None
    if len(np.unique(labels[: 2 * _MOST_KINDS], axis=0)) > _MOST_KINDS:
        return None
    rows, kind = np.unique(labels, axis=0, return_inverse=True)
    if len(rows) > _MOST_KINDS:
        return None
    kind = kind.reshape(-1)
    least = np.full(len(rows), np.inf)
    np.minimum.at(least, kind, degree)
    gains = shared_replicates(rows, k) - share * np.outer(least, least)
    found = (gains.max(axis=1) <= 0)[kind]
    return found if np.count_nonzero(found) > _FEWEST else None


@compiled
def shared_replicates(rows: Array, k: int) -> Array:
    """Count the replicates in which two rows have the same base cluster, shape (U, U)."""
    n, b = rows.shape
    found = np.zeros((n, n), dtype=np.int32)
    for i in range(n):
        for j in range(i, n):
            together = 0
            for r in range(b):
                together += rows[i, r] == rows[j, r] and rows[i, r] < k
            found[i, j] = together
            found[j, i] = together
    return found
