"""The best labels under uncertainty: which partition has the highest expected ARI."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synthcohort.population.survey_weights import mean_one

Array = np.ndarray

_MAX_STEPS = 60
_TEMPERS = (0.0, 0.5, 1.0)


def expected_ari(labels: Array, probabilities: Array, weight: Array | None = None) -> float:
    """Return the expected adjusted Rand index of a partition with an uncertain truth.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        Clusters from 0.
    probabilities : ndarray, shape (N, n_levels)
        Each individual's probability of each truth level, independent of the others'.
    weight : ndarray, shape (N,), optional
        A pair of individuals counts with the product of its weights.

    Returns
    -------
    float
        The ratio of the expected numerator and denominator of Hubert & Arabie (1985); its
        difference from the expected ratio is of order 1/N.

    Examples
    --------
    >>> certain = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> expected_ari(np.array([0, 0, 1, 1]), certain)
    1.0
    >>> expected_ari(np.array([0, 0, 0, 0]), certain)
    0.0
    """
    return _Pairs(labels, probabilities, _or_ones(weight, probabilities)).ari


def best_labels(probabilities: Array, weight: Array | None = None) -> Array:
    """Find the labels of highest expected ARI.

    Parameters
    ----------
    probabilities : ndarray, shape (N, n_levels)
        Each individual's probability of each truth level.
    weight : ndarray, shape (N,), optional
        As in `expected_ari`.

    Returns
    -------
    ndarray of int, shape (N,)

    Notes
    -----
    The most probable level is not always the best label: a rare level that overlaps a
    common one would never be given. So the search starts from the most probable level
    under three reweightings of the levels, merges levels where that helps, and moves
    everybody along the gradient of the expected ARI until it no longer rises.
    """
    probabilities = np.asarray(probabilities, dtype=float)
    weight = _or_ones(weight, probabilities)
    best, value = np.zeros(len(probabilities), dtype=np.int64), 0.0
    for start in _starts(probabilities):
        labels, found = _climb(start, probabilities, weight)
        labels, found = _merge(labels, found, probabilities, weight)
        if found > value + 1e-12:
            best, value = labels, found
    return best


def _starts(probabilities: Array) -> Iterator[Array]:
    shares = np.maximum(probabilities.mean(axis=0), 1e-12)
    for temper in _TEMPERS:
        yield (probabilities / shares**temper).argmax(axis=1)
    likely = probabilities.argmax(axis=1)
    unsure = probabilities.max(axis=1) < 0.5 + 0.5 / probabilities.shape[1]
    yield np.where(unsure, probabilities.shape[1], likely)


def _or_ones(weight: Array | None, probabilities: Array) -> Array:
    return np.ones(len(probabilities)) if weight is None else mean_one(weight)


def _climb(labels: Array, probabilities: Array, weight: Array) -> tuple[Array, float]:
    pairs = _Pairs(labels, probabilities, weight)
    value = pairs.ari
    for _ in range(_MAX_STEPS):
        moved = pairs.gradient().argmax(axis=1)
        after = _Pairs(moved, probabilities, weight)
        if after.ari <= value + 1e-12:
            break
        labels, pairs, value = moved, after, after.ari
    return labels, value


def _merge(labels: Array, value: float, probabilities: Array, weight: Array) -> tuple[Array, float]:
    """Take clusters together as long as that helps."""
    improved = True
    while improved:
        improved = False
        present = np.unique(labels)
        for i, keep in enumerate(present):
            for gone in present[i + 1 :]:
                together = np.where(labels == gone, keep, labels)
                merged, found = _climb(together, probabilities, weight)
                if found > value + 1e-12:
                    labels, value, improved = merged, found, True
    return labels, value


class _Pairs:
    """Expected numbers of pairs, as sums over clusters."""

    def __init__(self, labels: Array, probabilities: Array, weight: Array) -> None:
        self.probabilities = probabilities
        count = int(labels.max()) + 1
        weighted = weight[:, None] * probabilities
        self.sizes = np.bincount(labels, weight, minlength=count)
        columns = [np.bincount(labels, weights=p, minlength=count) for p in weighted.T]
        self.sums = np.column_stack(columns)
        alone = float((weighted**2).sum())
        squares = float((weight**2).sum())
        self.together = (float((self.sums**2).sum()) - alone) / 2
        self.in_truth = (float((weighted.sum(axis=0) ** 2).sum()) - alone) / 2
        self.in_labels = (float((self.sizes**2).sum()) - squares) / 2
        self.all = (float(weight.sum()) ** 2 - squares) / 2

    @property
    def ari(self) -> float:
        by_chance = self.in_truth * self.in_labels / self.all
        room = (self.in_truth + self.in_labels) / 2 - by_chance
        return (self.together - by_chance) / room if room > 1e-9 else 0.0

    def gradient(self) -> Array:
        """Gain in ARI of each individual in each cluster, up to a constant and a factor."""
        share = self.in_truth / self.all
        by_chance = share * self.in_labels
        room = (self.in_truth + self.in_labels) / 2 - by_chance
        if room <= 1e-9:
            return np.zeros((len(self.probabilities), len(self.sizes)))
        by_pair = 1 / room
        by_size = (-share * room - (self.together - by_chance) * (0.5 - share)) / room**2
        gain = (self.probabilities @ self.sums.T) * by_pair + self.sizes * by_size
        gain[:, self.sizes == 0] = -np.inf
        return np.asarray(gain)
