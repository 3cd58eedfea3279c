"""Data without groups by a normal or t copula: the margins, ties, correlations and tails of X."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthcohort.clustering.reference_data.copula_and_gaussian import normal_scores
from synthcohort.clustering.reference_data.polychoric import latent_correlation
from synthcohort.clustering.reference_data.white_scores import normal_ranks, whitened

Array = np.ndarray

_DEGREES = (np.inf, 40.0, 20.0, 12.0, 8.0, 6.0, 5.0, 4.0, 3.5, 3.0, 2.5, 2.0)
"""Degrees of freedom of the t copula that are compared, from light to heavy tails."""
_DRAWS = 3
_ROWS = 1500
"""Individuals by whom the tails are fitted, data and references alike."""


@dataclass(frozen=True)
class Copula:
    """A distribution without groups that resembles a data set.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Every column of the data, sorted.
    correlation : ndarray, shape (p, p)
        Of the normal variables behind the columns.
    degrees : float
        Degrees of freedom of the t copula; infinite for a normal one.
    """

    values: Array
    correlation: Array
    degrees: float

    def draw(self, rng: np.random.Generator, rows: int | None = None) -> Array:
        """Draw a reference: N individuals with exactly the data's values in every column.

        Parameters
        ----------
        rng : Generator
        rows : int, optional
            Fewer individuals; then their values are evenly spaced among the data's.

        Returns
        -------
        ndarray, shape (N, p)
        """
        values = self.values
        if rows is not None and rows < len(values):
            values = values[((np.arange(rows) + 0.5) * len(values) / rows).astype(int)]
        return _drawn(values, self.correlation, self.degrees, rng)


def fit_copula(X: Array, rng: np.random.Generator) -> Copula:
    """Fit a copula without groups to data.

    Its correlations are solved for, so that references have those of the data after ties.
    Its tails are the t copula's whose references have the data's mean fourth power of the
    distance from the middle, on normal scores: by interpolation in 1 / degrees. Lighter
    tails than the normal copula's stay normal.

    Parameters
    ----------
    X : ndarray, shape (N, p)
        Without missing values.
    rng : Generator

    Returns
    -------
    Copula
    """
    values, correlation = np.sort(X, axis=0), latent_correlation(X)
    normal = Copula(values, correlation, np.inf)
    if X.shape[1] == 1:
        return normal
    some = X if len(X) <= _ROWS else X[np.sort(rng.permutation(len(X))[:_ROWS])]
    own = np.mean([_spread(some, rng) for _ in range(_DRAWS)])
    seeds = rng.integers(2**31, size=_DRAWS)

    def spread_with(degrees: float) -> float:
        drawn = Copula(values, correlation, degrees)
        spreads = []
        for seed in seeds:  # the same draws for all degrees
            stream = np.random.default_rng(seed)
            spreads.append(_spread(drawn.draw(stream, len(some)), stream))
        return float(np.mean(spreads))

    lighter, lighter_spread = np.inf, spread_with(np.inf)
    if own <= lighter_spread:
        return normal
    for degrees in _DEGREES[1:]:
        spread = max(spread_with(degrees), lighter_spread)
        if own < spread:
            share = (own - lighter_spread) / (spread - lighter_spread)
            inverse = (1 - share) / lighter + share / degrees
            return Copula(values, correlation, float(1 / inverse) if inverse > 0 else np.inf)
        lighter, lighter_spread = degrees, spread
    return Copula(values, correlation, lighter)


def _spread(X: Array, rng: np.random.Generator) -> float:
    distance = (whitened(normal_ranks(X, rng)) ** 2).sum(axis=1)
    return float(np.log(np.mean(distance**2)))


def _drawn(values: Array, correlation: Array, degrees: float, rng: np.random.Generator) -> Array:
    n, p = values.shape
    spread, axes = np.linalg.eigh(correlation)
    latent = normal_scores(n, p, rng) @ (axes * np.sqrt(np.maximum(spread, 0.0))) @ axes.T
    if np.isfinite(degrees):
        latent /= np.sqrt(rng.chisquare(degrees, (n, 1)) / degrees)
    ranks = latent.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(values, ranks, axis=0)
