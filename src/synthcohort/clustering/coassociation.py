"""The co-association graph without its matrix: tables, modularity and sweeps of single moves.

With labels L (N individuals x B replicates), the co-association of i and j is the
share of replicates with L[i, b] == L[j, b]. All that modularity needs of it is a table
T[b, l, c]: how many members of community c have label l in replicate b.
"""

from __future__ import annotations

import numba
import numpy as np

Array = np.ndarray


@numba.njit(cache=True, nogil=True)
def count_table(labels: Array, k: int, membership: Array, n_communities: int) -> Array:
    """Count members of each community by replicate and label.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
    k : int
        Labels are below k.
    membership : ndarray of int32, shape (N,)
    n_communities : int

    Returns
    -------
    ndarray of int32, shape (B, k, n_communities)
    """
    n, b = labels.shape
    table = np.zeros((b, k, n_communities), dtype=np.int32)
    for i in range(n):
        c = membership[i]
        for r in range(b):
            table[r, labels[i, r], c] += 1
    return table


@numba.njit(cache=True, nogil=True)
def degrees(labels: Array, k: int) -> Array:
    """Strength of each individual in the co-association graph (no self-loops), times B.

    Returns
    -------
    ndarray of int64, shape (N,)
    """
    n, b = labels.shape
    sizes = np.zeros((b, k), dtype=np.int64)
    for i in range(n):
        for r in range(b):
            sizes[r, labels[i, r]] += 1
    strength = np.zeros(n, dtype=np.int64)
    for i in range(n):
        for r in range(b):
            strength[i] += sizes[r, labels[i, r]] - 1
    return strength


@numba.njit(cache=True, nogil=True)
def modularity(labels: Array, k: int, membership: Array, strength: Array, gamma: float) -> float:
    """Modularity of a partition of the co-association graph at resolution gamma.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
    k : int
    membership : ndarray of int32, shape (N,)
    strength : ndarray of int64, shape (N,)
        From `degrees`.
    gamma : float
        Resolution (Reichardt & Bornholdt 2006, Phys Rev E 74:016110).

    Returns
    -------
    float
        0 for a graph without edges.
    """
    n, b = labels.shape
    c_count = membership.max() + 1
    table = count_table(labels, k, membership, c_count)
    total = np.zeros(c_count)
    members = np.zeros(c_count)
    for i in range(n):
        total[membership[i]] += strength[i]
        members[membership[i]] += 1
    two_m = total.sum()
    if two_m == 0:
        return 0.0
    inside = 0.0
    for c in range(c_count):
        pairs = 0.0
        for r in range(b):
            for label in range(k):
                pairs += float(table[r, label, c]) ** 2
        inside += (pairs - b * members[c]) / two_m - gamma * (total[c] / two_m) ** 2
    return inside


@numba.njit(cache=True, nogil=True)
def sweep(
    labels: Array,
    k: int,
    membership: Array,
    strength: Array,
    gamma: float,
    order: Array,
    max_sweeps: int,
) -> int:
    """Move single individuals to their best community, in place, until none moves.

    Each individual is taken out of its community c and put where
    K(i, c) - gamma d_i D_c / 2m is largest; an empty community is always on offer.

    Parameters
    ----------
    labels, k, strength, gamma
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
    table = count_table(labels, k, membership, width)
    total = np.zeros(width)
    members = np.zeros(width, dtype=np.int64)
    for i in range(n):
        total[membership[i]] += strength[i]
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
                row = table[r, labels[i, r]]
                for c in range(width):
                    gain[c] += row[c]
            gain[own] -= b
            total[own] -= strength[i]
            share = gamma * strength[i] / two_m
            best = own
            best_gain = gain[own] - share * total[own]
            for c in range(width):
                value = gain[c] - share * total[c]
                if value > best_gain + 1e-9 * b:
                    best, best_gain = c, value
            total[best] += strength[i]
            if best == own:
                continue
            moves += 1
            if members[best] == 0 and members[own] == 1:
                moves -= 1  # a lone individual only changes its name
            for r in range(b):
                table[r, labels[i, r], own] -= 1
                table[r, labels[i, r], best] += 1
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
def _widen(table: Array, total: Array, members: Array) -> tuple[Array, Array, Array]:
    """Add an empty community to the tables of `sweep`."""
    b, k, width = table.shape
    wider = np.zeros((b, k, width + 1), dtype=table.dtype)
    wider[:, :, :width] = table
    return wider, np.append(total, 0.0), np.append(members, 0)
