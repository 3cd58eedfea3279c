"""What the instrument makes of the values of a biomarker."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from synthcohort.measurement.portable import exp
from synthcohort.scene.instrument import Detection, Measurement

Array = np.ndarray

_DIGITS = 9
_EDGE = 1e-6
_FAR = 8.0


class Draws(Protocol):
    """Where the randomness of an instrument comes from."""

    def uniform(self, role: str, n: int) -> Array:
        """Draw uniforms, shape (n,)."""

    def normal(self, role: str, chosen: Array) -> Array:
        """Draw standard normals for the chosen rows, shape (chosen.sum(),)."""


@dataclass(frozen=True)
class Linear:
    """What the linear model says of one biomarker for some individuals.

    Parameters
    ----------
    value : ndarray, shape (n,)
        Before measurement.
    noise, mean, sd : ndarray, shape (n,), or float
        SD of its noise; mean and SD of the value given groups and covariates.
    """

    value: Array
    noise: Array | float
    mean: Array | float = 0.0
    sd: Array | float = 1.0


def record(measurement: Measurement, linear: Linear, draws: Draws) -> tuple[Array, Array | None]:
    """Record the values of one biomarker.

    Parameters
    ----------
    measurement : Measurement
    linear : Linear
        `mean` and `sd` are needed for truncated values only.
    draws : Draws

    Returns
    -------
    values : ndarray, shape (n,)
        As recorded, in the biomarker's unit; a value beyond a detection limit that is
        reported missing stays here as it is.
    undetected : ndarray of bool, shape (n,), or None
        Values that a detection limit makes missing.
    """
    latent, sd = _with_outliers(measurement, linear, draws)
    if measurement.beyond == "truncate":
        latent = truncated(latent, linear.mean, sd, *measurement.latent_bounds)
    value = exp(latent) if measurement.scale == "log" else latent
    if measurement.thresholds:
        value = np.searchsorted(measurement.thresholds, value, side="right").astype(float)
    elif measurement.bounded:
        value = np.clip(value, measurement.lower, measurement.upper)
    if measurement.detection is None:
        return _as_written(measurement, value, draws), None
    return _detected(measurement, measurement.detection, value, draws)


def _with_outliers(
    measurement: Measurement, linear: Linear, draws: Draws
) -> tuple[Array, Array | float]:
    """Values with gross errors, and their SD given groups and covariates."""
    outliers = measurement.outliers
    if outliers is None:
        return linear.value, linear.sd
    n = len(linear.value)
    hit = draws.uniform("outlier", n) < outliers.rate
    more = math.sqrt(outliers.factor**2 - 1)
    error = more * np.broadcast_to(linear.noise, n)[hit]
    value = linear.value.copy()
    value[hit] += error * draws.normal("outlier error", hit)
    sd = np.array(np.broadcast_to(linear.sd, n))
    sd[hit] = np.hypot(sd[hit], error)
    return value, sd


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


def _as_written(measurement: Measurement, value: Array, draws: Draws) -> Array:
    heaping = measurement.heaping
    if heaping is not None:
        heaped = draws.uniform("heaping", len(value)) < heaping.rate
        value = np.where(heaped, np.round(value / heaping.to) * heaping.to, value)
    if measurement.decimals is not None:
        value = np.round(value, measurement.decimals)
    return value


def _detected(
    measurement: Measurement, limits: Detection, value: Array, draws: Draws
) -> tuple[Array, Array | None]:
    below = np.zeros(len(value), dtype=bool) if limits.lower is None else value < limits.lower
    above = np.zeros(len(value), dtype=bool) if limits.upper is None else value > limits.upper
    written = _as_written(measurement, value, draws)
    if limits.report == "missing":
        return written, below | above
    if limits.lower is not None:
        written[below] = limits.lower / 2 if limits.report == "half" else limits.lower
    if limits.upper is not None:
        written[above] = limits.upper
    return written, None
