"""A preprocessing as one step of a pipeline, so that every bootstrap sample fits its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from synthcohort.clustering.preprocessing.imputation import Imputer
from synthcohort.clustering.preprocessing.preparation import prepare
from synthcohort.scene.model import Cutoffs

Array = np.ndarray


class Refit(TransformerMixin, BaseEstimator):
    """Impute if asked, preprocess, drop constant columns, whiten if asked.

    Parameters
    ----------
    name : str
        A key of `PREPROCESSINGS`.
    whiten, impute : bool
    cutoffs : mapping of str to Cutoffs
        By biomarker.
    biomarkers : sequence of str
        Names of the first columns.
    levels : mapping of str to sequence
        Levels of the groups, whose codes are the columns after them.
    random_state : int, default 0
        Of the imputation.
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
        impute: bool,
        cutoffs: Mapping[str, Cutoffs],
        biomarkers: Sequence[str],
        levels: Mapping[str, Sequence[Any]],
        random_state: int = 0,
        min_share: float = 0.0,
    ) -> None:
        self.name = name
        self.whiten = whiten
        self.impute = impute
        self.cutoffs = cutoffs
        self.biomarkers = biomarkers
        self.levels = levels
        self.random_state = random_state
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
        if self.impute:
            table[:] = self.imputer_.transform(table.to_numpy())
        return self.prepared_.apply(table, groups)

    def _fit_transform(self, X: Array) -> Array:
        table, groups = self._decoded(X)
        if self.impute:
            self.imputer_ = Imputer(self.random_state)
            table[:] = self.imputer_.fit_transform(table.to_numpy())
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

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.impute
        return tags


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
