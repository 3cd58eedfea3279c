"""All groupings that partitions of the same individuals are compared with, counted at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from synthcohort.evaluation.metrics.adjusted_agreement import within_ari_of
from synthcohort.evaluation.metrics.contingency import Contingency, added
from synthcohort.population.survey_weights import mean_one

Array = np.ndarray

_CELLS = 1_000_000


class Groupings:
    """What is known about the individuals, coded once for all partitions.

    Individuals with the same level of every grouping are of one kind. Kinds are few, so a
    partition is counted once, by kind and label, and every table that a score needs is a
    sum over that.

    Parameters
    ----------
    codes : mapping of str to ndarray of int, shape (N,)
        By name; codes may have gaps.
    weight : ndarray, shape (N,), optional
        As in `score`.

    Attributes
    ----------
    levels : dict of str to list of int
        The codes of those who count, ascending.
    """

    def __init__(self, codes: Mapping[str, Array], weight: Array | None = None) -> None:
        self.counting = slice(None) if weight is None else weight > 0
        self.weight = None if weight is None else mean_one(weight)[self.counting]
        self.levels: dict[str, list[int]] = {}
        own: dict[str, Array] = {}
        for name, values in codes.items():
            levels, own[name] = np.unique(values[self.counting], return_inverse=True)
            self.levels[name] = levels.tolist()
        if self.weight is None:
            self.kind, first = _kinds(own)
        else:  # no two individuals are alike
            self.kind = first = np.arange(len(self.weight))
        self.of_kind = {name: levels[first] for name, levels in own.items()}

    def compare(self, labels: Array) -> Comparison:
        """Count a partition: ndarray of int from 0, shape (N,)."""
        return Comparison(self, labels[self.counting])


class Comparison:
    """One partition against all groupings.

    Parameters
    ----------
    groupings : Groupings
    labels : ndarray of int, from 0
        Of those who count.

    Attributes
    ----------
    label_levels : list of int
        Labels that somebody has, ascending.
    """

    def __init__(self, groupings: Groupings, labels: Array) -> None:
        self.groupings = groupings
        self.label_levels, codes = _without_gaps(labels)
        self.labels = codes
        if groupings.weight is None:
            cells, self.counts = _distinct(groupings.kind * len(self.label_levels) + codes)
            self.kind, self.label = np.divmod(cells, len(self.label_levels))
            self.squares = self.counts
        else:
            self.kind, self.label = groupings.kind, codes
            self.counts, self.squares = groupings.weight, groupings.weight**2
        self.contingency = cache(self._contingency)

    def _contingency(self, truth: str) -> Contingency:
        """Table of a grouping by the partition's labels."""
        given = self.groupings
        table, squares = self._tables(truth)
        if given.weight is None:
            whole = table.astype(np.int64)
            return Contingency.counted(whole, whole, given.levels[truth], self.label_levels)
        weighted = given.of_kind[truth], self.labels, given.weight
        return Contingency.counted(table, squares, given.levels[truth], self.label_levels, weighted)

    def within_ari(self, truth: str, stratum: str) -> float:
        """Return `within_ari` of a grouping within the levels of another."""
        return within_ari_of(*self._tables(stratum, truth))

    def adjusted(self, truth: str) -> tuple[float, str]:
        """Find the rival that explains most of the agreement with a truth.

        Returns
        -------
        value : float
            The lowest `within_ari` over the other groupings; NaN without any that can tell.
        rival : str
            The grouping it is lowest within; empty without any.
        """
        others = [name for name in self.groupings.levels if name != truth]
        found = [(self.within_ari(truth, name), name) for name in others]
        known = [pair for pair in found if not np.isnan(pair[0])]
        return min(known) if known else (float("nan"), "")

    def _tables(self, *names: str) -> tuple[Array, Array]:
        """Add up weights and squared weights by groupings and label."""
        given = self.groupings
        cell = np.zeros(1, dtype=np.int64)
        for name in names:
            cell = cell * len(given.levels[name]) + given.of_kind[name][self.kind]
        cell = cell * len(self.label_levels) + self.label
        shape = (*(len(given.levels[name]) for name in names), len(self.label_levels))
        table = added(cell, shape, self.counts)
        return table, table if given.weight is None else added(cell, shape, self.squares)


def _kinds(groupings: Mapping[str, Array]) -> tuple[Array, Array]:
    """Give each combination of levels a number, and name somebody who has it."""
    joint = np.zeros(1, dtype=np.int64)
    first = np.zeros(1, dtype=np.int64)
    for levels in groupings.values():
        joint = joint * (int(levels.max()) + 1) + levels
        _, first, joint = np.unique(joint, return_index=True, return_inverse=True)
    return joint, first


def _without_gaps(labels: Array) -> tuple[list[int], Array]:
    present = np.bincount(labels) > 0
    if present.all():
        return list(range(len(present))), labels
    return np.flatnonzero(present).tolist(), (np.cumsum(present) - 1)[labels]


def _distinct(cells: Array) -> tuple[Array, Array]:
    """Return the numbers that occur, ascending, and how often."""
    if cells.max() > max(_CELLS, 4 * len(cells)):
        return np.unique(cells, return_counts=True)
    counts = np.bincount(cells)
    found = np.flatnonzero(counts)
    return found, counts[found]
