"""Louvain's moves on a small graph in which nearly all pairs are joined.

The graph is a matrix, so that the links of every node to every community are kept up to
date at the cost of one row a move. On such graphs this is many times faster than a method
made for sparse graphs, and many starts can be tried.
"""

from __future__ import annotations

import numba
import numpy as np

from synthcohort.clustering.compilation import compiled
from synthcohort.clustering.consensus.numbering import without_gaps

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
    membership = without_gaps(initial)
    while True:
        order = rng.permutation(len(membership))
        before, after = move_nodes(weights, strength, share, membership, order)
        membership = without_gaps(membership)
        joined, gain = _merged(weights, strength, share, membership, rng)
        if after + gain <= before + 1e-12 * abs(before):
            return after, membership
        membership = joined


def _merged(
    weights: Array, strength: Array, share: float, membership: Array, rng: np.random.Generator
) -> tuple[Array, float]:
    """Join communities while that gains; also return how much it gained."""
    gained = 0.0
    while True:
        between, total = communities_graph(weights, strength, membership)
        n = len(total)
        joined = np.arange(n, dtype=np.int32)
        gained += move_nodes(between, total, share, joined, rng.permutation(n))[1]
        joined = without_gaps(joined)
        if joined.max() + 1 == n:
            return membership, gained
        membership = joined[membership]


@compiled
def communities_graph(weights: Array, strength: Array, membership: Array) -> tuple[Array, Array]:
    """Return the graph whose nodes are communities, without links to themselves.

    Parameters
    ----------
    weights, strength : as in `louvain`
    membership : ndarray of int32, shape (P,)
        From 0 without gaps.

    Returns
    -------
    weights : ndarray of float64, shape (n, n)
    strength : ndarray of float64, shape (n,)
    """
    n = 0
    for p in range(len(membership)):
        n = max(n, membership[p] + 1)
    links = np.zeros((n, len(membership)))
    total = np.zeros(n)
    for p in range(len(membership)):
        total[membership[p]] += strength[p]
        _add(links, membership[p], 1.0, weights, p)
    between = np.zeros((n, n))
    for c in range(n):
        for p in range(len(membership)):
            between[c, membership[p]] += links[c, p]
        between[c, c] = 0.0
    return between, total


@compiled
def move_nodes(
    weights: Array, strength: Array, share: float, membership: Array, order: Array
) -> tuple[float, float]:
    """Move single nodes to their best community, in place, until none moves.

    Parameters
    ----------
    weights, strength, share
        As in `louvain`.
    membership : ndarray of int32, shape (P,)
        From 0 without gaps; changed in place. A node may also found a community.
    order : ndarray of int64, shape (P,)

    Returns
    -------
    before, after : float
        The sum that `louvain` maximises.
    """
    n = len(weights)
    links = np.empty((n, n))  # of communities to nodes; only of those with members
    total = np.zeros(n)
    members = np.zeros(n, dtype=np.int64)
    for p in range(n):
        c = membership[p]
        if members[c] == 0:
            _clear(links, c)
        total[c] += strength[p]
        members[c] += 1
        _add(links, c, 1.0, weights, p)
    # The communities with members first, then the empty ones.
    communities, position = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    n_used = 0
    least = 0.0
    for c in range(n):
        communities[c] = position[c] = c
        n_used += members[c] > 0
        least += 1e-12 * strength[c]
    before = _value(links, total, strength, share, membership)
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
                _clear(links, best)
                total[best] = 0.0
                n_used += 1
            if best == own:
                continue
            moved = True
            membership[p] = best
            total[own] -= strength[p]
            total[best] += strength[p]
            members[own] -= 1
            members[best] += 1
            _add(links, own, -1.0, weights, p)
            _add(links, best, 1.0, weights, p)
            if members[own] == 0:
                n_used -= 1
                _swap(communities, position, position[own], n_used)
        if not moved:
            break
    return before, _value(links, total, strength, share, membership)


@compiled
def _add(links: Array, c: int, sign: float, weights: Array, p: int) -> None:
    """Add the links of a node to those of a community, or take them away."""
    for q in range(links.shape[1]):
        links[c, q] += sign * weights[p, q]


@compiled
def _clear(links: Array, c: int) -> None:
    for q in range(links.shape[1]):
        links[c, q] = 0.0


@numba.njit(inline="always")
def _swap(communities: Array, position: Array, one: int, other: int) -> None:
    a, b = communities[one], communities[other]
    communities[one], communities[other] = b, a
    position[a], position[b] = other, one


@numba.njit(inline="always")
def _value(links: Array, total: Array, strength: Array, share: float, membership: Array) -> float:
    found = 0.0
    for p in range(len(membership)):
        own = membership[p]
        found += links[own, p] - share * strength[p] * (total[own] - strength[p])
    return found
