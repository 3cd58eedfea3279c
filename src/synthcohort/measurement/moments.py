"""Means and covariances of what is recorded in one cell, from those of the linear model."""

from __future__ import annotations

import math

import numpy as np

from synthcohort.measurement.censoring import censored_covariance, censored_moments
from synthcohort.measurement.hermite import TERMS, Reading, covariances, reading
from synthcohort.scene.instrument import Measurement

Array = np.ndarray


def recorded_moments(
    measurements: list[Measurement], mean: Array, covariance: Array, noise: Array
) -> tuple[Array, Array]:
    """Mean and covariance of recorded values; missing ones count as if recorded.

    Parameters
    ----------
    measurements : list of Measurement, length p
    mean : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        Of the linear model, in one cell.
    noise : ndarray, shape (p,)
        Noise SDs, which outliers multiply.

    Returns
    -------
    mean : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)

    Notes
    -----
    Where bounds alone act, closed forms and quadrature (`censored`); else Hermite expansions
    to degree 80 (`reading`).
    """
    sd = np.sqrt(np.diag(covariance))
    readings = [
        recorded_reading(measurement, m, s, gross_error(measurement, e))
        for measurement, m, s, e in zip(measurements, mean, sd, noise, strict=True)
    ]
    scale = np.where(sd > 0, sd, 1.0)
    result = covariances(readings, covariance / np.outer(scale, scale))
    clipped = [i for i, m in enumerate(measurements) if m.bounded and only_clips(m)]
    for a, i in enumerate(clipped):
        for j in clipped[:a]:
            pair = covariance[np.ix_([i, j], [i, j])]
            bounds = (_bounds(measurements[i]), _bounds(measurements[j]))
            value = censored_covariance((mean[i], mean[j]), pair, bounds)
            result[i, j] = result[j, i] = value
    return np.array([r.mean for r in readings]), result


def recorded_reading(measurement: Measurement, mean: float, sd: float, error: float) -> Reading:
    """Expand one recorded value; with clipping bounds alone, mean and variance in closed form."""
    if not measurement.acts:
        return Reading(mean * np.eye(1, TERMS + 1)[0] + sd * np.eye(1, TERMS + 1, 1)[0], sd**2)
    if not only_clips(measurement):
        return reading(measurement, mean, sd, error)
    first, variance, share = censored_moments(mean, sd, *_bounds(measurement))
    coefficients = reading(measurement, mean, sd).coefficients
    coefficients[:2] = first, sd * share
    return Reading(coefficients, variance)


def gross_error(measurement: Measurement, noise: float) -> float:
    """SD of the gross errors of outliers, on top of the noise."""
    if measurement.outliers is None:
        return 0.0
    return noise * math.sqrt(measurement.outliers.factor**2 - 1)


def only_clips(measurement: Measurement) -> bool:
    """Whether clipping bounds are all that a measurement does, if it does anything."""
    return measurement == Measurement(lower=measurement.lower, upper=measurement.upper)


def _bounds(measurement: Measurement) -> tuple[float | None, float | None]:
    return measurement.lower, measurement.upper
