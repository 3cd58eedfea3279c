"""Missing values drawn from what the other biomarkers tell about them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

Array = np.ndarray

_ROUNDS = 5


class Imputer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Fill missing values by chained regressions, drawn from their predictive distribution.

    Each variable with missing values is regressed on all others (scikit-learn's
    `IterativeImputer`, Bayesian ridge; after van Buuren & Groothuis-Oudshoorn 2011, J Stat
    Softw 45(3)), five rounds. A draw, not the mean: else imputed individuals would crowd
    in the middle, and all replicates would agree on them. Draws stay within the range of
    the observed values.

    Parameters
    ----------
    random_state : int, default 0
        The same state and data give the same draws, however often `transform` is called.

    Notes
    -----
    A variable without missing values in the fit takes its mean where one comes later.
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, X: Any, y: object = None) -> Imputer:
        """Fit the regressions on X, shape (N, p), NaN where missing."""
        from sklearn.experimental import enable_iterative_imputer  # noqa: F401
        from sklearn.impute import IterativeImputer

        X = self._validated(X, reset=True)
        low, high = _ranges(X)
        self.imputer_ = IterativeImputer(
            sample_posterior=True,
            max_iter=_ROUNDS,
            skip_complete=True,
            min_value=low,
            max_value=high,
            keep_empty_features=True,
            random_state=self.random_state,
        ).fit(X)
        return self

    def transform(self, X: Any) -> Array:
        """Return X with every missing value drawn, shape (N, p)."""
        check_is_fitted(self)
        X = self._validated(X, reset=False)
        # It would go on in its own stream: the second call would differ from the first.
        self.imputer_.random_state_ = np.random.RandomState(self.random_state)
        return np.asarray(self.imputer_.transform(X))

    def _validated(self, X: Any, reset: bool) -> Array:
        return validate_data(
            self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=reset, copy=True
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def imputed(X: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return a table with its missing values drawn once, shape (N, p)."""
    if not X.isna().to_numpy().any():
        return X
    values = Imputer(seed % 2**32).fit_transform(X.to_numpy(dtype=float))
    return pd.DataFrame(values, index=X.index, columns=X.columns)


def _ranges(X: Array) -> tuple[Array, Array]:
    """Lowest and highest observed value of each column, without limit where there is no range."""
    low = np.min(X, axis=0, initial=np.inf, where=~np.isnan(X))
    high = np.max(X, axis=0, initial=-np.inf, where=~np.isnan(X))
    return np.where(low < high, low, -np.inf), np.where(low < high, high, np.inf)
