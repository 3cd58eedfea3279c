"""Replicates against each other: their agreement, and how consistent each individual is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from synthcohort.clustering.compilation import compiled
from synthcohort.clustering.stability.base_clusters import Replicates

Array = np.ndarray

REPLICATE_PAIRS = 200


@dataclass(frozen=True)
class Agreement:
    """How far pairs of replicates agree.

    Parameters
    ----------
    ari : float
        Mean adjusted Rand index; NaN with a single replicate.
    ari_se : float
        Its standard error as an estimate for infinitely many replicates.
    pairs : int
        Pairs of replicates that were compared.
    consistency : ndarray, shape (N,)
        Mean element-centric similarity of each individual over the pairs.
    """

    ari: float
    ari_se: float
    pairs: int
    consistency: Array


def agreement(replicates: Replicates, at_most: int = REPLICATE_PAIRS, seed: int = 0) -> Agreement:
    """Compare pairs of replicates.

    Parameters
    ----------
    replicates : Replicates
    at_most : int, default 200
        All pairs where there are no more, else so many different ones at random.
    seed : int, default 0

    Returns
    -------
    Agreement

    Notes
    -----
    For disjoint clusters the element-centric similarity of an individual in two partitions
    is the number who share both of its clusters over the size of the larger (Gates et al.
    2019, Sci Rep 9:8574). Its mean over pairs of replicates is the consistency: 1 where an
    individual always has the same company, about 1/k with random labels of equal frequency.
    Two replicates are compared on those who have a base cluster in both.

    Examples
    --------
    >>> found = agreement(Replicates(np.array([[0, 1], [0, 1], [1, 0], [1, 0]])))
    >>> found.ari, found.consistency.tolist()
    (1.0, [1.0, 1.0, 1.0, 1.0])
    """
    first, second = replicate_pairs(replicates.labels.shape[1], at_most, seed)
    ari, consistency = _compare(
        replicates.labels, replicates.labels, replicates.k, replicates.counts, first, second
    )
    if not len(ari):
        return Agreement(float("nan"), float("nan"), 0, consistency)
    return Agreement(float(ari.mean()), pairs_error(ari, first, second), len(ari), consistency)


def agreement_of(one: Replicates, other: Replicates, first: Array, second: Array) -> Array:
    """Return the adjusted Rand index of replicates of one with replicates of the other.

    Parameters
    ----------
    one, other : Replicates
        Of the same individuals; the weights are those of `one`.
    first, second : ndarray of int, shape (P,)
        Columns of one and of the other.

    Returns
    -------
    ndarray, shape (P,)
    """
    k = max(one.k, other.k)
    kind = np.promote_types(one.labels.dtype, other.labels.dtype)
    mine, theirs = (np.where(r.labels >= r.k, k, r.labels).astype(kind) for r in (one, other))
    return _compare(mine, theirs, k, one.counts, first, second)[0]


def replicate_pairs(b: int, at_most: int, seed: int) -> tuple[Array, Array]:
    """Draw different pairs of replicates: all of them, or `at_most` at random."""
    count = b * (b - 1) // 2
    if count <= at_most:
        pairs = np.array(list(itertools.combinations(range(b), 2)), dtype=np.int64).reshape(-1, 2)
        first, second = np.ascontiguousarray(pairs.T)
        return first, second
    rng = np.random.default_rng([seed, 7])
    number = np.sort(rng.choice(count, at_most, replace=False))
    starts = np.concatenate([[0], np.arange(b - 1, 0, -1).cumsum()])
    first = np.searchsorted(starts, number, side="right") - 1
    return first, number - starts[first] + first + 1


def pairs_error(values: Array, first: Array, second: Array) -> float:
    """Return the standard error of a mean over pairs whose members recur.

    Two pairs with a common member are dependent; the sum of all products of deviations of
    such pairs estimates the variance (Aronow, Samii & Assenova 2015, Polit Anal 23:564).

    Parameters
    ----------
    values : ndarray, shape (P,)
    first, second : ndarray of int, shape (P,)
        Members of each pair.

    Returns
    -------
    float
        NaN for a single pair.

    Examples
    --------
    >>> pairs_error(np.array([1.0, 3.0]), np.array([0, 2]), np.array([1, 3])) == 2**0.5 / 2
    True
    """
    if len(values) < 2:
        return float("nan")
    deviation = values - values.mean()
    members = np.concatenate([first, second])
    by_member = (np.bincount(members, np.tile(deviation, 2)) ** 2).sum()
    return float(np.sqrt(max(by_member - (deviation**2).sum(), 0.0)) / len(values))


@compiled
def _compare(
    labels: Array, others: Array, k: int, weight: Array, first: Array, second: Array
) -> tuple[Array, Array]:
    """Return each pair's adjusted Rand index and each individual's mean similarity."""
    n = len(labels)
    ari = np.empty(len(first))
    similarity = np.zeros(n)
    seen = np.zeros(n)
    for p in range(len(first)):
        table, rows, columns = np.zeros((k, k)), np.zeros(k), np.zeros(k)
        squares = 0.0
        for i in range(n):
            one, two = labels[i, first[p]], others[i, second[p]]
            if one < k and two < k:
                table[one, two] += weight[i]
                squares += float(weight[i]) ** 2
        everybody, by_row, by_column, both = 0.0, -squares, -squares, -squares
        for one in range(k):
            for two in range(k):
                rows[one] += table[one, two]
                columns[one] += table[two, one]
                both += table[one, two] ** 2
            everybody += rows[one]
            by_row += rows[one] ** 2
            by_column += columns[one] ** 2
        everybody = everybody**2 - squares
        chance = by_row * by_column / everybody if everybody > 0 else 0.0
        room = (by_row + by_column) / 2 - chance
        ari[p] = (both - chance) / room if room > 1e-9 * everybody else 1.0
        for i in range(n):
            one, two = labels[i, first[p]], others[i, second[p]]
            if one < k and two < k:
                larger = max(rows[one], columns[two])
                if larger > 0:
                    similarity[i] += table[one, two] / larger
                    seen[i] += 1
    for i in range(n):
        similarity[i] = similarity[i] / seen[i] if seen[i] > 0 else np.nan
    return ari, similarity
