"""Moments of what an instrument records of a normal variable, by its Hermite expansion.

With g(z) the recorded value of a standard normal z and h_k the normalised Hermite
polynomials, a_k = E g(z) h_k(z). Then E g = a_0, and for two jointly normal variables of
correlation r the recorded values have covariance sum_k>0 a_k b_k r^k (Mehler's formula;
Kotz, Balakrishnan and Johnson 2000, Continuous Multivariate Distributions vol. 1, 46.4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from synthcohort.measurement.recording import truncated, untruncated
from synthcohort.scene.instrument import Measurement

Array = np.ndarray

TERMS = 80
_REACH = 9.0
_MOST_STEPS = 2000
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


@dataclass(frozen=True)
class Reading:
    """The recorded value of a normal variable.

    Parameters
    ----------
    coefficients : ndarray, shape (81,)
        Of the normalised Hermite polynomials; the first is the mean.
    variance : float
    """

    coefficients: Array
    variance: float

    @property
    def mean(self) -> float:
        """Expected recorded value."""
        return float(self.coefficients[0])


def reading(measurement: Measurement, mean: float, sd: float, error: float = 0.0) -> Reading:
    """Expand the recorded value of a normal variable; missing values count as if recorded.

    Parameters
    ----------
    measurement : Measurement
    mean, sd : float
        Of the normal variable, on the scale of the linear model.
    error : float, default 0
        SD of the gross errors of outliers.

    Returns
    -------
    Reading

    Examples
    --------
    >>> coin = reading(Measurement(thresholds=[0.0]), 0.0, 1.0)
    >>> round(coin.mean, 6), round(coin.variance, 6)
    (0.5, 0.25)
    """
    total, square = np.zeros(TERMS + 1), 0.0
    for weight, spread, heaped in _mixture(measurement, sd, error):
        coefficients, second = _expand(measurement, mean, spread, heaped)
        # Gross errors are independent of everything else.
        shrink = (sd / spread if spread else 1.0) ** np.arange(TERMS + 1)
        total += weight * coefficients * shrink
        square += weight * second
    return Reading(total, max(float(square - total[0] ** 2), 0.0))


def covariances(readings: list[Reading], correlation: Array) -> Array:
    """Covariances of the recorded values of jointly normal variables.

    Parameters
    ----------
    readings : list of Reading, length p
    correlation : ndarray, shape (p, p)
        Of the normal variables.

    Returns
    -------
    ndarray, shape (p, p)
    """
    coefficients = np.array([r.coefficients for r in readings])
    result = np.zeros_like(correlation)
    for k in range(TERMS, 0, -1):
        result = (result + np.outer(coefficients[:, k], coefficients[:, k])) * correlation
    np.fill_diagonal(result, [r.variance for r in readings])
    return result


def _mixture(
    measurement: Measurement, sd: float, error: float
) -> Iterator[tuple[float, float, bool]]:
    """Weight, SD and heaping of the kinds of values that there are."""
    gross = measurement.outliers.rate if measurement.outliers else 0.0
    heaped = measurement.heaping.rate if measurement.heaping else 0.0
    for of_error, spread in ((1 - gross, sd), (gross, math.hypot(sd, error))):
        for of_heap, heap in ((1 - heaped, False), (heaped, True)):
            if of_error * of_heap > 0:
                yield of_error * of_heap, spread, heap


def _expand(measurement: Measurement, mean: float, sd: float, heaped: bool) -> tuple[Array, float]:
    """Coefficients and second moment of one kind of values."""
    if sd == 0:
        value = float(_written(measurement, np.array([mean]), mean, 0.0, heaped)[0])
        return value * np.eye(1, TERMS + 1)[0], value**2
    step = _step(measurement, heaped)
    low, high = _value(measurement, mean + sd * np.array([-_REACH, _REACH]), mean, sd)
    if measurement.thresholds or (step and (high - low) / step <= _MOST_STEPS):
        return _of_steps(measurement, mean, sd, heaped, low, high, step)
    coefficients, second = _of_pieces(measurement, mean, sd)
    return coefficients, second + step**2 / 12  # Sheppard's correction


def _step(measurement: Measurement, heaped: bool) -> float:
    """Distance of neighbouring written values, 0 where all are written as they are."""
    rounding = 0.0 if measurement.decimals is None else 10.0**-measurement.decimals
    return max(rounding, measurement.heaping.to if heaped and measurement.heaping else 0.0)


def _of_steps(
    measurement: Measurement,
    mean: float,
    sd: float,
    heaped: bool,
    low: float,
    high: float,
    step: float,
) -> tuple[Array, float]:
    """Exact expansion of a recorded value that takes few values."""
    if measurement.thresholds:
        breaks = np.array([measurement.to_latent(t, 0.0) for t in measurement.thresholds])
    else:
        halves = (np.arange(math.floor(low / step) - 1, math.ceil(high / step) + 1) + 0.5) * step
        values = np.concatenate([halves, _edges(measurement)])
        breaks = _latent(measurement, values[(values > low) & (values < high)], mean, sd)
    z = np.unique((breaks - mean) / sd)
    z = z[np.abs(z) < _REACH]
    inside = np.concatenate([[-_REACH], z, [_REACH]])
    middle = (inside[:-1] + inside[1:]) / 2
    written = _written(measurement, mean + sd * middle, mean, sd, heaped)
    jumps, squares = np.diff(written), np.diff(written**2)
    coefficients = np.empty(TERMS + 1)
    coefficients[0] = written[0] + jumps @ ndtr(-z)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    polynomials = _hermite(z, TERMS - 1)
    coefficients[1:] = polynomials @ (jumps * density) / np.sqrt(np.arange(1, TERMS + 1))
    return coefficients, float(written[0] ** 2 + squares @ ndtr(-z))


def _of_pieces(measurement: Measurement, mean: float, sd: float) -> tuple[Array, float]:
    """Expansion of a recorded value that is smooth but for its edges, by quadrature."""
    edges = _edges(measurement)
    breaks = (_latent(measurement, edges, mean, sd) - mean) / sd
    breaks = breaks[np.abs(breaks) < _REACH]
    cuts = np.unique(np.concatenate([breaks, np.linspace(-_REACH, _REACH, 28)]))
    half = np.diff(cuts)[:, None] / 2
    z = (cuts[:-1, None] + half + half * _NODES).ravel()
    weight = (half * _WEIGHTS).ravel() * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    plain = measurement.model_copy(update={"decimals": None})
    value = _written(plain, mean + sd * z, mean, sd, False)
    return _hermite(z, TERMS) @ (weight * value), float(weight @ value**2)


def _hermite(z: Array, degree: int) -> Array:
    """Normalised Hermite polynomials, shape (degree + 1, n)."""
    result = np.ones((degree + 1, len(z)))
    for k in range(degree):
        before = math.sqrt(k) * result[k - 1] if k else 0.0
        result[k + 1] = (z * result[k] - before) / math.sqrt(k + 1)
    return result


def _edges(measurement: Measurement) -> Array:
    """Values at which the recorded value jumps or bends, other than by rounding."""
    clip = measurement.beyond == "clip"
    edges = [measurement.lower, measurement.upper] if clip else []
    if measurement.detection is not None and measurement.detection.report != "missing":
        edges += [measurement.detection.lower, measurement.detection.upper]
    return np.array([edge for edge in edges if edge is not None], dtype=float)


def _latent(measurement: Measurement, values: Array, mean: float, sd: float) -> Array:
    """Bring values back to the normal variable that they come from."""
    latent = np.array([measurement.to_latent(float(value), 0.0) for value in values])
    if measurement.beyond == "truncate" and len(latent):
        return untruncated(latent, mean, sd, *measurement.latent_bounds)
    return latent


def _value(measurement: Measurement, latent: Array, mean: float, sd: float) -> Array:
    """Values within their bounds, before detection limits, heaping and rounding."""
    if measurement.beyond == "truncate":
        latent = truncated(latent, mean, sd, *measurement.latent_bounds)
    value = np.exp(latent) if measurement.scale == "log" else latent
    if measurement.thresholds:
        return np.searchsorted(measurement.thresholds, value, side="right").astype(float)
    return np.clip(value, measurement.lower, measurement.upper) if measurement.bounded else value


def _written(
    measurement: Measurement, latent: Array, mean: float, sd: float, heaped: bool
) -> Array:
    value = _value(measurement, latent, mean, sd)
    written = value
    if heaped and measurement.heaping is not None:
        written = np.round(value / measurement.heaping.to) * measurement.heaping.to
    if measurement.decimals is not None:
        written = np.round(written, measurement.decimals)
    limits = measurement.detection
    if limits is None or limits.report == "missing":
        return written
    if limits.lower is not None:
        low = limits.lower / 2 if limits.report == "half" else limits.lower
        written = np.where(value < limits.lower, low, written)
    return (
        written if limits.upper is None else np.where(value > limits.upper, limits.upper, written)
    )
