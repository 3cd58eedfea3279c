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
from scipy.special import gammaln, ndtr

from synthcohort.measurement.censoring import REACH
from synthcohort.measurement.recording import truncated, untruncated
from synthcohort.scene.instrument import Measurement

Array = np.ndarray

TERMS = 80
_MOST_STEPS = 2000
_AT_ONCE = 2**14
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


@dataclass(frozen=True)
class Expansion:
    """The recorded values of n normal variables.

    Parameters
    ----------
    coefficients : ndarray, shape (n, degree + 1)
        Of the normalised Hermite polynomials; the first is the mean.
    variance : ndarray, shape (n,)
    """

    coefficients: Array
    variance: Array

    @property
    def mean(self) -> Array:
        """Expected recorded values, shape (n,)."""
        return np.asarray(self.coefficients[:, 0])


def expansion(measurement: Measurement, mean: Array, sd: Array, error: Array) -> Expansion:
    """Expand the recorded values of normal variables; missing values count as if recorded.

    Parameters
    ----------
    measurement : Measurement
    mean, sd : ndarray, shape (n,)
        Of the normal variables, on the scale of the linear model.
    error : ndarray, shape (n,)
        SD of the gross errors of outliers.

    Returns
    -------
    Expansion
        To degree 80.

    Examples
    --------
    >>> coin = expansion(Measurement(thresholds=[0.0]), np.zeros(1), np.ones(1), np.zeros(1))
    >>> coin.mean.round(6), coin.variance.round(6)
    (array([0.5]), array([0.25]))
    """
    total, square = np.zeros((len(mean), TERMS + 1)), np.zeros(len(mean))
    for weight, spread, heaped in _mixture(measurement, sd, error):
        coefficients, second = _expand(measurement, mean, spread, heaped)
        # Gross errors are independent of everything else.
        ratio = np.divide(sd, spread, out=np.ones_like(sd), where=spread > 0)
        total += weight * coefficients * ratio[:, None] ** np.arange(TERMS + 1)
        square += weight * second
    return Expansion(total, np.maximum(square - total[:, 0] ** 2, 0.0))


def covariances(expansions: list[Expansion], correlation: Array, spread: Array) -> Array:
    """Covariances of the recorded values of jointly normal variables.

    Parameters
    ----------
    expansions : list of Expansion, length p
        Each of the same variable in n strata.
    correlation : ndarray, shape (s, p, p)
        Of the normal variables.
    spread : ndarray of int, shape (n,)
        Which correlation each stratum has.

    Returns
    -------
    ndarray, shape (n, p, p)
    """
    coefficients = np.stack([e.coefficients for e in expansions], axis=1)
    n, p, terms = coefficients.shape
    own, result = correlation[spread], np.zeros((n, p, p))
    for k in range(terms - 1, 0, -1):
        a = coefficients[:, :, k]
        result += a[:, :, None] * a[:, None, :]
        result *= own
    np.einsum("nii->ni", result)[:] = np.column_stack([e.variance for e in expansions])
    return result


def _mixture(
    measurement: Measurement, sd: Array, error: Array
) -> Iterator[tuple[float, Array, bool]]:
    """Weight, SDs and heaping of the kinds of values that there are."""
    gross = measurement.outliers.rate if measurement.outliers else 0.0
    heaped = measurement.heaping.rate if measurement.heaping else 0.0
    for of_error, spread in ((1 - gross, sd), (gross, np.hypot(sd, error))):
        for of_heap, heap in ((1 - heaped, False), (heaped, True)):
            if of_error * of_heap > 0:
                yield of_error * of_heap, spread, heap


def _expand(measurement: Measurement, mean: Array, sd: Array, heaped: bool) -> tuple[Array, Array]:
    """Coefficients and second moments of one kind of values."""
    coefficients, second = np.zeros((len(mean), TERMS + 1)), np.zeros(len(mean))
    coefficients[:, 0] = _written(measurement, mean, mean, sd, heaped)
    second = coefficients[:, 0] ** 2
    step = _step(measurement, heaped)
    low, high = (_value(measurement, mean + side * REACH * sd, mean, sd) for side in (-1, 1))
    stepped = np.full(len(mean), bool(measurement.thresholds))
    if step:
        stepped |= (high - low) / step <= _MOST_STEPS
    rows = np.flatnonzero(stepped & (sd > 0))
    if len(rows):
        z = _jumps(measurement, mean[rows, None], sd[rows, None], low[rows], high[rows], step)
        coefficients[rows], second[rows] = _of_steps(
            measurement, mean[rows, None], sd[rows, None], z, heaped
        )
    rows = np.flatnonzero(~stepped & (sd > 0))
    if len(rows):
        found = _of_pieces(measurement, mean[rows, None], sd[rows, None])
        coefficients[rows], second[rows] = found[0], found[1] + step**2 / 12  # Sheppard
    return coefficients, second


def _step(measurement: Measurement, heaped: bool) -> float:
    """Distance of neighbouring written values, 0 where all are written as they are."""
    rounding = 0.0 if measurement.decimals is None else 10.0**-measurement.decimals
    return max(rounding, measurement.heaping.to if heaped and measurement.heaping else 0.0)


def _jumps(
    measurement: Measurement, mean: Array, sd: Array, low: Array, high: Array, step: float
) -> Array:
    """Return where recorded values jump, shape (n, m), ascending; 9 where there is no more."""
    if measurement.thresholds:
        values = np.tile(measurement.thresholds, (len(mean), 1))
        inside = np.ones(values.shape, dtype=bool)
    else:
        first, last = np.floor(low / step) - 1, np.ceil(high / step) + 1
        count = np.arange((last - first).max())
        halves = (first[:, None] + count + 0.5) * step
        values = np.hstack([halves, np.tile(_edges(measurement), (len(mean), 1))])
        inside = (values > low[:, None]) & (values < high[:, None])
    z = (_latent(measurement, values, mean, sd) - mean) / sd
    z = np.sort(np.where(inside & (np.abs(z) < REACH), z, REACH), axis=1)
    return z[:, : (z < REACH).sum(axis=1).max()]


def _of_steps(
    measurement: Measurement, mean: Array, sd: Array, z: Array, heaped: bool
) -> tuple[Array, Array]:
    """Exact expansion of a recorded value that takes few values."""
    ends = np.full((len(z), 1), REACH)
    inside = np.hstack([-ends, z, ends])
    middle = (inside[:, :-1] + inside[:, 1:]) / 2
    written = _written(measurement, mean + sd * middle, mean, sd, heaped)
    exists = z < REACH
    jumps, squares = np.diff(written) * exists, np.diff(written**2) * exists
    above = ndtr(-z)
    coefficients = np.empty((len(z), TERMS + 1))
    coefficients[:, 0] = written[:, 0] + (jumps * above).sum(axis=1)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    coefficients[:, 1:] = _hermite_sums(z, jumps * density, TERMS - 1)
    coefficients[:, 1:] /= np.sqrt(np.arange(1, TERMS + 1))
    return coefficients, written[:, 0] ** 2 + (squares * above).sum(axis=1)


def _of_pieces(measurement: Measurement, mean: Array, sd: Array) -> tuple[Array, Array]:
    """Expansion of a recorded value that is smooth but for its edges, by quadrature."""
    edges = np.tile(_edges(measurement), (len(mean), 1))
    breaks = (_latent(measurement, edges, mean, sd) - mean) / sd
    breaks = np.where(np.abs(breaks) < REACH, breaks, REACH)
    fixed = np.tile(np.linspace(-REACH, REACH, 28), (len(mean), 1))
    cuts = np.sort(np.hstack([breaks, fixed]), axis=1)
    half = np.diff(cuts)[:, :, None] / 2
    z = (cuts[:, :-1, None] + half + half * _NODES).reshape(len(mean), -1)
    weight = (half * _WEIGHTS).reshape(z.shape) * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    plain = measurement.model_copy(update={"decimals": None})
    value = _written(plain, mean + sd * z, mean, sd, False)
    return _hermite_sums(z, weight * value, TERMS), np.einsum("nm,nm->n", weight, value**2)


def _hermite_sums(z: Array, weight: Array, degree: int) -> Array:
    """Sum over each row weights times normalised Hermite polynomials, (n, degree + 1)."""
    result = np.empty((len(z), degree + 1))
    # A few rows at a time, so that they stay in the processor's cache.
    block = max(1, _AT_ONCE // max(z.shape[1], 1))
    for rows in (slice(i, i + block) for i in range(0, len(z), block)):
        x, now = z[rows], weight[rows].copy()
        before, after = np.zeros_like(now), np.empty_like(now)
        for k in range(degree + 1):
            result[rows, k] = now.sum(axis=1)
            np.multiply(x, now, out=after)
            before *= k
            after -= before
            before, now, after = now, after, before
    return np.asarray(result / np.exp(gammaln(np.arange(degree + 1) + 1.0) / 2))


def _edges(measurement: Measurement) -> Array:
    """Values at which the recorded value jumps or bends, other than by rounding."""
    clip = measurement.beyond == "clip"
    edges = [measurement.lower, measurement.upper] if clip else []
    if measurement.detection is not None and measurement.detection.report != "missing":
        edges += [measurement.detection.lower, measurement.detection.upper]
    return np.array([edge for edge in edges if edge is not None], dtype=float)


def _latent(measurement: Measurement, values: Array, mean: Array, sd: Array) -> Array:
    """Bring values back to the normal variables that they come from."""
    latent = values
    if measurement.scale == "log":
        latent = np.log(values, out=np.full(values.shape, -np.inf), where=values > 0)
    if measurement.beyond == "truncate":
        return untruncated(latent, mean, sd, *measurement.latent_bounds)
    return latent


def _value(measurement: Measurement, latent: Array, mean: Array, sd: Array) -> Array:
    """Values within their bounds, before detection limits, heaping and rounding."""
    if measurement.beyond == "truncate":
        latent = truncated(latent, mean, sd, *measurement.latent_bounds)
    value = np.exp(latent) if measurement.scale == "log" else latent
    if measurement.thresholds:
        return np.searchsorted(measurement.thresholds, value, side="right").astype(float)
    return np.clip(value, measurement.lower, measurement.upper) if measurement.bounded else value


def _written(
    measurement: Measurement, latent: Array, mean: Array, sd: Array, heaped: bool
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
