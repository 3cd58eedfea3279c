"""The co-association graph without its matrix: tables, modularity and sweeps of single moves.

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
def sweep(
    labels: Array,
    k: int,
    membership: Array,
    degree: Array,
    gamma: float,
    weight: Array,
    order: Array,
    max_sweeps: int,
) -> int:
    """Move single individuals to their best community, in place, until none moves.

    Each individual is taken out of its community c and put where
    K(i, c) - gamma d_i D_c / 2m is largest; an empty community is always on offer.

    Parameters
    ----------
    labels, k, degree, gamma, weight
        As in `modularity`.
    membership : ndarray of int32, shape (N,)
        Changed in place.
    order : ndarray of int64, shape (N,)
        The order in which individuals are visited.
    max_sweeps : int
        Sweeps at most.

    Returns
    -------
    int
        Moves of the last sweep; 0 when converged.
    """
    n, b = labels.shape
    # One column is kept empty, so that an individual can found a community.
    width = membership.max() + 2
    table = count_table(labels, k, membership, width, weight)
    total = np.zeros(width)
    members = np.zeros(width, dtype=np.int64)
    for i in range(n):
        total[membership[i]] += weight[i] * degree[i]
        members[membership[i]] += 1
    two_m = total.sum()
    gain = np.empty(width)
    moves = 0
    for _ in range(max_sweeps):
        moves = 0
        for i in order:
            own = membership[i]
            gain[:] = 0.0
            for r in range(b):
                if labels[i, r] < k:
                    row = table[r, labels[i, r]]
                    for c in range(width):
                        gain[c] += row[c]
                    gain[own] -= weight[i]
            total[own] -= weight[i] * degree[i]
            share = gamma * degree[i] / two_m
            best = own
            best_gain = gain[own] - share * total[own]
            for c in range(width):
                value = gain[c] - share * total[c]
                if value > best_gain + 1e-9 * b:
                    best, best_gain = c, value
            total[best] += weight[i] * degree[i]
            if best == own:
                continue
            moves += 1
            if members[best] == 0 and members[own] == 1:
                moves -= 1  # a lone individual only changes its name
            for r in range(b):
                if labels[i, r] < k:
                    table[r, labels[i, r], own] -= weight[i]
                    table[r, labels[i, r], best] += weight[i]
            members[own] -= 1
            members[best] += 1
            membership[i] = best
            if members.min() > 0:
                table, total, members = _widen(table, total, members)
                width += 1
                gain = np.empty(width)
        if moves == 0:
            break
    return moves


@numba.njit(cache=True, nogil=True)
def assign(
    labels: Array,
    k: int,
    table: Array,
    total: Array,
    gamma: float,
) -> Array:
    """Put individuals who are not in the graph where `sweep` would put them.

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


@numba.njit(cache=True, nogil=True)
def _widen(table: Array, total: Array, members: Array) -> tuple[Array, Array, Array]:
    """Add an empty community to the tables of `sweep`."""
    b, k, width = table.shape
    wider = np.zeros((b, k, width + 1), dtype=table.dtype)
    wider[:, :, :width] = table
    return wider, np.append(total, 0.0), np.append(members, 0)
