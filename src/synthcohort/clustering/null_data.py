"""Data without clusters that look like given data: what a pipeline reports on them is the null."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import rankdata

Array = np.ndarray


def copula_twin(X: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw individuals with the marginal distributions and rank correlations of X.

    The values of every column are those of X, put together anew by a Gaussian copula, so
    bounds, skewness and outliers stay and groups in several columns go.

    Parameters
    ----------
    X : DataFrame, shape (N, p)
        Without missing values.
    rng : Generator

    Returns
    -------
    DataFrame, shape (N, p)
    """
    values = X.to_numpy(dtype=float)
    n = len(values)
    centred = rankdata(values, axis=0) - (n + 1) / 2
    spread = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(spread > 0, spread, 1.0)
    # The normal correlation that has a given rank correlation (Pearson 1907).
    drawn = _normal(2 * np.sin(np.pi / 6 * (scaled.T @ scaled)), n, rng)
    ranks = drawn.argsort(axis=0).argsort(axis=0)
    mixed = np.take_along_axis(np.sort(values, axis=0), ranks, axis=0)
    return pd.DataFrame(mixed, index=X.index, columns=X.columns)


def _normal(covariance: Array, n: int, rng: np.random.Generator) -> Array:
    """Centred normal draws, shape (n, p); the covariance may be singular."""
    spread, axes = np.linalg.eigh(np.atleast_2d(covariance))
    root = axes * np.sqrt(np.maximum(spread, 0.0))
    return np.asarray(rng.standard_normal((n, len(spread))) @ root.T)
