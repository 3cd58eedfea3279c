"""Single moves of individuals, in the partitions of several resolutions at once.

One table has the communities of all partitions side by side, so that one pass over the
labels gives every individual's gain in every partition. A round has two halves: all
individuals look at the same table, in parallel; those who would gain by moving are then
looked at again, one after the other, and move. So modularity never falls, and threads
change nothing.

After being looked at, an individual whose own community leads by a margin cannot want to
move before so much weight has moved that the lead may be gone; until then it is skipped.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from itertools import pairwise
from typing import Any

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs

from synthcohort.clustering.consensus.kernels import WANTS, count, degrees, join, look, move
from synthcohort.clustering.consensus.lone_individuals import loners
from synthcohort.clustering.consensus.numbering import without_gaps

Array = np.ndarray

_MAX_ROUNDS = 300
_MAX_SPARE = 512
_WIDEST = 768
_ROWS = 2048


class Graph:
    """The co-association graph, as its labels.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
        Base clusters, k where absent. May be a memory map.
    k : int
    weight : ndarray, shape (N,)
    n_jobs : int, optional
        Threads, as joblib counts them. They change the time and nothing else.
    """

    def __init__(self, labels: Array, k: int, weight: Array, n_jobs: int | None = None) -> None:
        self.labels = labels
        self.k = k
        self.weight = weight
        self.n_jobs = n_jobs
        sizes = self.table(
            np.zeros((1, len(labels)), dtype=np.int32), np.zeros(1, dtype=np.int64), 1
        )
        self.degree = np.empty(len(labels))
        self.present = np.empty(len(labels), dtype=np.int32)
        self.each_rows(degrees, labels, k, sizes[:, :, 0], weight, self.degree, self.present)
        self.two_m = float((weight * self.degree).sum())
        self.alone: dict[float, Array | None] = {}

    def table(self, columns: Array, offsets: Array, width: int) -> Array:
        """Weights by replicate, label and community, shape (B, k, width)."""
        n_replicates = self.labels.shape[1]
        found = np.zeros((n_replicates, self.k, width), dtype=self.weight.dtype)
        parts = np.linspace(0, n_replicates, 5).astype(int)
        self.parallel(
            delayed(count)(self.labels, self.k, columns, offsets, self.weight, found, a, z)
            for a, z in pairwise(parts)
        )
        return found

    def sweep(self, memberships: Sequence[Array], gammas: Sequence[float]) -> list[float]:
        """Move single individuals until none gains, in place.

        Parameters
        ----------
        memberships : sequence of ndarray of int32, shape (N,)
            One partition for each gamma, communities from 0.
        gammas : sequence of float

        Returns
        -------
        list of float
            Modularity of each.
        """
        values = [0.0] * len(gammas)
        everybody = []
        for place, gamma in enumerate(gammas):
            alone = self._loners(gamma)
            if alone is None:
                everybody.append(place)
            else:
                values[place] = self._swept_without(alone, memberships[place], gamma)
        for batch in _batches(memberships, everybody):
            stack = _Stack(self, [memberships[g] for g in batch], [gammas[g] for g in batch])
            for place, value, column in stack.settled():
                values[batch[place]] = value
                memberships[batch[place]][:] = column
        return values

    def _loners(self, gamma: float) -> Array | None:
        """Who is alone in every best partition, or None where that would save nothing."""
        if gamma not in self.alone:
            share = gamma / max(self.two_m, 1e-300)
            self.alone[gamma] = loners(self.labels, self.k, self.degree, self.present, share)
        return self.alone[gamma]

    def _swept_without(self, alone: Array, membership: Array, gamma: float) -> float:
        """Sweep the others, in place, and put everybody else alone."""
        rest = np.flatnonzero(~alone)
        inside = without_gaps(membership[rest])
        if len(rest):
            self._part(rest, gamma).sweep([inside], [gamma])
        membership[rest] = inside
        first = int(inside.max(initial=-1)) + 1
        membership[alone] = np.arange(first, first + int(alone.sum()))
        return self.modularity(membership, gamma)

    def _part(self, rows: Array, gamma: float) -> Graph:
        """Return some individuals, with their degrees of the whole graph and no loners."""
        part = copy(self)
        part.labels, part.weight = self.labels[rows], self.weight[rows]
        part.degree, part.present = self.degree[rows], self.present[rows]
        part.alone = {gamma: None}
        return part

    def join(self, rows: Array, inside: Sequence[Array], gammas: Sequence[float]) -> list[Array]:
        """Extend partitions of some individuals to all.

        Parameters
        ----------
        rows : ndarray of int, shape (M,)
            Individuals who are in the partitions.
        inside : sequence of ndarray of int32, shape (M,)
        gammas : sequence of float

        Returns
        -------
        list of ndarray of int32, shape (N,)
        """
        some = Graph(self.labels[rows], self.k, self.weight[rows], self.n_jobs)
        return some.place(self.labels, inside, gammas)

    def place(
        self, labels: Array, memberships: Sequence[Array], gammas: Sequence[float]
    ) -> list[Array]:
        """Put individuals, of the graph or not, where they would gain most if added alone.

        Parameters
        ----------
        labels : ndarray of unsigned int, shape (M, B)
            Their base clusters, k where absent.
        memberships : sequence of ndarray of int32, shape (N,)
            Partitions of the graph's own individuals.
        gammas : sequence of float

        Returns
        -------
        list of ndarray of int32, shape (M,)
        """
        found = [np.empty(len(labels), dtype=np.int32) for _ in gammas]
        for batch in _batches(memberships, range(len(gammas))):
            stack = _Stack(self, [memberships[g] for g in batch], [gammas[g] for g in batch], 0)
            columns = np.empty((len(batch), len(labels)), dtype=np.int32)
            self.each_rows(
                join, labels, self.k, stack.table, stack.offsets, stack.share, stack.total,
                columns,
            )  # fmt: skip
            for g, column in zip(batch, columns, strict=True):
                found[g] = column
        return found

    def modularity(self, membership: Array, gamma: float) -> float:
        """Modularity of a partition at a resolution; 0 for a graph without edges.

        Parameters
        ----------
        membership : ndarray of int32, shape (N,)
        gamma : float
            Resolution (Reichardt & Bornholdt 2006, Phys Rev E 74:016110).
        """
        return _Stack(self, [membership], [gamma], 0).modularity(0)

    def each_rows(self, kernel: Callable[..., None], labels: Array, *arguments: object) -> None:
        """Call a kernel on blocks of rows of labels, in threads."""
        n = len(labels)
        rows = max(_ROWS, n // 64)
        self.parallel(
            delayed(kernel)(labels, *arguments, first, min(n, first + rows))
            for first in range(0, n, rows)
        )

    def parallel(self, jobs: Iterable[Any]) -> None:
        """Run jobs in threads of this process, wherever joblib sends other work."""
        if effective_n_jobs(self.n_jobs) == 1:  # handing out a job takes as long as doing it
            for function, arguments, named in jobs:
                function(*arguments, **named)
        else:
            Parallel(n_jobs=self.n_jobs, require="sharedmem")(jobs)


def _batches(memberships: Sequence[Array], places: Iterable[int]) -> list[list[int]]:
    """Places of partitions whose tables together are not too wide."""
    found: list[list[int]] = []
    width = _WIDEST + 1
    for g in places:
        own = int(memberships[g].max()) + 2
        if width + own > _WIDEST:
            found.append([])
            width = 0
        found[-1].append(g)
        width += own
    return found


class _Stack:
    """Some partitions, and the table of all their communities side by side."""

    def __init__(
        self, graph: Graph, memberships: list[Array], gammas: list[float], spare: int = 1
    ) -> None:
        self.graph = graph
        self.places = np.arange(len(gammas))
        self.columns = np.array(memberships, dtype=np.int32)
        self.share = np.array(gammas) / max(graph.two_m, 1e-300)
        self.spare = np.full(len(gammas), spare)
        self.moved = np.zeros(len(gammas))
        self.limit = np.full(self.columns.shape, WANTS)
        self._count()

    def settled(self) -> Iterator[tuple[int, float, Array]]:
        """Look and move until nobody moves: place, modularity and labels of each partition."""
        for _ in range(_MAX_ROUNDS):
            self._look()
            still = self._move() > 0
            for row in np.flatnonzero(~still).tolist():
                yield int(self.places[row]), self.modularity(row), self.columns[row]
            if not still.any():
                return
            self._keep(still)
        warnings.warn(f"moves had not settled after {_MAX_ROUNDS} rounds", stacklevel=2)
        for row, place in enumerate(self.places):
            yield int(place), self.modularity(row), self.columns[row]

    def _count(self) -> None:
        """Renumber the communities, and count the table with some empty ones to spare."""
        graph = self.graph
        for column in self.columns:
            column[:] = without_gaps(column)
        widths = self.columns.max(axis=1, initial=0) + 1 + self.spare
        self.offsets = np.concatenate([[0], np.cumsum(widths)])
        width = int(self.offsets[-1])
        self.table = graph.table(self.columns, self.offsets, width)
        self.total = np.zeros(width)
        self.members = np.zeros(width, dtype=np.int64)
        for column, low, high in self._blocks():
            self.total[low:high] = np.bincount(
                column, weights=graph.weight * graph.degree, minlength=high - low
            )
            self.members[low:high] = np.bincount(column, minlength=high - low)

    def _blocks(self) -> Iterator[tuple[Array, int, int]]:
        return zip(self.columns, self.offsets[:-1], self.offsets[1:], strict=True)

    def _look(self) -> None:
        g = self.graph
        g.each_rows(
            look, g.labels, g.k, self.table, self.offsets, self.columns, g.weight, g.degree,
            g.present, self.share, self.total, g.degree.max(initial=0), self.moved, self.limit,
        )  # fmt: skip

    def _move(self) -> Array:
        """Move those who want to, and count the moves of each partition."""
        g = self.graph
        count = np.zeros(len(self.columns), dtype=np.int64)
        g.parallel(
            delayed(move)(
                g.labels, g.k, self.table, low, high, column, g.weight, g.degree, g.present,
                self.share[row], self.total, self.members, self.limit[row],
                self.moved[row : row + 1], count[row : row + 1],
            )
            for row, (column, low, high) in enumerate(self._blocks())
        )  # fmt: skip
        return count

    def _keep(self, still: Array) -> None:
        """Drop partitions that have settled, and renew the table where it no longer fits."""
        full = np.array([self.members[low:high].all() for _, low, high in self._blocks()])
        self.spare[full] = np.minimum(2 * self.spare[full], _MAX_SPARE)
        if not full[still].any() and 2 * still.sum() > len(still):
            return
        for name in ("places", "columns", "share", "spare", "moved", "limit"):
            setattr(self, name, getattr(self, name)[still])
        self._count()

    def modularity(self, row: int) -> float:
        """Modularity of one partition."""
        graph = self.graph
        if graph.two_m == 0:
            return 0.0
        low, high = self.offsets[row : row + 2]
        block = self.table[:, :, low:high]
        pairs = np.einsum("rlc,rlc->", block, block, dtype=np.float64, casting="unsafe")
        alone = float((graph.weight.astype(np.float64) ** 2 * graph.present).sum())
        expected = (self.total[low:high] ** 2).sum() * self.share[row] / graph.two_m
        return float((pairs - alone) / graph.two_m - expected)
