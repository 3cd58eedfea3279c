"""The contingency table of a partition and a truth: all that the scores need."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import homogeneity_completeness_v_measure

from synthcohort.evaluation.entropy import weighted_entropy_scores
from synthcohort.population.weights import checked_weights, mean_one, same_index

Array = np.ndarray


class Contingency:
    """Counts of individuals by truth (rows) and label (columns), or their summed weights.

    Parameters
    ----------
    labels, truth : array-like, shape (N,)
        Any values without missing ones; two Series must have equal indexes.
    weight : array-like, shape (N,), optional
        How many people each individual stands for, up to a factor: finite, from 0. Scaled
        to a mean of 1. Individuals of weight 0 stand for nobody and are in no cell.

    Attributes
    ----------
    table : ndarray of int64 (of float64 with weights), shape (n_truth, n_labels)
        It adds up to N.
    squares : ndarray, shape of `table`
        Sums of squared weights; without weights it is `table`.
    weight : ndarray of float64, or None
        Of the individuals who count.
    truth_levels, label_levels : list
        Sorted values where they can be sorted, else in order of appearance.
    truth_codes, label_codes : ndarray of int64, shape (N,)
    """

    def __init__(self, labels: Any, truth: Any, weight: Any = None) -> None:
        same_index("labels", labels, "truth", truth)
        same_index("labels", labels, "weight", weight)
        same_index("truth", truth, "weight", weight)
        labels, truth = _series("labels", labels), _series("truth", truth)
        if len(labels) != len(truth):
            message = f"got {len(labels)} labels for {len(truth)} individuals, allowed: one each"
            raise ValueError(message)
        self.weight = checked_weights(weight, len(truth))
        if self.weight is not None:
            counts = self.weight > 0
            labels, truth = labels[counts], truth[counts]
            self.weight = mean_one(self.weight)[counts]
        self.label_codes, self.label_levels = _codes(labels)
        self.truth_codes, self.truth_levels = _codes(truth)
        self.table = self._added(self.weight)
        self.squares = self.table if self.weight is None else self._added(self.weight**2)

    def _added(self, values: Array | None) -> Array:
        shape = len(self.truth_levels), len(self.label_levels)
        cell = self.truth_codes * shape[1] + self.label_codes
        return np.bincount(cell, values, minlength=shape[0] * shape[1]).reshape(shape)

    @property
    def truth_sizes(self) -> Array:
        """Individuals of each truth level."""
        return np.asarray(self.table.sum(axis=1))

    @property
    def label_sizes(self) -> Array:
        """Individuals of each label."""
        return np.asarray(self.table.sum(axis=0))

    @cached_property
    def pairs(self) -> tuple[float, float, float, float]:
        """Pairs of different individuals, each counted twice.

        A pair counts with the product of its weights.

        Returns
        -------
        together, in_truth, in_labels, all : float
            Pairs that are together in both, in the truth, in the labels; and all pairs.
        """
        found = []
        for axis in ((), 1, 0, None):
            total, own = (t.astype(float).sum(axis=axis) for t in (self.table, self.squares))
            found.append(float((total**2 - own).sum()))
        return found[0], found[1], found[2], found[3]

    @cached_property
    def entropy_scores(self) -> tuple[float, float, float]:
        """Homogeneity, completeness and V-measure, from one computation."""
        if self.weight is not None:
            return weighted_entropy_scores(self.table)
        found = homogeneity_completeness_v_measure(self.truth_codes, self.label_codes)
        return float(found[0]), float(found[1]), float(found[2])

    @property
    def jaccard(self) -> Array:
        """Jaccard coefficient of each truth level with each label, shape of `table`."""
        union = self.truth_sizes[:, None] + self.label_sizes[None, :] - self.table
        return np.asarray(self.table / union)


def _series(name: str, values: Any) -> pd.Series:
    series = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
    if series.empty:
        raise ValueError(f"{name} is empty, allowed: at least one individual")
    missing = int(series.isna().sum())
    if missing:
        raise ValueError(f"{name} has {missing} missing values, allowed: a value for everyone")
    return series


def _codes(series: pd.Series) -> tuple[Array, list[Any]]:
    try:
        codes, levels = pd.factorize(series, sort=True)
    except TypeError:  # mixed types have no order
        codes, levels = pd.factorize(series)
    return np.asarray(codes, dtype=np.int64), list(levels)
