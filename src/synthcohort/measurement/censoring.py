"""Moments of normal variables that an instrument's bounds censor: values beyond are set to them."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

Array = np.ndarray


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(60)
_REACH = 9.0


def censored_moments(
    mean: float, sd: float, lower: float | None, upper: float | None
) -> tuple[float, float, float]:
    """Mean, variance and uncensored share of a normal variable kept within bounds.

    Parameters
    ----------
    mean, sd : float
        Of the normal variable before the bounds.
    lower, upper : float or None
        Bounds; None where there is none.

    Returns
    -------
    mean, variance, share : float
        The share is the probability of a value within the bounds.

    Notes
    -----
    Closed form, from the moments of the truncated normal (Johnson, Kotz and
    Balakrishnan 1994, Continuous Univariate Distributions vol. 1, section 13.10.1).

    Examples
    --------
    >>> [round(v, 4) for v in censored_moments(0.0, 1.0, 0.0, None)]
    [0.3989, 0.3408, 0.5]
    """
    if sd == 0:
        value = float(np.clip(mean, lower, upper))
        return value, 0.0, float(value == mean)
    a, b = _standard(mean, sd, lower, -math.inf), _standard(mean, sd, upper, math.inf)
    below, above = float(ndtr(a)), float(ndtr(-b))
    share = 1.0 - below - above
    density_a, density_b = _density(a), _density(b)
    first = density_a - density_b + _edge(a, below) + _edge(b, above)
    inner = share + _edge(a, density_a) - _edge(b, density_b)
    second = inner + _edge(a, _edge(a, below)) + _edge(b, _edge(b, above))
    return mean + sd * first, sd**2 * (second - first**2), share


def censored_mean(mean: Array, sd: float, lower: float | None, upper: float | None) -> Array:
    """Mean of normal variables kept within bounds, for many means at once.

    Returns
    -------
    ndarray, of the shape of `mean`
    """
    if sd == 0:
        return np.asarray(np.clip(mean, lower, upper))
    value = mean.astype(float).copy()
    if lower is not None:
        z = (lower - mean) / sd
        value += sd * (z * ndtr(z) + np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi))
    if upper is not None:
        z = (mean - upper) / sd
        value -= sd * (z * ndtr(z) + np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi))
    return value


def censored_covariance(
    mean: tuple[float, float],
    covariance: Array,
    bounds: tuple[tuple[float | None, float | None], tuple[float | None, float | None]],
) -> float:
    """Covariance of two jointly normal variables after each is kept within its bounds.

    Parameters
    ----------
    mean : pair of float
    covariance : ndarray, shape (2, 2)
        Before the bounds.
    bounds : pair of (lower, upper)

    Returns
    -------
    float

    Notes
    -----
    With one variable bounded it is the covariance times the uncensored share (Stein 1981,
    Ann Stat 9:1135). With both, the conditional mean of the second has a closed form and
    the first is integrated by Gauss-Legendre quadrature between its bounds.
    """
    sd = np.sqrt(np.diag(covariance))
    if sd.min() == 0:
        return 0.0
    free = [bound == (None, None) for bound in bounds]
    shares = [censored_moments(mean[i], sd[i], *bounds[i])[2] for i in range(2)]
    if any(free):
        return float(covariance[0, 1] * math.prod(shares))
    slope = covariance[0, 1] / sd[0]
    rest = math.sqrt(max(sd[1] ** 2 - slope**2, 0.0))
    z, weight = _grid(mean[0], sd[0], bounds[0], mean[1], slope, bounds[1])
    first = np.clip(mean[0] + sd[0] * z, *bounds[0])
    second = censored_mean(mean[1] + slope * z, rest, *bounds[1])
    total = float(np.sum(weight * first * second))
    means = [censored_moments(mean[i], sd[i], *bounds[i])[0] for i in range(2)]
    return total - means[0] * means[1]


def _grid(
    mean: float,
    sd: float,
    bounds: tuple[float | None, float | None],
    other_mean: float,
    slope: float,
    other_bounds: tuple[float | None, float | None],
) -> tuple[Array, Array]:
    """Nodes and weights for an expectation over a standard normal, cut where there are kinks."""
    cuts = [(bound - mean) / sd for bound in bounds if bound is not None]
    if slope:
        cuts += [(bound - other_mean) / slope for bound in other_bounds if bound is not None]
    inside = sorted(cut for cut in cuts if -_REACH < cut < _REACH)
    edges = np.unique([-_REACH, *inside, *np.arange(-6.0, 7.0, 3.0), _REACH])
    half = np.diff(edges)[:, None] / 2
    z = (edges[:-1, None] + half + half * _NODES).ravel()
    weight = (half * _WEIGHTS).ravel() * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return z, weight


def _standard(mean: float, sd: float, bound: float | None, default: float) -> float:
    return default if bound is None else (bound - mean) / sd


def _density(z: float) -> float:
    return math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def _edge(z: float, factor: float) -> float:
    """``z * factor``, which tends to 0 where z is infinite."""
    return z * factor if math.isfinite(z) else 0.0
