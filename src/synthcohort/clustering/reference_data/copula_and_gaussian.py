"""Data without clusters that look like given data: what a pipeline reports on them is the null."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from synthcohort.clustering.reference_data.polychoric import latent_correlation

Array = np.ndarray


def gaussian_reference(X: pd.DataFrame, normal: Array) -> pd.DataFrame:
    """Return normal individuals with exactly the means and covariances of X.

    Parameters
    ----------
    X : DataFrame, shape (N, p)
        Without missing values.
    normal : ndarray, shape (N, p)
        Uncorrelated normal scores, from `normal_scores`.

    Returns
    -------
    DataFrame, shape (N, p)

    Notes
    -----
    Given its means and covariances, a normal sample is one of them (Engen & Lillegard 1997,
    Biometrika 84:235), so a test against references is exact for normal data.
    """
    values = X.to_numpy(dtype=float)
    covariance = np.cov(values, rowvar=False, ddof=0).reshape(X.shape[1], -1)
    drawn = values.mean(axis=0) + normal @ _power(covariance, 0.5)
    constant = values.min(axis=0) == values.max(axis=0)
    drawn[:, constant] = values[0, constant]  # rounding would make them vary
    return pd.DataFrame(drawn, index=X.index, columns=X.columns)


def copula_reference(X: pd.DataFrame, normal: Array) -> pd.DataFrame:
    """Return individuals with the marginal distributions and rank correlations of X.

    The values of every column are those of X, put together anew by a Gaussian copula, so
    bounds, skewness and outliers stay and groups in several columns go.

    Parameters
    ----------
    X : DataFrame, shape (N, p)
        Without missing values.
    normal : ndarray, shape (N, p)
        Uncorrelated normal scores, from `normal_scores`.

    Returns
    -------
    DataFrame, shape (N, p)
    """
    values = X.to_numpy(dtype=float)
    ranks = (normal @ _power(latent_correlation(values), 0.5)).argsort(axis=0).argsort(axis=0)
    mixed = np.take_along_axis(np.sort(values, axis=0), ranks, axis=0)
    return pd.DataFrame(mixed, index=X.index, columns=X.columns)


REFERENCE_KINDS: dict[str, Callable[[pd.DataFrame, Array], pd.DataFrame]] = {
    "copula": copula_reference,
    "gaussian": gaussian_reference,
}
"""Kinds of reference data sets, by name."""


def normal_scores(n: int, p: int, rng: np.random.Generator) -> Array:
    """Draw normal individuals whose sample means are 0 and whose sample covariance is 1.

    Parameters
    ----------
    n, p : int
    rng : Generator

    Returns
    -------
    ndarray, shape (n, p)
        With n at most p the sample covariance can't be 1; then it is only expected to be.
    """
    drawn = rng.standard_normal((n, p))
    if n <= p:
        return drawn
    drawn -= drawn.mean(axis=0)
    return np.asarray(drawn @ _power(drawn.T @ drawn / n, -0.5))


def _power(matrix: Array, exponent: float) -> Array:
    """Power of a covariance matrix; unlike other roots the symmetric one is unique."""
    spread, axes = np.linalg.eigh(matrix)
    return np.asarray((axes * np.maximum(spread, np.finfo(float).tiny) ** exponent) @ axes.T)
