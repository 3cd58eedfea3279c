"""Moments of normal variables that an instrument's bounds censor: values beyond are set to them."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

Array = np.ndarray

REACH = 9.0
"""Standard deviations beyond which nothing happens: 1 value in 10^18."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(60)
_EDGES = (-REACH, -6.0, -3.0, 0.0, 3.0, 6.0, REACH)
_AT_ONCE = 32
_INFINITE = 40.0


def censored_moments(
    mean: Array, sd: Array, lower: Array | float, upper: Array | float
) -> tuple[Array, Array, Array]:
    """Mean, variance and uncensored share of normal variables kept within bounds.

    Parameters
    ----------
    mean, sd : ndarray, shape (n,)
        Of the normal variables before the bounds.
    lower, upper : ndarray, shape (n,), or float
        Bounds, infinite where there is none.

    Returns
    -------
    mean, variance, share : ndarray, shape (n,)
        The share is the probability of a value within the bounds.

    Notes
    -----
    Closed form, from the moments of the truncated normal (Johnson, Kotz and
    Balakrishnan 1994, Continuous Univariate Distributions vol. 1, section 13.10.1).

    Examples
    --------
    >>> got = censored_moments(np.zeros(1), np.ones(1), 0.0, np.inf)
    >>> [round(float(v[0]), 4) for v in got]
    [0.3989, 0.3408, 0.5]
    """
    varies = sd > 0
    a, b = _standard(lower, mean, sd), _standard(upper, mean, sd)
    below, above = ndtr(a), ndtr(-b)
    share = 1.0 - below - above
    density_a, density_b = _density(a), _density(b)
    first = density_a - density_b + a * below + b * above
    second = share + a * density_a - b * density_b + a * a * below + b * b * above
    constant = np.clip(mean, lower, upper)
    return (
        np.where(varies, mean + sd * first, constant),
        np.where(varies, sd**2 * (second - first**2), 0.0),
        np.where(varies, share, constant == mean),
    )


def censored_covariances(
    mean: Array, sd: Array, covariance: Array, lower: Array, upper: Array
) -> Array:
    """Covariances of pairs of jointly normal variables after each is kept within its bounds.

    Parameters
    ----------
    mean, sd : ndarray, shape (n, 2)
        Before the bounds.
    covariance : ndarray, shape (n,)
        Before the bounds.
    lower, upper : ndarray, shape (n, 2)
        Bounds, infinite where there is none.

    Returns
    -------
    ndarray, shape (n,)

    Notes
    -----
    With one variable bounded it is the covariance times the uncensored share (Stein 1981,
    Ann Stat 9:1135). With both, the conditional mean of the second has a closed form and
    the first is integrated by Gauss-Legendre quadrature between its bounds.
    """
    first, _, share = censored_moments(mean, sd, lower, upper)
    result = covariance * share.prod(axis=1)
    result[(sd == 0).any(axis=1)] = 0.0
    acts = (lower > mean - REACH * sd) | (upper < mean + REACH * sd)
    both = np.flatnonzero(acts.all(axis=1) & (sd > 0).all(axis=1))
    for rows in (both[i : i + _AT_ONCE] for i in range(0, len(both), _AT_ONCE)):
        product = _product(mean[rows], sd[rows], covariance[rows], lower[rows], upper[rows])
        result[rows] = product - first[rows].prod(axis=1)
    return np.asarray(result)


def _product(mean: Array, sd: Array, covariance: Array, lower: Array, upper: Array) -> Array:
    """Return the expected product of two censored variables, shape (n,)."""
    slope = covariance / sd[:, 0]
    rest = np.sqrt(np.maximum(sd[:, 1] ** 2 - slope**2, 0.0))[:, None]
    cuts = [(bound[:, 0] - mean[:, 0]) / sd[:, 0] for bound in (lower, upper)]
    with np.errstate(divide="ignore", invalid="ignore"):
        cuts += [(bound[:, 1] - mean[:, 1]) / slope for bound in (lower, upper)]
    z, weight = _grid(np.stack(cuts, axis=1))
    one = np.clip(mean[:, :1] + sd[:, :1] * z, lower[:, :1], upper[:, :1])
    two = _censored_mean(mean[:, 1:] + slope[:, None] * z, rest, lower[:, 1:], upper[:, 1:])
    return np.asarray(np.einsum("nm,nm,nm->n", weight, one, two))


def _grid(cuts: Array) -> tuple[Array, Array]:
    """Nodes and weights for expectations over a standard normal, cut where there are kinks."""
    cuts = np.where(np.abs(cuts) < REACH, cuts, REACH)
    edges = np.sort(np.hstack([cuts, np.tile(_EDGES, (len(cuts), 1))]), axis=1)
    half = np.diff(edges)[:, :, None] / 2
    z = (edges[:, :-1, None] + half + half * _NODES).reshape(len(cuts), -1)
    weight = (half * _WEIGHTS).reshape(len(cuts), -1)
    return z, weight * _density(z)


def _censored_mean(mean: Array, sd: Array, lower: Array, upper: Array) -> Array:
    """Mean of normal variables kept within bounds."""
    a, b = _standard(lower, mean, sd), _standard(upper, mean, sd)
    moved = a * ndtr(a) + _density(a) + b * ndtr(-b) - _density(b)
    return np.asarray(np.where(sd > 0, mean + sd * moved, np.clip(mean, lower, upper)))


def _standard(bound: Array | float, mean: Array, sd: Array) -> Array:
    """Return bounds in SDs from the mean, those far off at 40: their tails are 0 all the same."""
    z = (bound - mean) / np.where(sd > 0, sd, 1.0)
    return np.asarray(np.clip(z, -_INFINITE, _INFINITE))


def _density(z: Array) -> Array:
    return np.asarray(np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi))
