"""`binary`: 1 outside the clinical cut-offs, 0 within."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from synthcohort.clustering.preprocessing.cutoff_limits import biomarker_columns, limit, strata
from synthcohort.scene.model import Cutoffs

Array = np.ndarray


class OutsideCutoffs(TransformerMixin, BaseEstimator):
    """Replace each value by 1 where it is outside the clinical cut-offs, else by 0.

    Outside is below the lower or at and above the upper cut-off, as the guidelines
    word them (anaemia: < 12 g/dL; hypertension: >= 140 mmHg). There is no fallback:
    a biomarker without cut-offs has nobody outside.

    Parameters
    ----------
    cutoffs : mapping of str to Cutoffs
        By biomarker.

    Notes
    -----
    Input is a DataFrame; a categorical column whose categories are the levels of the
    cut-offs (sex) tells which apply, and is not part of the output. Missing values stay
    missing.
    """

    def __init__(self, cutoffs: Mapping[str, Cutoffs]) -> None:
        self.cutoffs = cutoffs

    def fit(self, X: pd.DataFrame, y: object = None) -> OutsideCutoffs:
        """Remember the columns; nothing is learned."""
        self.columns_ = biomarker_columns(X)
        return self

    def transform(self, X: pd.DataFrame) -> Array:
        """Return ndarray of 0, 1 and NaN, shape (N, p)."""
        return np.column_stack([self._outside(X, name) for name in self.columns_])

    def get_feature_names_out(self, input_features: Any = None) -> Array:
        """Names of the output columns."""
        return np.array(self.columns_, dtype=object)

    def _outside(self, X: pd.DataFrame, name: str) -> Array:
        values = X[name].to_numpy(dtype=float)
        cutoffs = self.cutoffs.get(name, Cutoffs())
        outside = np.zeros(len(values))
        for level, rows in strata(cutoffs, X).items():
            low, high = limit(cutoffs.low, level), limit(cutoffs.high, level)
            if low is not None:
                outside[rows & (values < low)] = 1.0
            if high is not None:
                outside[rows & (values >= high)] = 1.0
        outside[np.isnan(values)] = np.nan
        return outside
