"""The normal correlations behind columns with ties: those that give rank correlations back."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

Array = np.ndarray

_TERMS = 40
"""Hermite terms of a step function; the rest matters only near correlations of 1."""
_HALVINGS = 30
_ALMOST = 1 - 1e-15
_LEAST = 1e-6
"""Smallest eigenvalue of a correlation matrix."""


def latent_correlation(X: Array) -> Array:
    """Solve for the correlations of the normal variables that lie behind the columns.

    Every column is seen as a normal variable, mapped monotonically and perhaps cut into
    levels. The solution gives columns with the rank correlations of X, ties sharing their
    mean rank. Without ties it is 2 sin(pi rho / 6) (Pearson 1907); with ties it is larger, as
    polychoric correlations are (Olsson 1979, Psychometrika 44:443).

    Parameters
    ----------
    X : ndarray, shape (N, p)
        Without missing values.

    Returns
    -------
    ndarray, shape (p, p)
        Positive definite; a constant column is uncorrelated.

    Notes
    -----
    With Hermite coefficients a_k and b_k of two columns' ranks the correlation of
    the ranks is the sum of a_k b_k r^k (Mehler 1866), which grows with r and is inverted by
    halving.
    """
    columns = [tied_ranks(column) for column in X.T]
    scores = np.column_stack([s for s, _ in columns])
    coefficients = np.array([a for _, a in columns])
    solved = solved_correlations(scores.T @ scores / len(X), coefficients)
    constant = (scores == 0).all(axis=0)
    solved[constant[:, None] | constant] = 0.0
    np.fill_diagonal(solved, 1.0)
    return _positive(solved)


def solved_correlations(observed: Array, coefficients: Array) -> Array:
    """Correlations of normal variables whose ranks have the observed correlations.

    Parameters
    ----------
    observed : ndarray, shape (p, p)
    coefficients : ndarray, shape (p, terms)
        Of each column's ranks, see `tied_ranks`.

    Returns
    -------
    ndarray, shape (p, p)
        Each pair by itself; 1 or -1 where the ranks can't be as correlated as observed.
    """
    products = coefficients[:, None, :] * coefficients[None, :, :]
    powers = np.arange(1, _TERMS + 1)
    low, high = -np.ones_like(observed), np.ones_like(observed)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = (products * middle[..., None] ** powers).sum(axis=2) < observed
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)


def tied_ranks(column: Array, weight: Array | None = None) -> tuple[Array, Array]:
    """Centred ranks of variance 1, shared by ties, and their Hermite coefficients.

    Parameters
    ----------
    column : ndarray, shape (N,)
        Without missing values.
    weight : ndarray, shape (N,), optional
        How many people each stands for.

    Returns
    -------
    ranks : ndarray, shape (N,)
    coefficients : ndarray, shape (40,)
    """
    _, level, counts = np.unique(column, return_inverse=True, return_counts=True)
    if weight is not None:
        counts = np.bincount(level, weight)
    n = counts.sum()
    ranks = np.cumsum(counts) - counts / 2 - n / 2
    spread = np.sqrt((ranks**2 * counts).sum() / n)
    ranks = ranks / spread if spread > 0 else ranks
    edges = ndtri(np.minimum(np.cumsum(counts)[:-1] / n, _ALMOST))
    rise = np.diff(ranks) * np.exp(-(edges**2) / 2) / np.sqrt(2 * np.pi)
    before, now, coefficients = np.zeros_like(edges), np.ones_like(edges), np.zeros(_TERMS)
    for k in range(_TERMS):
        coefficients[k] = (rise * now).sum() / np.sqrt(k + 1)
        before, now = now, (edges * now - np.sqrt(k) * before) / np.sqrt(k + 1)
    return ranks[level], coefficients


def _positive(matrix: Array) -> Array:
    spread, axes = np.linalg.eigh((matrix + matrix.T) / 2)
    mended = (axes * np.maximum(spread, _LEAST)) @ axes.T
    scale = np.sqrt(np.diag(mended))
    return np.asarray(mended / np.outer(scale, scale))
