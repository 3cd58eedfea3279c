"""Probability that several jointly normal variables are all within intervals."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri

from synthcohort.population.linear_model import Array

_NODES = {1: 64, 2: 16, 3: 8}
"""Gauss-Legendre nodes a dimension, by the number of dimensions."""
_LOG2_POINTS = 11
_TINY = 1e-300
_ROWS = 500


def log_orthant(limits: Array, correlation: Array) -> Array:
    """Log probability that standard normal variables are all below their limits.

    Parameters
    ----------
    limits : ndarray, shape (n, m)
        One row a question; infinite limits are allowed.
    correlation : ndarray, shape (m, m)

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> half = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> round(float(np.exp(log_orthant(np.zeros((1, 2)), half)[0])), 6)
    0.333333
    """
    return log_rectangle(np.full_like(limits, -np.inf), limits, correlation)


def log_rectangle(lower: Array, upper: Array, correlation: Array) -> Array:
    """Log probability that standard normal variables are all within their intervals.

    Parameters
    ----------
    lower, upper : ndarray, shape (n, m)
        One row a question; infinite limits are allowed.
    correlation : ndarray, shape (m, m)

    Returns
    -------
    ndarray, shape (n,)

    Notes
    -----
    Each variable in turn is limited given those before it (Genz 1992, J Comput Graph
    Stat 1:141). With one variable that is exact; what is integrated over is m - 1
    dimensional, by Gauss-Legendre quadrature up to three dimensions, else by 2,048 Sobol
    points.

    Examples
    --------
    >>> apart = log_rectangle(np.array([[-1.0, 0.0]]), np.array([[1.0, np.inf]]), np.eye(2))
    >>> round(float(np.exp(apart[0])), 4)
    0.3413
    """
    n, m = upper.shape
    if m == 1:
        return _log_interval(lower[:, 0], upper[:, 0])
    factor = np.linalg.cholesky(correlation + 1e-12 * np.eye(m))
    # A few rows at a time, or the points of all would fill the memory.
    parts = [slice(start, start + _ROWS) for start in range(0, n, _ROWS)]
    return np.concatenate([_sequential(lower[rows], upper[rows], factor) for rows in parts])


def _sequential(lower: Array, upper: Array, factor: Array) -> Array:
    n, m = upper.shape
    points, weights = _points(m - 1)
    log_probability = np.zeros((n, len(weights)))
    drawn = np.zeros((n, len(weights), m))
    for j in range(m):
        known = drawn[:, :, :j] @ factor[j, :j]
        a = (lower[:, j, None] - known) / factor[j, j]
        b = (upper[:, j, None] - known) / factor[j, j]
        log_probability += _log_interval(a, b)
        if j < m - 1:
            drawn[:, :, j] = _within(a, b, points[:, j])
    return np.asarray(logsumexp(log_probability, b=weights, axis=1))


def _log_interval(a: Array, b: Array) -> Array:
    """Log probability of an interval, from the tail in which its digits are not lost."""
    if np.isneginf(a).all():
        return np.asarray(log_ndtr(b))
    flip = a > 0
    below = log_ndtr(np.where(flip, -b, a))
    above = log_ndtr(np.where(flip, -a, b))
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = above + np.log1p(-np.exp(below - above))
    return np.where(b > a, inside, -np.inf)


def _within(a: Array, b: Array, share: Array) -> Array:
    """Return standard normal variables within intervals, at the given shares of them."""
    flip = a > 0
    below = ndtr(np.where(flip, -b, a))
    above = ndtr(np.where(flip, -a, b))
    z = ndtri(np.clip(below + share * (above - below), _TINY, 1.0 - 1e-16))
    return np.asarray(np.where(flip, -z, z))


@cache
def _points(dimension: int) -> tuple[Array, Array]:
    """Points in the unit cube and their weights, which add up to 1."""
    if dimension in _NODES:
        nodes, weights = np.polynomial.legendre.leggauss(_NODES[dimension])
        grid = np.array(list(product((nodes + 1) / 2, repeat=dimension)))
        return grid, np.array(list(product(weights / 2, repeat=dimension))).prod(axis=1)
    from scipy.stats import qmc  # slow to import, and rarely needed

    points = qmc.Sobol(dimension, scramble=False).random_base2(_LOG2_POINTS)
    count = len(points)
    return points + 0.5 / count, np.full(count, 1 / count)
