"""Moments of what an instrument records of a normal variable, by its Hermite expansion.

With g(z) the recorded value of a standard normal z and h_k the normalised Hermite
polynomials, a_k = E g(z) h_k(z). Then E g = a_0, and for two jointly normal variables of
correlation r the recorded values have covariance sum_k>0 a_k b_k r^k (Mehler's formula;
Kotz, Balakrishnan and Johnson 2000, Continuous Multivariate Distributions vol. 1, 46.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtr

from synthcohort.measurement.censoring import REACH
from synthcohort.measurement.composition import Instrument

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


def expansion(instrument: Instrument, mean: Array, sd: Array, error: Array) -> Expansion:
    """Expand the recorded values of normal variables; missing values count as if recorded.

    Parameters
    ----------
    instrument : Instrument
    mean, sd : ndarray, shape (n,)
        Of the normal variables, on the scale of the linear model.
    error : ndarray, shape (n,)
        SD of the gross errors of outliers.

    Returns
    -------
    Expansion
        To degree 80. Exact where at most 2,000 values can be written within 9 SDs; else
        rounding and heaping count by Sheppard's correction, for steps small against the SD.

    Examples
    --------
    >>> from synthcohort.scene.instrument import Measurement
    >>> coin = Instrument.of(Measurement(thresholds=[0.0]))
    >>> coin = expansion(coin, np.zeros(1), np.ones(1), np.zeros(1))
    >>> coin.mean.round(6), coin.variance.round(6)
    (array([0.5]), array([0.25]))
    """
    total, square = np.zeros((len(mean), TERMS + 1)), np.zeros(len(mean))
    for weight, gross, kind in instrument.kinds():
        spread = np.hypot(sd, error) if gross else sd
        coefficients, second = _expand(kind, mean, spread)
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


def _expand(instrument: Instrument, mean: Array, sd: Array) -> tuple[Array, Array]:
    """Coefficients and second moments of one kind of values."""
    coefficients = np.zeros((len(mean), TERMS + 1))
    coefficients[:, 0] = instrument.expected(mean, mean, sd)
    second = coefficients[:, 0] ** 2
    width, jumps = instrument.width, instrument.jumps
    low, high = (instrument.bounded(mean + side * REACH * sd, mean, sd) for side in (-1, 1))
    stepped = np.full(len(mean), instrument.counts)
    if jumps:
        stepped |= (high - low) / jumps <= _MOST_STEPS
    rows = np.flatnonzero(stepped & (sd > 0))
    if len(rows):
        z = _jumps(instrument, mean[rows, None], sd[rows, None], low[rows], high[rows])
        found = _of_steps(instrument, mean[rows, None], sd[rows, None], z)
        coefficients[rows], second[rows] = found
    rows = np.flatnonzero(~stepped & (sd > 0))
    if len(rows):
        found = _of_pieces(instrument.unwritten(), mean[rows, None], sd[rows, None])
        coefficients[rows], second[rows] = found[0], found[1] + width**2 / 12  # Sheppard
    return coefficients, second


def _jumps(instrument: Instrument, mean: Array, sd: Array, low: Array, high: Array) -> Array:
    """Return where recorded values jump, shape (n, m), ascending; 9 where there is no more."""
    z = (instrument.edges(mean, sd) - mean) / sd
    if not instrument.counts:
        width = instrument.jumps
        first, last = np.floor(low / width) - 1, np.ceil(high / width) + 1
        halves = (first[:, None] + np.arange((last - first).max()) + 0.5) * width
        inside = (halves >= low[:, None]) & (halves <= high[:, None])
        between = (instrument.before(halves, mean, sd) - mean) / sd
        z = np.hstack([np.where(inside, between, REACH), z])
    z = np.sort(np.where(np.abs(z) < REACH, z, REACH), axis=1)
    return z[:, : (z < REACH).sum(axis=1).max()]


def _of_steps(instrument: Instrument, mean: Array, sd: Array, z: Array) -> tuple[Array, Array]:
    """Exact expansion of a recorded value that takes few values."""
    ends = np.full((len(z), 1), REACH)
    inside = np.hstack([-ends, z, ends])
    middle = (inside[:, :-1] + inside[:, 1:]) / 2
    written = instrument.expected(mean + sd * middle, mean, sd)
    exists = z < REACH
    jumps, squares = np.diff(written) * exists, np.diff(written**2) * exists
    above = ndtr(-z)
    coefficients = np.empty((len(z), TERMS + 1))
    coefficients[:, 0] = written[:, 0] + (jumps * above).sum(axis=1)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    coefficients[:, 1:] = _hermite_sums(z, jumps * density, TERMS - 1)
    coefficients[:, 1:] /= np.sqrt(np.arange(1, TERMS + 1))
    return coefficients, written[:, 0] ** 2 + (squares * above).sum(axis=1)


def _of_pieces(instrument: Instrument, mean: Array, sd: Array) -> tuple[Array, Array]:
    """Expansion of a recorded value that is smooth but for its edges, by quadrature."""
    breaks = (instrument.edges(mean, sd) - mean) / sd
    breaks = np.where(np.abs(breaks) < REACH, breaks, REACH)
    fixed = np.tile(np.linspace(-REACH, REACH, 28), (len(mean), 1))
    cuts = np.sort(np.hstack([breaks, fixed]), axis=1)
    half = np.diff(cuts)[:, :, None] / 2
    z = (cuts[:, :-1, None] + half + half * _NODES).reshape(len(mean), -1)
    weight = (half * _WEIGHTS).reshape(z.shape) * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    value = instrument.expected(mean + sd * z, mean, sd)
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
