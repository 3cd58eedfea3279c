"""The search for partitions of the highest modularity, at several resolutions together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synthcohort.clustering.consensus.louvain_moves import louvain
from synthcohort.clustering.consensus.micro_groups import (
    embed,
    equal_rows,
    microgroups,
    piece_graph,
    pieces_of,
)
from synthcohort.clustering.consensus.numbering import by_size, mark
from synthcohort.clustering.consensus.sweeps import Graph
from synthcohort.clustering.rand_index import adjusted_rand

Array = np.ndarray

_GROUPS = (240, 400, 160, 320)
_ORDERS = 6
_SAMPLE = 1000
_MOST_PIECES = 500
_ROUNDS = 12
_SHAKEN = (0.03, 0.1, 0.3)
_GAINLESS = len(_SHAKEN)
_EQUAL = 1e-9
_REACHED = 1e-6


@dataclass(frozen=True)
class Found:
    """A partition and its modularity."""

    value: float
    membership: Array


class Search:
    """Starts, exchange between resolutions, and fusion of good partitions.

    Parameters
    ----------
    graph : Graph
    gammas : sequence of float
        Ascending.
    seed : int
    """

    def __init__(self, graph: Graph, gammas: Sequence[float], seed: int) -> None:
        self.graph = graph
        self.gammas = list(gammas)
        self.seed = seed
        self.coordinates = embed(graph.labels, graph.k, np.random.default_rng([seed, 2]))
        self.equal = equal_rows(self.coordinates)
        self.starts: list[list[Found]] = []
        self.best: list[Found] = []
        self.tried: set[tuple[int, bytes]] = set()

    def run(self, n_starts: int) -> list[Found]:
        """Return the best partition found at each resolution."""
        for start in range(n_starts):
            self.starts.append(self._start(start))
        for found in self.starts:
            self.tried.update((place, mark(one.membership)) for place, one in enumerate(found))
        self.best = [max(found, key=lambda f: f.value) for found in zip(*self.starts, strict=True)]
        agreed = [self._agreed(place) for place in range(len(self.gammas))]
        gainless = 0
        for step in range(_ROUNDS):
            before = [found.value for found in self.best]
            self._exchange()
            doubtful = [p for p in range(len(self.gammas)) if not agreed[p] or self._new(p)]
            if not doubtful:
                break
            self._fuse(step, doubtful)
            self._shake(step, doubtful)
            gains = [f.value - b for f, b in zip(self.best, before, strict=True)]
            gainless = 0 if max(gains) > _EQUAL else gainless + 1
            if gainless == _GAINLESS:
                break
        return self.best

    def _agreed(self, place: int) -> bool:
        """Whether several starts, of both kinds, ended in the same partition."""
        marks = {mark(start[place].membership) for start in self.starts}
        return len(self.starts) > 1 and len(marks) == 1

    def _new(self, place: int) -> bool:
        """Whether what no start found is better by more than rounding."""
        return self.best[place].value > max(s[place].value for s in self.starts) + _EQUAL

    def spread(self) -> list[tuple[float, float]]:
        """Share of starts that reached the best, and their mean ARI with it."""
        found = []
        for place, best in enumerate(self.best):
            own = [start[place] for start in self.starts]
            reached = np.mean([one.value >= best.value - _REACHED for one in own])
            agree = np.mean([adjusted_rand(one.membership, best.membership) for one in own])
            found.append((float(reached), float(agree)))
        return found

    def _start(self, start: int) -> list[Found]:
        """Partitions at every resolution, by turns of micro-groups and of a sample."""
        rng = np.random.default_rng([self.seed, 1, start])
        turn = start // 2
        if start % 2 == 0:
            found = self._of_groups(_GROUPS[turn % len(_GROUPS)], rng)
        else:
            found = self._of_sample(rng)
        return self._swept(found, self.gammas)

    def _of_groups(self, n_groups: int, rng: np.random.Generator) -> list[Array]:
        """Expand the partitions of micro-groups, which blur what divides the like."""
        groups = microgroups(self.coordinates, self.equal, n_groups, rng)
        matrix = piece_graph(self.graph, groups)
        found = _at_every(*matrix, self.graph.two_m, self.gammas, _ORDERS, rng)
        return [membership[groups] for membership in found]

    def _of_sample(self, rng: np.random.Generator) -> list[Array]:
        """Extend the partitions of a sample, which is sharp but knows few."""
        graph = self.graph
        n = len(graph.labels)
        rows = np.sort(rng.permutation(n)[:_SAMPLE])
        some = Graph(graph.labels[rows], graph.k, graph.weight[rows], graph.n_jobs)
        matrix = piece_graph(some, np.arange(len(rows), dtype=np.int32))
        found = _at_every(*matrix, some.two_m, self.gammas, 1, rng)
        return graph.join(rows, found, self.gammas) if len(rows) < n else found

    def _swept(self, memberships: list[Array], gammas: Sequence[float]) -> list[Found]:
        own = [np.array(membership) for membership in memberships]
        values = self.graph.sweep(own, gammas)
        return [Found(v, by_size(m)) for v, m in zip(values, own, strict=True)]

    def _try(self, places: Sequence[int], memberships: Sequence[Array]) -> None:
        """Sweep those that were not tried before, and keep what is better."""
        new = []
        for place, membership in zip(places, memberships, strict=True):
            key = (place, mark(by_size(membership)))
            if key not in self.tried:
                self.tried.add(key)
                new.append((place, membership))
        gammas = [self.gammas[place] for place, _ in new]
        swept = self._swept([membership for _, membership in new], gammas)
        for (place, _), one in zip(new, swept, strict=True):
            self.tried.add((place, mark(one.membership)))
            if one.value > self.best[place].value + 1e-12:
                self.best[place] = one

    def _exchange(self) -> None:
        """Try the partitions of the neighbouring resolutions."""
        pairs = pairwise(range(len(self.gammas)))
        ways = [way for a, b in pairs for way in ((a, b), (b, a))]
        self._try([to for to, _ in ways], [self.best[other].membership for _, other in ways])

    def _shake(self, step: int, doubtful: Sequence[int]) -> None:
        """Put some individuals anywhere: single moves end elsewhere from there."""
        rng = np.random.default_rng([self.seed, 4, step])
        n = len(self.graph.labels)
        places, shaken = [], []
        for place in doubtful:
            membership = self.best[place].membership.copy()
            some = rng.permutation(n)[: int(_SHAKEN[step % len(_SHAKEN)] * n)]
            membership[some] = rng.integers(0, int(membership.max()) + 1, len(some))
            if 0 < membership.max() < _MOST_PIECES:
                places.append(place)
                shaken.append(membership)
        self._try(places, shaken)

    def _fuse(self, step: int, doubtful: Sequence[int]) -> None:
        """Move pieces cut by other good partitions and by micro-groups."""
        rng = np.random.default_rng([self.seed, 3, step])
        groups = microgroups(self.coordinates, self.equal, _GROUPS[(step + 1) % len(_GROUPS)], rng)
        # Above resolution 1 nearly everybody can be alone: there are no pieces to move.
        places = [i for i in doubtful if self.best[i].membership.max() < _MOST_PIECES]
        self._try(places, [self._moved(place, groups, rng) for place in places])

    def _moved(self, place: int, groups: Array, rng: np.random.Generator) -> Array:
        best = self.best[place].membership
        others = [start[place].membership for start in self.starts]
        pieces = pieces_of([best, *others, groups], _MOST_PIECES)
        matrix = piece_graph(self.graph, pieces)
        share = self.gammas[place] / max(self.graph.two_m, 1e-300)
        together = np.zeros(len(matrix[1]), dtype=np.int32)
        together[pieces] = best
        alone = np.arange(len(matrix[1]), dtype=np.int32)
        tried = [louvain(*matrix, share, first, rng) for first in (together, alone, alone)]
        return np.asarray(max(tried, key=lambda pair: pair[0])[1][pieces])


def _at_every(
    weights: Array,
    strength: Array,
    two_m: float,
    gammas: Sequence[float],
    orders: int,
    rng: np.random.Generator,
) -> list[Array]:
    """Find the best of several orders, and hand it down and up the resolutions."""
    alone = np.arange(len(strength), dtype=np.int32)
    best: dict[int, tuple[float, Array]] = {}
    places = range(len(gammas))
    for direction in (places[::-1], places):
        neighbour = None
        for place in direction:
            initial = [] if neighbour is None else [neighbour]
            initial += [] if place in best else [alone] * orders
            share = gammas[place] / max(two_m, 1e-300)
            tried = [louvain(weights, strength, share, start, rng) for start in initial]
            tried += [best[place]] if place in best else []
            best[place] = max(tried, key=lambda pair: pair[0])
            neighbour = best[place][1]
    return [best[place][1] for place in places]
