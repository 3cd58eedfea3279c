"""A preprocessing as one step of a pipeline, so that every bootstrap sample fits its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from synthcohort.clustering.preprocessing.preparation import prepare
from synthcohort.scene.model import Cutoffs

Array = np.ndarray


class Refit(TransformerMixin, BaseEstimator):
    """Preprocess, drop constant columns, whiten if asked.

    Parameters
    ----------
    name : str
        A key of `PREPROCESSINGS`.
    whiten : bool
    cutoffs : mapping of str to Cutoffs
        By biomarker.
    biomarkers : sequence of str
        Names of the first columns.
    levels : mapping of str to sequence
        Levels of the groups, whose codes are the columns after them.
    min_share : float, default 0.0
        As in `Whitening`.

    Notes
    -----
    Input is a matrix of numbers as `encoded` makes it, since that is what scikit-learn
    passes on.
    """

    def __init__(
        self,
        name: str,
        whiten: bool,
        cutoffs: Mapping[str, Cutoffs],
        biomarkers: Sequence[str],
        levels: Mapping[str, Sequence[Any]],
        min_share: float = 0.0,
    ) -> None:
        self.name = name
        self.whiten = whiten
        self.cutoffs = cutoffs
        self.biomarkers = biomarkers
        self.levels = levels
        self.min_share = min_share

    def fit(self, X: Array, y: object = None) -> Refit:
        """Fit every step on X, shape (N, p + groups)."""
        self._fit_transform(X)
        return self

    def fit_transform(self, X: Array, y: object = None) -> Array:
        """Fit every step and return the preprocessed matrix, shape (N, q)."""
        return self._fit_transform(X)

    def transform(self, X: Array) -> Array:
        """Return the preprocessed matrix, shape (M, q)."""
        check_is_fitted(self, "prepared_")
        table, groups = self._decoded(X)
        return self.prepared_.apply(table, groups)

    def _fit_transform(self, X: Array) -> Array:
        table, groups = self._decoded(X)
        prepared = prepare(table, self.name, self.whiten, self.cutoffs, groups, self.min_share)
        # Every replicate's model is kept: not the values too.
        self.prepared_ = replace(prepared, values=prepared.values[:0])
        return prepared.values

    def _decoded(self, X: Array) -> tuple[pd.DataFrame, pd.DataFrame]:
        split = len(self.biomarkers)
        codes = X[:, split:].astype(int)
        groups = {
            name: pd.Categorical.from_codes(column, categories=pd.Index(levels))
            for (name, levels), column in zip(self.levels.items(), codes.T, strict=True)
        }
        table = pd.DataFrame(X[:, :split].copy(), columns=list(self.biomarkers))
        return table, pd.DataFrame(groups, index=table.index)


def encoded(X: pd.DataFrame, groups: pd.DataFrame) -> tuple[Array, dict[str, list[Any]]]:
    """Put biomarkers and the codes of their groups into one matrix.

    Parameters
    ----------
    X : DataFrame, shape (N, p)
    groups : DataFrame, shape (N, n_columns)
        Of which only categorical columns count.

    Returns
    -------
    values : ndarray of float, shape (N, p + groups)
        A missing group is -1.
    levels : dict of str to list
        Levels of each group.
    """
    chosen = groups.select_dtypes("category")
    codes = [column.cat.codes.to_numpy(dtype=float) for _, column in chosen.items()]
    levels = {str(name): list(column.cat.categories) for name, column in chosen.items()}
    return np.column_stack([X.to_numpy(dtype=float), *codes]), levels
