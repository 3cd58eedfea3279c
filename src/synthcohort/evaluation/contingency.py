"""The contingency table of a partition and a truth: all that the scores need."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import homogeneity_completeness_v_measure

Array = np.ndarray


class Contingency:
    """Counts of individuals by truth (rows) and label (columns).

    Parameters
    ----------
    labels, truth : array-like, shape (N,)
        Any values without missing ones; two Series must have equal indexes.

    Attributes
    ----------
    table : ndarray of int64, shape (n_truth, n_labels)
    truth_levels, label_levels : list
        Sorted values where they can be sorted, else in order of appearance.
    truth_codes, label_codes : ndarray of int64, shape (N,)
    """

    def __init__(self, labels: Any, truth: Any) -> None:
        both = isinstance(labels, pd.Series) and isinstance(truth, pd.Series)
        if both and not labels.index.equals(truth.index):
            raise ValueError("labels and truth have different indexes, allowed: equal ones")
        self.label_codes, self.label_levels = _codes("labels", labels)
        self.truth_codes, self.truth_levels = _codes("truth", truth)
        n, m = len(self.label_codes), len(self.truth_codes)
        if n != m:
            raise ValueError(f"got {n} labels for {m} individuals, allowed: one each")
        width = len(self.label_levels)
        flat = np.bincount(
            self.truth_codes * width + self.label_codes, minlength=width * len(self.truth_levels)
        )
        self.table = flat.reshape(len(self.truth_levels), width)

    @property
    def truth_sizes(self) -> Array:
        """Individuals of each truth level."""
        return np.asarray(self.table.sum(axis=1))

    @property
    def label_sizes(self) -> Array:
        """Individuals of each label."""
        return np.asarray(self.table.sum(axis=0))

    @cached_property
    def entropy_scores(self) -> tuple[float, float, float]:
        """Homogeneity, completeness and V-measure, from one computation."""
        found = homogeneity_completeness_v_measure(self.truth_codes, self.label_codes)
        return float(found[0]), float(found[1]), float(found[2])

    @property
    def jaccard(self) -> Array:
        """Jaccard coefficient of each truth level with each label, shape of `table`."""
        union = self.truth_sizes[:, None] + self.label_sizes[None, :] - self.table
        return np.asarray(self.table / union)


def _codes(name: str, values: Any) -> tuple[Array, list[Any]]:
    series = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
    if series.empty:
        raise ValueError(f"{name} is empty, allowed: at least one individual")
    missing = int(series.isna().sum())
    if missing:
        raise ValueError(f"{name} has {missing} missing values, allowed: a value for everyone")
    try:
        codes, levels = pd.factorize(series, sort=True)
    except TypeError:  # mixed types have no order
        codes, levels = pd.factorize(series)
    return np.asarray(codes, dtype=np.int64), list(levels)
