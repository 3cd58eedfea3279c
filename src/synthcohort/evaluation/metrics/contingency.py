"""The contingency table of a partition and a truth: all that the scores need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.evaluation.metrics.information_scores import information
from synthcohort.population.survey_weights import checked_weights, mean_one, same_index

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
        It adds up to N; no row or column is empty.
    squares : ndarray, shape of `table`
        Sums of squared weights; without weights it is `table`.
    truth_levels, label_levels : list
        Sorted values where they can be sorted, else in order of appearance.
    weighted : tuple of truth codes, label codes and weights, or None
        Of the individuals who count, each of shape (N,).
    """

    def __init__(self, labels: Any, truth: Any, weight: Any = None) -> None:
        same_index("labels", labels, "truth", truth)
        same_index("labels", labels, "weight", weight)
        same_index("truth", truth, "weight", weight)
        labels, truth = _series("labels", labels), _series("truth", truth)
        if len(labels) != len(truth):
            message = f"got {len(labels)} labels for {len(truth)} individuals, allowed: one each"
            raise ValueError(message)
        weight = checked_weights(weight, len(truth))
        if weight is not None:
            counts = weight > 0
            labels, truth = labels[counts], truth[counts]
            weight = mean_one(weight)[counts]
        label_codes, self.label_levels = _codes(labels)
        truth_codes, self.truth_levels = _codes(truth)
        shape = len(self.truth_levels), len(self.label_levels)
        cell = truth_codes * shape[1] + label_codes
        self.table = self.squares = added(cell, shape, weight)
        self.weighted = None
        if weight is not None:
            self.squares = added(cell, shape, weight**2)
            self.weighted = truth_codes, label_codes, weight

    @classmethod
    def counted(
        cls,
        table: Array,
        squares: Array,
        truth_levels: Sequence[Any],
        label_levels: Sequence[Any],
        weighted: tuple[Array, Array, Array] | None = None,
    ) -> Contingency:
        """Take what has been counted already; everything as in the attributes."""
        found = cls.__new__(cls)
        found.table, found.squares = table, squares
        found.truth_levels, found.label_levels = list(truth_levels), list(label_levels)
        found.weighted = weighted
        return found

    @cached_property
    def truth_sizes(self) -> Array:
        """Individuals of each truth level."""
        return np.asarray(self.table.sum(axis=1))

    @cached_property
    def label_sizes(self) -> Array:
        """Individuals of each label."""
        return np.asarray(self.table.sum(axis=0))

    @cached_property
    def pairs(self) -> tuple[float, float, float, float]:
        """Pairs of different individuals, each counted twice.

        A pair counts with the product of its weights; without weights all are whole.

        Returns
        -------
        together, in_truth, in_labels, all : float or int
            Pairs that are together in both, in the truth, in the labels; and all pairs.
        """
        found = []
        for axis in ((), 1, 0, None):
            total, own = (t.sum(axis=axis) for t in (self.table, self.squares))
            found.append((total**2 - own).sum().item())
        return found[0], found[1], found[2], found[3]

    @cached_property
    def information(self) -> tuple[float, float, float]:
        """Mutual information, entropy of the truth and of the labels, in nats."""
        return information(self.table)

    @cached_property
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


def added(cell: Array, shape: tuple[int, ...], values: Array | None) -> Array:
    """Count individuals by cell of a table, or add up their values."""
    return np.bincount(cell, values, minlength=math.prod(shape)).reshape(shape)


def _codes(series: pd.Series) -> tuple[Array, list[Any]]:
    try:
        codes, levels = pd.factorize(series, sort=True)
    except TypeError:  # mixed types have no order
        codes, levels = pd.factorize(series)
    return np.asarray(codes, dtype=np.int64), list(levels)
