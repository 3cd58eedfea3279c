"""Probability that several jointly normal variables are all below their limits."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri
from scipy.stats import qmc

from synthcohort.population.linear import Array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_LOG2_POINTS = 11
_TINY = 1e-300


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

    Notes
    -----
    Each variable in turn is limited given those before it (Genz 1992, J Comput Graph
    Stat 1:141). With one variable that is exact, with two the remaining integral is
    solved by Gauss-Legendre quadrature, with more by 2,048 Sobol points.

    Examples
    --------
    >>> half = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> round(float(np.exp(log_orthant(np.zeros((1, 2)), half)[0])), 6)
    0.333333
    """
    n, m = limits.shape
    if m == 1:
        return np.asarray(log_ndtr(limits[:, 0]))
    factor = np.linalg.cholesky(correlation + 1e-12 * np.eye(m))
    points, weights = _points(m - 1)
    log_probability = np.zeros((n, len(weights)))
    drawn = np.zeros((n, len(weights), m))
    for j in range(m):
        shifted = limits[:, j, None] - drawn[:, :, :j] @ factor[j, :j]
        below = shifted / factor[j, j]
        log_probability += log_ndtr(below)
        if j < m - 1:
            drawn[:, :, j] = ndtri(np.maximum(points[:, j] * ndtr(below), _TINY))
    return np.asarray(logsumexp(log_probability, b=weights, axis=1))


@cache
def _points(dimension: int) -> tuple[Array, Array]:
    """Points in the unit cube and their weights, which add up to 1."""
    if dimension == 1:
        return (_NODES[:, None] + 1) / 2, _WEIGHTS / 2
    points = qmc.Sobol(dimension, scramble=False).random_base2(_LOG2_POINTS)
    count = len(points)
    return points + 0.5 / count, np.full(count, 1 / count)
