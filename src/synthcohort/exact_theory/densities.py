"""Density of recorded individuals in every stratum of a scene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.exact_theory.orthants import log_rectangle
from synthcohort.measurement.composition import Instrument
from synthcohort.measurement.sightings import INTERVAL, OBSERVED, Seen, seen
from synthcohort.measurement.truncation import TruncationStep
from synthcohort.population.linear_model import Array
from synthcohort.population.strata import Strata
from synthcohort.scene.instrument import Measurement
from synthcohort.scene.problems import nearest

RANK_TOLERANCE = 1e-10
"""Share of the largest variance below which a direction counts as constant."""
_OFF_SUPPORT = 1e-6
_IMPOSSIBLE = -1e12
_AT_ONCE = 2**18
_DIGITS = 30


def log_densities(strata: Strata, X: pd.DataFrame, measured: bool = True) -> Array:
    """Log density of every individual in every stratum.

    A missing value is integrated out. A score, or a value at a bound or detection limit,
    counts with the probability of its interval, given the values that are exact.

    Parameters
    ----------
    strata : Strata
        Of the scene.
    X : DataFrame, shape (N, q)
        Biomarkers of the scene, any of them, in their own units; NaN where missing.
    measured : bool, default True
        False takes the values as those of the linear model.

    Returns
    -------
    ndarray, shape (N, n_strata)
        Minus infinity where the stratum can't have the values.

    Raises
    ------
    ValueError
        If a column is no biomarker of the scene, or a value can't be recorded or is infinite.

    Notes
    -----
    Exact but for two steps of the measurement. Rounding and heaping are left out. Each gross
    error of an outlier is weighed as if no other value of the individual had one, and not at
    all for scores and values at a limit.

    Biomarkers without noise of their own make some combinations constant within a stratum.
    Values off its constants (by more than rounding may explain) are impossible there. Where
    strata differ in how many combinations are constant, values that fit those of one stratum
    come, with probability 1, from no stratum that has fewer.
    """
    index, scene = strata.model.index, strata.model.scene
    for name in X.columns:
        if name not in index:
            raise ValueError(f"got the column {name!r}; {nearest(str(name), list(index))}")
    columns = [index[str(name)] for name in X.columns]
    nothing = Measurement()
    instruments = [
        Instrument.of(scene.biomarkers[str(name)].measurement if measured else nothing)
        for name in X.columns
    ]
    values = seen(scene, X, measured)
    result = np.empty((len(X), len(strata)))
    covariances = strata.covariances[:, columns][:, :, columns]
    errors = [_errors(instruments, noise[columns]) for noise in strata.noise_sds]
    patterns, which = _patterns(values.status)
    for number, pattern in enumerate(patterns):
        parts = [_Pattern.of(pattern, covariance) for covariance in covariances]
        rows = np.flatnonzero(which == number)
        for spread, part in enumerate(parts):
            inside = np.flatnonzero(strata.spread == spread)
            mean = strata.mean[inside][:, columns]
            block = max(1, _AT_ONCE // mean.size)
            for some in (rows[i : i + block] for i in range(0, len(rows), block)):
                own = _Individuals.of(values, some, part, instruments, mean)
                result[np.ix_(some, inside)] = part.log_density(own, errors[spread]).T
        ranks = np.array([part.rank for part in parts])[strata.spread]
        if len(set(ranks)) > 1:
            result[rows] = _of_lowest_rank(result[rows], ranks)
    return result


def _of_lowest_rank(log_density: Array, ranks: Array) -> Array:
    """Rule out, for each individual, all strata but the possible ones of the lowest rank."""
    possible = np.where(np.isneginf(log_density), ranks.max() + 1, ranks)
    lowest = possible.min(axis=1, keepdims=True)
    return np.where(possible == lowest, log_density, -np.inf)


def _patterns(status: Array) -> tuple[Array, Array]:
    """Distinct rows, and which of them every row is."""
    which = np.zeros(len(status), dtype=np.int64)
    for start in range(0, status.shape[1], _DIGITS):
        for column in status[:, start : start + _DIGITS].T:
            which = 3 * which + column
        _, first, which = np.unique(which, return_index=True, return_inverse=True)
    return status[first], which


def _errors(instruments: list[Instrument], noise: Array) -> list[tuple[float, float]]:
    """Rate and SD of the gross errors of each column."""
    return [
        (0.0, 0.0) if i.outliers is None else (i.outliers.rate, float(i.outliers.error(e)))
        for i, e in zip(instruments, noise, strict=True)
    ]


@dataclass(frozen=True)
class _Individuals:
    """Some individuals with one pattern, of o observed and l limited values, in t strata.

    `value` is of shape (t, n, o), or (1, n, o) where it is the same in all strata, `centre`
    the means (t, 1, o); the limits are deviations from the means, (t, n, l). `slack`, of shape
    (n, q), is how far rounding and heaping may have moved a value.
    """

    value: Array
    centre: Array
    lower: Array
    upper: Array
    log_jacobian: Array
    slack: Array

    @classmethod
    def of(
        cls,
        values: Seen,
        rows: Array,
        part: _Pattern,
        instruments: list[Instrument],
        mean: Array,
    ) -> _Individuals:
        """Take the rows; `mean` of shape (t, q)."""
        value = values.value[None, rows[:, None], part.observed]
        limits = [
            limit[None, rows[:, None], part.limited] for limit in (values.lower, values.upper)
        ]
        log_jacobian = values.log_jacobian[None, rows]
        cut = {j: step for j, i in enumerate(instruments) if (step := i.truncation) is not None}
        if cut:
            mean = mean.copy()
            value, log_jacobian = (np.repeat(a, len(mean), axis=0) for a in (value, log_jacobian))
            limits = [np.repeat(limit, len(mean), axis=0) for limit in limits]
        for j, step in cut.items():
            if part.sd[j] == 0:
                mean[:, j] = np.clip(mean[:, j], step.lower, step.upper)  # a constant
        centre, middle = mean[:, None, part.observed], mean[:, None, part.limited]
        for place, j in enumerate(part.observed):
            if j in cut and part.sd[j] > 0:
                now, at, sd = value[:, :, place], centre[:, :, place], part.sd[j]
                before = cut[j].before(now, at, sd)
                log_jacobian += cut[j].log_gain(before, now, at, sd)
                value[:, :, place] = before
        for place, j in enumerate(part.limited):
            if j in cut and part.sd[j] > 0:
                for limit in limits:
                    now, at = limit[:, :, place], middle[:, :, place]
                    limit[:, :, place] = _limit(cut[j], now, at, part.sd[j])
        low, high = (limit - middle for limit in limits)
        return cls(value, centre, low, high, log_jacobian, values.slack[rows])


def _limit(step: TruncationStep, limit: Array, mean: Array, sd: float) -> Array:
    """Limits of intervals, brought back from a truncated variable."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(limit), step.before(limit, mean, sd), limit)


@dataclass(frozen=True)
class _Pattern:
    """One pattern of observed, missing and limited values under one covariance.

    The observed values are divided by `scale`; `whiten` makes them independent with
    variance 1, `null` are the directions in which they don't vary. `rest_fixed` tells which
    of the limited values the observed ones leave no freedom.
    """

    sd: Array
    observed: Array
    limited: Array
    scale: Array
    whiten: Array
    null: Array
    log_scale: float
    regression: Array
    rest_sd: Array
    rest_correlation: Array
    rest_fixed: Array

    @property
    def rank(self) -> int:
        return int(self.whiten.shape[1])

    @classmethod
    def of(cls, pattern: Array, covariance: Array) -> _Pattern:
        observed = np.flatnonzero(pattern == OBSERVED)
        limited = np.flatnonzero(pattern == INTERVAL)
        sd = np.sqrt(np.diag(covariance))
        scale = np.where(sd > 0, sd, 1.0)[observed]
        inner = covariance[np.ix_(observed, observed)] / np.outer(scale, scale)
        spread, axes = np.linalg.eigh(inner)
        varies = spread > RANK_TOLERANCE * max(float(spread.max(initial=0.0)), 1e-300)
        whiten = axes[:, varies] / np.sqrt(spread[varies])
        cross = covariance[np.ix_(limited, observed)] / scale
        regression = cross @ whiten
        rest = covariance[np.ix_(limited, limited)] - regression @ regression.T
        rest_sd = np.sqrt(np.maximum(np.diag(rest), 1e-300))
        correlation = rest / np.outer(rest_sd, rest_sd)
        np.fill_diagonal(correlation, 1.0)
        log_scale = float(np.log(spread[varies]).sum() / 2 + np.log(scale).sum())
        return cls(
            sd=sd,
            observed=observed,
            limited=limited,
            scale=scale,
            whiten=whiten,
            null=axes[:, ~varies],
            log_scale=log_scale + varies.sum() * np.log(2 * np.pi) / 2,
            regression=regression,
            rest_sd=rest_sd,
            rest_correlation=correlation,
            rest_fixed=np.diag(rest) <= RANK_TOLERANCE * np.diag(covariance)[limited],
        )

    def log_density(self, own: _Individuals, errors: list[tuple[float, float]]) -> Array:
        """Log density of individuals with this pattern, shape (t, n)."""
        value, centre = own.value / self.scale, own.centre / self.scale
        # Whitened before the difference is taken, the larger part once for all strata.
        white = value @ self.whiten - centre @ self.whiten
        result = own.log_jacobian - np.einsum("tnk,tnk->tn", white, white) / 2 - self.log_scale
        if self.null.size:
            centred = value - centre
            slack = own.slack[:, self.observed] / self.scale @ np.abs(self.null)
            reach = _OFF_SUPPORT * (1 + np.abs(centred).max(axis=2, keepdims=True))
            result[(np.abs(centred @ self.null) > slack + reach).any(axis=2)] = -np.inf
        result += self._log_outliers(white, errors)
        if len(self.limited):
            expected = white @ self.regression.T
            room = self.rest_fixed * (own.slack[:, self.limited] + _OFF_SUPPORT)
            lower = (own.lower - room - expected) / self.rest_sd
            upper = (own.upper + room - expected) / self.rest_sd
            m = len(self.limited)
            log_inside = log_rectangle(
                lower.reshape(-1, m), upper.reshape(-1, m), self.rest_correlation
            )
            result += log_inside.reshape(result.shape)
            result[result < _IMPOSSIBLE] = -np.inf  # a constant outside its interval
        return np.asarray(result)

    def _log_outliers(self, white: Array, errors: list[tuple[float, float]]) -> Array:
        """Log of how much likelier outliers make the values, shape (t, n).

        A gross error of variance c in value j adds c to its variance alone: by Sherman and
        Morrison the quadratic form falls by c r_j^2 / (1 + c P_jj) and the determinant grows
        by 1 + c P_jj, with the precision P and r = P (x - mean).
        """
        total = np.zeros(white.shape[:2])
        likely = [(p, *errors[j]) for p, j in enumerate(self.observed) if min(errors[j]) > 0]
        if not likely:
            return total
        pulled = white @ self.whiten.T
        for place, rate, sd in likely:
            variance = (sd / self.scale[place]) ** 2
            grown = 1 + variance * float((self.whiten[place] ** 2).sum())
            gain = variance * pulled[:, :, place] ** 2 / grown / 2 - np.log(grown) / 2
            total += np.logaddexp(np.log1p(-rate), np.log(rate) + gain)
        return total
