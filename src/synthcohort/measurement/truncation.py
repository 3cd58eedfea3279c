"""Bounds that truncate: the distribution within groups and covariates is the truncated normal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from synthcohort.measurement.step import Array, Draws, Inverse, Step, Values

_DIGITS = 9
_EDGE = 1e-6
_FAR = 8.0


@dataclass(frozen=True)
class TruncationStep(Step):
    """Normal values are mapped to truncated normal ones, keeping their order.

    The bounds are on the scale of the linear model, infinite where there is none; `words`
    are the bounds as the scene gives them.
    """

    lower: float
    upper: float
    words: str

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Map each value by its rank given groups and covariates."""
        value = truncated(values.value, values.mean, values.sd, self.lower, self.upper)
        return replace(values, value=value)

    def before(self, value: Array, mean: Array | float, sd: Array | float) -> Array:
        """Undo the mapping."""
        return untruncated(value, mean, sd, self.lower, self.upper)

    def log_gain(self, before: Array, value: Array, mean: Array, sd: float) -> Array:
        """Log density of truncated values over that of the normal values they come from."""
        z, now = (before - mean) / sd, (value - mean) / sd
        return np.asarray((z**2 - now**2) / 2 - self._log_share(mean, sd))

    def _log_share(self, mean: Array, sd: float) -> Array:
        """Log probability of normal variables to be within the bounds."""
        a, b = (self.lower - mean) / sd, (self.upper - mean) / sd
        a, b = np.where(a > 0, -b, a), np.where(a > 0, -a, b)
        return np.asarray(log_ndtr(b) + np.log1p(-np.exp(log_ndtr(a) - log_ndtr(b))))

    def invert(self, inverse: Inverse) -> Inverse:
        """Check the values; the mapping is undone given mean and SD, by `before`."""
        if ((inverse.high < self.lower) | (inverse.low > self.upper)).any():
            raise ValueError(f"got a value beyond {self.words}, its bounds")
        return inverse


def truncated(
    value: Array, mean: Array | float, sd: Array | float, lower: float, upper: float
) -> Array:
    """Map normal values to truncated normal ones, keeping their order.

    Parameters
    ----------
    value : ndarray, shape (n,)
        Normal with the given mean and SD.
    mean, sd : ndarray, shape (n,), or float
    lower, upper : float
        Bounds, infinite where there is none.

    Returns
    -------
    ndarray, shape (n,)
        Normal with the same mean and SD given that it is within the bounds; rounded to
        1e-9 SD, so that all machines agree. A constant is clipped.

    Examples
    --------
    >>> truncated(np.array([-1.0, 0.0, 1.0]), 0.0, 1.0, 0.0, np.inf).round(3).tolist()
    [0.2, 0.674, 1.41]
    """
    shape = value.shape
    spread = np.broadcast_to(np.where(np.asarray(sd) > 0, sd, 1.0), shape)
    a = np.broadcast_to((lower - mean) / spread, shape)
    b = np.broadcast_to((upper - mean) / spread, shape)
    near = (a > -_FAR) | (b < _FAR)  # the others keep their value to the last digit
    z = ((value - mean) / spread)[near]
    inside = np.round(_truncated_standard(z, a[near], b[near]), _DIGITS)
    result = value.copy()
    result[near] = np.broadcast_to(mean, shape)[near] + spread[near] * inside
    return np.asarray(np.clip(np.where(sd == 0, value, result), lower, upper))


def _truncated_standard(z: Array, a: Array, b: Array) -> Array:
    # In the upper tail probabilities lose their digits: take the mirror image there.
    sign = np.where(a > 0, -1.0, 1.0)
    low, high = np.minimum(sign * a, sign * b), np.maximum(sign * a, sign * b)
    below, above = _cdf(low), _cdf(high)
    share = below + ndtr(sign * z) * (above - below)
    inside = ndtri(share)
    far = np.isposinf(inside) & np.isposinf(high)
    if far.any():  # beyond 8 SDs the share is 1 to the last digit: take what is left of it
        left = ndtr(-sign[far] * z[far]) * (above - below)[far]
        inside[far] = -ndtri(left)
    nobody = high < -_FAR
    if nobody.any():  # bounds so far out that no share is above 0: their logarithms are
        up = log_ndtr(sign[nobody] * z[nobody]) + log_ndtr(high[nobody])
        down = log_ndtr(-sign[nobody] * z[nobody]) + log_ndtr(low[nobody])
        inside[nobody] = ndtri_exp(np.logaddexp(up, down))
    return np.asarray(sign * np.clip(inside, low, high))


def _cdf(z: Array) -> Array:
    """Return the normal distribution function, 0 or 1 far out, where it would take longest."""
    result, near = (z > 0).astype(float), np.abs(z) < _FAR
    result[near] = ndtr(z[near])  # SciPy 1.17 writes past its buffer when given `where`
    return result


def untruncated(
    value: Array, mean: Array | float, sd: Array | float, lower: float, upper: float
) -> Array:
    """Undo `truncated`: the normal values that truncated ones come from.

    Values at or beyond a bound come back as those just inside: infinity is no value.

    Examples
    --------
    >>> untruncated(np.array([0.2, 0.674, 1.41]), 0.0, 1.0, 0.0, np.inf).round(2).tolist()
    [-1.0, -0.0, 1.0]
    """
    spread = np.where(np.asarray(sd) > 0, sd, 1.0)
    sign = np.where((lower - mean) / spread > 0, -1.0, 1.0)
    ends = sign * (lower - mean) / spread, sign * (upper - mean) / spread
    below, above = ndtr(np.minimum(*ends)), ndtr(np.maximum(*ends))
    # Deep in a tail the whole probability may be too small to be divided by.
    share = (ndtr(sign * (value - mean) / spread) - below) / np.maximum(above - below, 1e-300)
    result = mean + spread * sign * ndtri(np.clip(share, _EDGE, 1 - _EDGE))
    return np.asarray(np.where(np.asarray(sd) > 0, result, value))
