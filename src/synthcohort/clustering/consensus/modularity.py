"""The consensus: partitions of maximal modularity of the co-association graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthcohort.clustering.consensus.numbering import by_size
from synthcohort.clustering.consensus.search import Found, Search
from synthcohort.clustering.consensus.sweeps import Graph
from synthcohort.clustering.threads import one_thread

Array = np.ndarray

STARTS = 2
_COLUMNS = 200
_ROWS = 10_000
_LABELS = 1_000_000


@dataclass(frozen=True, eq=False)
class Partition:
    """A partition of the individuals at one resolution.

    Parameters
    ----------
    resolution : float
    labels : ndarray of int32, shape (N,)
        Communities numbered by size, the largest 0.
    modularity : float
    n_starts : int
        Starts of the optimiser.
    reached_best : float
        Share of the starts that reached, on their own, the best modularity of the search
        within 1e-6. Low values mean that many partitions are nearly as good.
    agreement : float
        Mean ARI between the starts' own partitions and the best of the search.
    """

    resolution: float
    labels: Array
    modularity: float
    n_starts: int
    reached_best: float
    agreement: float

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
    graph = Graph(labels, k, whole_or(weight, len(labels)))
    return graph.place(smallest_labels(new), [membership], [resolution])[0]


def partitions(
    assignments: Array,
    resolutions: Sequence[float],
    seed: int = 0,
    weight: Array | None = None,
    starts: int = STARTS,
    n_jobs: int | None = None,
) -> dict[float, Partition]:
    """Partition the co-association graph at each resolution, without building it.

    Starts are Louvain partitions, by turns of micro-groups and of a sample of individuals
    to whom the others are added, swept until no single move gains. The best of them then
    trade: with neighbouring resolutions and, piece by piece, with the other starts, until
    nothing gains. Where all starts ended in one partition that no neighbour betters, it is
    taken as found. Large inputs are searched on a sample of individuals and replicates; the
    partitions found there are extended to everybody and swept with all replicates.

    Parameters
    ----------
    assignments : ndarray of int, shape (N, B)
        The base cluster of each individual in each replicate, from 0; -1 where the
        replicate left the individual out. A memory map of unsigned integers is read in
        place.
    resolutions : sequence of float
        Positive.
    seed : int, default 0
    weight : ndarray, shape (N,), optional
        How many people each individual stands for; 1 by default.
    starts : int, default 2
        More starts find better partitions where many are nearly equal, and take longer.
    n_jobs : int, optional
        Threads, as joblib counts them. They change the time and nothing else.

    Returns
    -------
    dict of float to Partition
        In the order of `resolutions`.

    Raises
    ------
    ValueError
        If there are no starts.

    Examples
    --------
    >>> twice = np.array([[0, 1], [0, 1], [1, 0], [1, 0]])
    >>> partitions(twice, [1.0])[1.0].labels
    array([0, 0, 1, 1], dtype=int32)
    """
    if starts < 1:
        raise ValueError(f"got starts={starts}, allowed: 1 or more")
    labels, k = coded(np.asarray(assignments))
    people = whole_or(weight, len(labels))
    if labels.size > np.iinfo(np.int32).max and people.dtype == np.int32:
        people = people.astype(np.int64)  # sums over replicates would not fit
    graph = Graph(labels, k, people, n_jobs)
    gammas = sorted(set(resolutions))
    rng = np.random.default_rng([seed, 0])
    columns = _some(rng, labels.shape[1], _COLUMNS)
    rows = _some(rng, len(labels), min(_ROWS, _LABELS // max(1, len(columns))))
    sketch = graph
    if len(rows) < len(labels) or len(columns) < labels.shape[1]:
        sketch = Graph(labels[np.ix_(rows, columns)], k, graph.weight[rows], n_jobs)
    with one_thread():
        search = Search(sketch, gammas, seed)
        found = search.run(starts)
    if sketch is not graph:
        inside = [one.membership for one in found]
        wide = graph.join(rows, inside, gammas) if len(rows) < len(labels) else inside
        found = [Found(v, m) for v, m in zip(graph.sweep(wide, gammas), wide, strict=True)]
    spread = dict(zip(gammas, zip(found, search.spread(), strict=True), strict=True))
    return {
        gamma: Partition(gamma, by_size(one.membership), one.value, starts, *between)
        for gamma, (one, between) in ((gamma, spread[gamma]) for gamma in resolutions)
    }


def _some(rng: np.random.Generator, n: int, most: int) -> Array:
    """Positions of a sample, in order; all of them where there are few."""
    return np.arange(n) if n <= most else np.sort(rng.permutation(n)[:most])


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
