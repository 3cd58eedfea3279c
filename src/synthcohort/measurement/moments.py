"""Means and covariances of what is recorded in each stratum, from those of the linear model."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.polynomial.polynomial import polyval

from synthcohort.measurement.censoring import censored_covariances, censored_moments
from synthcohort.measurement.composition import Instrument
from synthcohort.measurement.hermite_expansion import TERMS, Expansion, covariances, expansion
from synthcohort.scene.instrument import Measurement

Array = np.ndarray


def recorded_moments(
    measurements: list[Measurement], mean: Array, spread: Array, covariance: Array, noise: Array
) -> tuple[Array, Array]:
    """Means and covariances of recorded values; missing ones count as if recorded.

    Parameters
    ----------
    measurements : list of Measurement, length p
    mean : ndarray, shape (n, p)
        Of the linear model, in n strata.
    spread : ndarray of int, shape (n,)
        Which of the s covariances and noises each stratum has.
    covariance : ndarray, shape (s, p, p)
        Of the linear model.
    noise : ndarray, shape (s, p)
        Noise SDs, which outliers multiply.

    Returns
    -------
    mean : ndarray, shape (n, p)
    covariance : ndarray, shape (n, p, p)

    Notes
    -----
    Where bounds alone act, closed forms and quadrature (`censored_moments`); else Hermite
    expansions to degree 80 (`expansion`).
    """
    sd = np.sqrt(np.einsum("sii->si", covariance))
    # Bounds alone have closed forms, for which the mean and the slope are enough.
    degree = 1 if all(only_clips(m) for m in measurements) else TERMS
    expansions = [
        _once_each(m, mean[:, j], sd[spread, j], gross_error(m, noise[spread, j]), degree)
        for j, m in enumerate(measurements)
    ]
    scale = np.where(sd > 0, sd, 1.0)
    correlation = covariance / (scale[:, :, None] * scale[:, None, :])
    result = covariances(expansions, correlation, spread)
    clipped = [j for j, m in enumerate(measurements) if m.bounded and only_clips(m)]
    for i, j in combinations(clipped, 2):
        pair = np.column_stack([mean[:, [i, j]], sd[spread][:, [i, j]], covariance[spread, i, j]])
        distinct, which = np.unique(pair, axis=0, return_inverse=True)
        bounds = np.array([_bounds(measurements[i]), _bounds(measurements[j])]).T
        low, high = (np.tile(bound, (len(distinct), 1)) for bound in bounds)
        value = censored_covariances(distinct[:, :2], distinct[:, 2:4], distinct[:, 4], low, high)[
            which.ravel()
        ]
        result[:, i, j] = result[:, j, i] = value
    return np.column_stack([e.mean for e in expansions]), result


def _once_each(
    measurement: Measurement, mean: Array, sd: Array, error: Array, degree: int
) -> Expansion:
    """Expand each distinct variable once."""
    rows, which = np.unique(np.column_stack([mean, sd, error]), axis=0, return_inverse=True)
    found = recorded_expansion(measurement, rows[:, 0], rows[:, 1], rows[:, 2], degree)
    which = which.ravel()
    return Expansion(found.coefficients[which], found.variance[which])


def recorded_expansion(
    measurement: Measurement, mean: Array, sd: Array, error: Array, degree: int = TERMS
) -> Expansion:
    """Expand recorded values; with clipping bounds alone, mean and variance in closed form.

    Parameters
    ----------
    measurement : Measurement
    mean, sd, error : ndarray, shape (n,)
        Of the linear model; SD of gross errors.
    degree : int
        Of the highest coefficient.

    Returns
    -------
    Expansion
    """
    coefficients = np.zeros((len(mean), degree + 1))
    if not only_clips(measurement):
        return expansion(Instrument.of(measurement), mean, sd, error)
    first, variance, share = censored_moments(mean, sd, *_bounds(measurement))
    if measurement.acts and degree > 1:
        instrument = Instrument.of(measurement)
        coefficients = expansion(instrument, mean, sd, error).coefficients
    coefficients[:, 0], coefficients[:, 1] = first, sd * share
    return Expansion(coefficients, variance)


def recorded_covariance(
    measurements: list[Measurement], mean: Array, sd: Array, error: Array
) -> Callable[[float], float]:
    """Return the covariance of two recorded values, as a function of their correlation.

    Parameters
    ----------
    measurements : list of Measurement, length 2
    mean, sd, error : ndarray, shape (2,)
        Of the two normal variables, and the SDs of their gross errors.

    Returns
    -------
    callable
        From the correlation of the normal variables.
    """
    if all(only_clips(m) for m in measurements):
        lower, upper = np.array([[_bounds(m)] for m in measurements]).T

        def of_bounds(correlation: float) -> float:
            covariance = np.array([correlation * sd.prod()])
            return float(censored_covariances(mean[None], sd[None], covariance, lower, upper)[0])

        return of_bounds
    one, two = (
        recorded_expansion(m, mean[i : i + 1], sd[i : i + 1], error[i : i + 1])
        for i, m in enumerate(measurements)
    )
    products = (one.coefficients * two.coefficients)[0]
    products[0] = 0.0
    return lambda correlation: float(polyval(correlation, products))


def gross_error(measurement: Measurement, noise: Array) -> Array:
    """SD of the gross errors of outliers, on top of the noise."""
    outliers = Instrument.of(measurement).outliers
    return noise * 0.0 if outliers is None else np.asarray(outliers.error(noise))


def only_clips(measurement: Measurement) -> bool:
    """Whether clipping bounds are all that a measurement does, if it does anything."""
    return measurement == Measurement(lower=measurement.lower, upper=measurement.upper)


def _bounds(measurement: Measurement) -> tuple[float, float]:
    lower = -math.inf if measurement.lower is None else measurement.lower
    return lower, math.inf if measurement.upper is None else measurement.upper
