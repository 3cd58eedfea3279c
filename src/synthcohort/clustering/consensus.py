"""The consensus: partitions of maximal modularity of the co-association graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthcohort.clustering.coassociation import (
    assign,
    count_table,
    degrees,
    modularity,
    sweep,
)
from synthcohort.clustering.microgroups import GroupGraph, microgroups

Array = np.ndarray

N_MICROGROUPS = 160
_REFINEMENTS = 6
_MAX_SWEEPS = 200
_MAX_PIECES = 1500


@dataclass(frozen=True)
class Partition:
    """A partition of the individuals at one resolution.

    Parameters
    ----------
    resolution : float
    labels : ndarray of int32, shape (N,)
        Communities numbered by size, the largest 0.
    modularity : float
    """

    resolution: float
    labels: Array
    modularity: float

    @property
    def n_clusters(self) -> int:
        """Number of communities."""
        return int(self.labels.max()) + 1


def smallest_labels(assignments: Array) -> Array:
    """Return the labels in the smallest integer type that holds them, row by row in memory."""
    low, top = (int(f(assignments)) if assignments.size else 0 for f in (np.min, np.max))
    kind = np.min_scalar_type(top)
    if low < 0:
        kind = np.promote_types(kind, np.min_scalar_type(low))
    return np.ascontiguousarray(assignments, dtype=kind)


def assign_new(
    labels: Array,
    k: int,
    membership: Array,
    weight: Array | None,
    new: Array,
    resolution: float,
) -> Array:
    """Put new individuals into the communities of a partition.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
        Base clusters of those in the partition, k where absent.
    k : int
    membership : ndarray of int32, shape (N,)
    weight : ndarray, shape (N,), optional
    new : ndarray of int, shape (M, B)
        Base clusters of the new individuals, k where absent.
    resolution : float

    Returns
    -------
    ndarray of int32, shape (M,)
    """
    known = whole_or(weight, len(labels))
    table = count_table(labels, k, membership, int(membership.max()) + 1, known)
    total = np.bincount(membership, weights=known * degrees(labels, k, known))
    return np.asarray(assign(smallest_labels(new), k, table, total, resolution))


def partitions(
    assignments: Array,
    resolutions: Sequence[float],
    seed: int = 0,
    weight: Array | None = None,
) -> dict[float, Partition]:
    """Partition the co-association graph at each resolution, without building it.

    Starts are Leiden partitions of micro-groups and the partitions of neighbouring
    resolutions in both directions; each is swept until no single move gains and
    refined by Leiden on its communities cut by micro-groups. The best is kept.

    Parameters
    ----------
    assignments : ndarray of int, shape (N, B)
        The base cluster of each individual in each replicate, from 0; -1 where the
        replicate left the individual out.
    resolutions : sequence of float
        Positive.
    seed : int, default 0
    weight : ndarray, shape (N,), optional
        How many people each individual stands for; 1 by default.

    Returns
    -------
    dict of float to Partition
        In the order of `resolutions`.

    Examples
    --------
    >>> twice = np.array([[0, 1], [0, 1], [1, 0], [1, 0]])
    >>> partitions(twice, [1.0])[1.0].labels
    array([0, 0, 1, 1], dtype=int32)
    """
    search = _Search(*coded(np.asarray(assignments)), whole_or(weight, len(assignments)), seed)
    best: dict[float, tuple[float, Array]] = {}
    ascending = sorted(set(resolutions))
    for direction in (ascending, ascending[::-1]):
        neighbour: Array | None = None
        for gamma in direction:
            starts = [neighbour] if neighbour is not None else []
            if gamma not in best:
                starts += search.leiden_starts(gamma)
            for start in starts:
                found = search.climb(start, gamma)
                if gamma not in best or found[0] > best[gamma][0] + 1e-12:
                    best[gamma] = found
            neighbour = best[gamma][1]
    return {g: Partition(g, by_size(best[g][1]), best[g][0]) for g in resolutions}


def coded(assignments: Array) -> tuple[Array, int]:
    """Labels with k in place of -1, in the smallest type, and k."""
    k = int(assignments.max()) + 1 if assignments.size else 0
    if np.issubdtype(assignments.dtype, np.signedinteger) and assignments.min(initial=0) < 0:
        assignments = np.where(assignments < 0, k, assignments)
    return smallest_labels(assignments), k


def whole_or(weight: Array | None, n: int) -> Array:
    """Weights with a mean of 1, or a whole individual each."""
    if weight is None:
        return np.ones(n, dtype=np.int32)
    return np.asarray(weight / weight.mean(), dtype=np.float64)


def by_size(membership: Array) -> Array:
    """Renumber communities by size, the largest 0; ties by their first member.

    Examples
    --------
    >>> by_size(np.array([7, 2, 2, 9]))
    array([1, 0, 0, 2], dtype=int32)
    """
    _, first, inverse, counts = np.unique(
        membership, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(counts), dtype=np.int32)
    rank[np.lexsort((first, -counts))] = np.arange(len(counts), dtype=np.int32)
    return rank[inverse]


class _Search:
    """What all starts and resolutions share: labels, degrees and micro-groups."""

    def __init__(self, labels: Array, k: int, weight: Array, seed: int) -> None:
        self.labels = labels
        self.k = k
        self.weight = weight
        self.degree = degrees(labels, k, weight)
        self.seed = seed
        self.swept: dict[float, list[float]] = {}
        rng = np.random.default_rng([seed, 1])
        self.order = rng.permutation(len(labels))
        self.micro = microgroups(labels, self.k, N_MICROGROUPS, rng)
        self.graph = GroupGraph(labels, k, self.micro, self.degree, weight)

    def leiden_starts(self, gamma: float) -> list[Array]:
        return [self.graph.leiden(gamma, None, self.seed + i)[self.micro] for i in range(2)]

    def climb(self, start: Array, gamma: float) -> tuple[float, Array]:
        """Sweep, then move whole pieces by Leiden, in turn until neither gains."""
        membership = by_size(start)
        value = self._sweep(membership, gamma)
        # Most starts end in a partition that was already refined.
        known = self.swept.setdefault(gamma, [])
        if any(abs(value - other) < 1e-12 for other in known):
            return value, membership
        known.append(value)
        for step in range(_REFINEMENTS):
            pieces = self._pieces(membership)
            # Above resolution 1 nearly everybody can be alone: their graph is the dense one.
            if pieces.max() >= _MAX_PIECES:
                break
            refined = self._moved(pieces, membership, gamma, step)
            new = self._sweep(refined, gamma)
            if new <= value + 1e-10:
                break
            value, membership = new, refined
        known.append(value)
        return value, membership

    def _sweep(self, membership: Array, gamma: float) -> float:
        graph = (self.labels, self.k, membership, self.degree, gamma, self.weight)
        sweep(*graph, self.order, _MAX_SWEEPS)
        membership[:] = by_size(membership)
        return float(modularity(*graph))

    def _pieces(self, membership: Array) -> Array:
        """Cut the communities by the micro-groups."""
        pair = membership.astype(np.int64) * (self.micro.max() + 1) + self.micro
        return np.unique(pair, return_inverse=True)[1].astype(np.int32)

    def _moved(self, pieces: Array, membership: Array, gamma: float, step: int) -> Array:
        """Move whole pieces by Leiden, from the communities they are in."""
        graph = GroupGraph(self.labels, self.k, pieces, self.degree, self.weight)
        start = np.zeros(pieces.max() + 1, dtype=np.int32)
        start[pieces] = membership
        return by_size(graph.leiden(gamma, start, self.seed + step)[pieces])
