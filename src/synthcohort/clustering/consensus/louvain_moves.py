"""Louvain's moves on a small graph in which nearly all pairs are joined.

The graph is a matrix, so that the links of every node to every community are kept up to
date at the cost of one row a move. On such graphs this is many times faster than a method
made for sparse graphs, and many starts can be tried.
"""

from __future__ import annotations

import numba
import numpy as np

from synthcohort.clustering.compilation import compiled

Array = np.ndarray

_MAX_SWEEPS = 100


def louvain(
    weights: Array,
    strength: Array,
    share: float,
    initial: Array,
    rng: np.random.Generator,
) -> tuple[float, Array]:
    """Move nodes, then whole communities, in turn until neither gains.

    Maximises the sum over pairs of nodes in one community of
    weights[p, q] - share * strength[p] * strength[q] (Blondel et al. 2008,
    J Stat Mech P10008, with a resolution).

    Parameters
    ----------
    weights : ndarray of float64, shape (P, P)
        Symmetric, with an empty diagonal.
    strength : ndarray of float64, shape (P,)
    share : float
        Resolution over the graph's total strength.
    initial : ndarray of int32, shape (P,)
        Communities to begin with.
    rng : Generator
        Gives the orders in which nodes are visited.

    Returns
    -------
    value : float
        The sum, over ordered pairs of different nodes.
    membership : ndarray of int32, shape (P,)
    """
    membership = _renumbered(initial)
    value = _value(weights, strength, share, membership)
    while True:
        move_nodes(weights, strength, share, membership, rng.permutation(len(membership)))
        membership = _renumbered(membership)
        joined = _merged(weights, strength, share, membership, rng)
        new = _value(weights, strength, share, joined)
        if new <= value + 1e-12 * abs(value):
            return value, membership
        value, membership = new, joined


def _merged(
    weights: Array, strength: Array, share: float, membership: Array, rng: np.random.Generator
) -> Array:
    """Join communities while that gains."""
    while True:
        n = int(membership.max()) + 1
        inside = np.zeros((len(membership), n))
        inside[np.arange(len(membership)), membership] = 1
        between = inside.T @ weights @ inside
        np.fill_diagonal(between, 0)
        joined = np.arange(n, dtype=np.int32)
        move_nodes(between, inside.T @ strength, share, joined, rng.permutation(n))
        joined = _renumbered(joined)
        if joined.max() + 1 == n:
            return membership
        membership = joined[membership]


@compiled
def move_nodes(
    weights: Array, strength: Array, share: float, membership: Array, order: Array
) -> None:
    """Move single nodes to their best community, in place, until none moves.

    Parameters
    ----------
    weights, strength, share
        As in `louvain`.
    membership : ndarray of int32, shape (P,)
        From 0; changed in place. A node may also found a community.
    order : ndarray of int64, shape (P,)
    """
    n = len(weights)
    links = np.zeros((n, n))  # of communities to nodes
    total = np.zeros(n)
    members = np.zeros(n, dtype=np.int64)
    for p in range(n):
        c = membership[p]
        total[c] += strength[p]
        members[c] += 1
        links[c] += weights[p]
    # The communities with members first, then the empty ones.
    communities = np.argsort(members == 0, kind="mergesort")
    position = np.argsort(communities)
    n_used = (members > 0).sum()
    least = 1e-12 * strength.sum()
    for _ in range(_MAX_SWEEPS):
        moved = False
        for p in order:
            own = membership[p]
            price = share * strength[p]
            best = own
            best_value = links[own, p] - price * (total[own] - strength[p]) + least
            for u in range(n_used):
                c = communities[u]
                value = links[c, p] - price * total[c]
                if value > best_value and c != own:
                    best, best_value = c, value
            if members[own] > 1 and n_used < n and best_value < 0.0:
                best = communities[n_used]
                n_used += 1
            if best == own:
                continue
            moved = True
            membership[p] = best
            total[own] -= strength[p]
            total[best] += strength[p]
            members[own] -= 1
            members[best] += 1
            links[own] -= weights[p]
            links[best] += weights[p]
            if members[own] == 0:
                total[own] = 0.0
                n_used -= 1
                _swap(communities, position, position[own], n_used)
        if not moved:
            break


@numba.njit(inline="always")
def _swap(communities: Array, position: Array, one: int, other: int) -> None:
    a, b = communities[one], communities[other]
    communities[one], communities[other] = b, a
    position[a], position[b] = other, one


@compiled
def _value(weights: Array, strength: Array, share: float, membership: Array) -> float:
    found = 0.0
    for p in range(len(weights)):
        for q in range(len(weights)):
            if p != q and membership[p] == membership[q]:
                found += weights[p, q] - share * strength[p] * strength[q]
    return found


def _renumbered(membership: Array) -> Array:
    return np.unique(membership, return_inverse=True)[1].astype(np.int32)
