"""The co-association graph without its matrix: tables and modularity.

With labels L (N individuals x B replicates), the co-association of i and j is the
share of replicates with L[i, b] == L[j, b]. All that modularity needs of it is a table
T[b, l, c]: the total weight of the members of community c with label l in replicate b.

Labels from 0 to k - 1 are base clusters; k marks an individual that the replicate left
out, who is together with nobody there. An individual of weight w counts as w people.
"""

from __future__ import annotations

import numba
import numpy as np

Array = np.ndarray


@numba.njit(cache=True, nogil=True)
def count_table(
    labels: Array, k: int, membership: Array, n_communities: int, weight: Array
) -> Array:
    """Add up the weights of each community by replicate and label.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
    k : int
        Labels are below k, or k where absent.
    membership : ndarray of int32, shape (N,)
    n_communities : int
    weight : ndarray, shape (N,)
        Its type is that of the table: int32 for whole individuals.

    Returns
    -------
    ndarray, shape (B, k, n_communities)
    """
    n, b = labels.shape
    table = np.zeros((b, k, n_communities), dtype=weight.dtype)
    for i in range(n):
        c = membership[i]
        for r in range(b):
            if labels[i, r] < k:
                table[r, labels[i, r], c] += weight[i]
    return table


@numba.njit(cache=True, nogil=True)
def degrees(labels: Array, k: int, weight: Array) -> Array:
    """Co-association of each individual with all others, by their weights, times B.

    Returns
    -------
    ndarray of float64, shape (N,)
    """
    n, b = labels.shape
    sizes = np.zeros((b, k))
    for i in range(n):
        for r in range(b):
            if labels[i, r] < k:
                sizes[r, labels[i, r]] += weight[i]
    degree = np.zeros(n)
    for i in range(n):
        for r in range(b):
            if labels[i, r] < k:
                degree[i] += sizes[r, labels[i, r]] - weight[i]
    return degree


@numba.njit(cache=True, nogil=True)
def modularity(
    labels: Array, k: int, membership: Array, degree: Array, gamma: float, weight: Array
) -> float:
    """Modularity of a partition of the co-association graph at resolution gamma.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
    k : int
    membership : ndarray of int32, shape (N,)
    degree : ndarray of float64, shape (N,)
        From `degrees`.
    gamma : float
        Resolution (Reichardt & Bornholdt 2006, Phys Rev E 74:016110).
    weight : ndarray, shape (N,)

    Returns
    -------
    float
        0 for a graph without edges.
    """
    n, b = labels.shape
    c_count = membership.max() + 1
    table = count_table(labels, k, membership, c_count, weight)
    total = np.zeros(c_count)
    alone = np.zeros(c_count)
    for i in range(n):
        total[membership[i]] += weight[i] * degree[i]
        for r in range(b):
            if labels[i, r] < k:
                alone[membership[i]] += float(weight[i]) ** 2
    two_m = total.sum()
    if two_m == 0:
        return 0.0
    inside = 0.0
    for c in range(c_count):
        pairs = 0.0
        for r in range(b):
            for label in range(k):
                pairs += float(table[r, label, c]) ** 2
        inside += (pairs - alone[c]) / two_m - gamma * (total[c] / two_m) ** 2
    return inside


@numba.njit(cache=True, nogil=True)
def assign(
    labels: Array,
    k: int,
    table: Array,
    total: Array,
    gamma: float,
) -> Array:
    """Put individuals who are not in the graph where they gain most.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (M, B)
        Base clusters of the new individuals.
    k : int
    table : ndarray, shape (B, k, C)
        From `count_table` on those of the graph.
    total : ndarray of float64, shape (C,)
        Weighted degree of each community.
    gamma : float

    Returns
    -------
    ndarray of int32, shape (M,)
    """
    n, b = labels.shape
    width = table.shape[2]
    two_m = total.sum()
    found = np.zeros(n, dtype=np.int32)
    gain = np.empty(width)
    for i in range(n):
        gain[:] = 0.0
        for r in range(b):
            if labels[i, r] < k:
                row = table[r, labels[i, r]]
                for c in range(width):
                    gain[c] += row[c]
        share = gamma * gain.sum() / two_m if two_m > 0 else 0.0
        found[i] = np.argmax(gain - share * total)
    return found
