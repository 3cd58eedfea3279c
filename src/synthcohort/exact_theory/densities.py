"""Density of recorded individuals in every cell of a scene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import log_ndtr

from synthcohort.exact_theory.orthants import log_rectangle
from synthcohort.measurement.inversion import INTERVAL, OBSERVED, Seen, seen
from synthcohort.measurement.moments import gross_error
from synthcohort.measurement.recording import untruncated
from synthcohort.population.linear_model import Array
from synthcohort.population.strata import Cell, noise_sds
from synthcohort.scene import Scene
from synthcohort.scene.instrument import Measurement
from synthcohort.scene.problems import nearest

RANK_TOLERANCE = 1e-10
"""Share of the largest variance below which a direction counts as constant."""
_OFF_SUPPORT = 1e-6
_IMPOSSIBLE = -1e12


def log_densities(scene: Scene, found: list[Cell], X: pd.DataFrame, measured: bool = True) -> Array:
    """Log density of every individual in every cell.

    A missing value is integrated out. A score, or a value at a bound or detection limit,
    counts with the probability of its interval, given the values that are exact.

    Parameters
    ----------
    scene : Scene
    found : list of Cell
        The cells of the scene.
    X : DataFrame, shape (N, q)
        Biomarkers of the scene, any of them, in their own units; NaN where missing.
    measured : bool, default True
        False takes the values as those of the linear model.

    Returns
    -------
    ndarray, shape (N, n_cells)
        Minus infinity where the cell can't have the values.

    Raises
    ------
    ValueError
        If a column is no biomarker of the scene, or a value can't be recorded or is infinite.

    Notes
    -----
    Exact but for two steps of the measurement. Rounding and heaping are left out. Each gross
    error of an outlier is weighed as if no other value of the individual had one, and not at
    all for scores and values at a limit.

    Biomarkers without noise of their own make some combinations constant within a cell.
    Values off its constants (by more than rounding may explain) are impossible there. Where
    cells differ in how many combinations are constant, values that fit those of one cell
    come, with probability 1, from no cell that has fewer.
    """
    names = list(scene.biomarkers)
    for name in X.columns:
        if name not in names:
            raise ValueError(f"got the column {name!r}; {nearest(str(name), names)}")
    columns = [names.index(str(name)) for name in X.columns]
    measurements = [scene.biomarkers[str(name)].measurement for name in X.columns]
    if not measured:
        measurements = [Measurement()] * len(columns)
    values = seen(scene, X, measured)
    result = np.empty((len(X), len(found)))
    patterns, inverse = np.unique(values.status, axis=0, return_inverse=True)
    covariances = {id(cell.covariance): cell for cell in found}
    errors = [_errors(scene, cell, measurements, columns) for cell in found]
    for number, pattern in enumerate(patterns):
        rows = np.flatnonzero(inverse.ravel() == number)
        part_of = {
            key: _Pattern.of(pattern, cell.covariance[np.ix_(columns, columns)])
            for key, cell in covariances.items()
        }
        for i, cell in enumerate(found):
            own = _Individuals.of(values, rows, measurements, cell, columns)
            result[rows, i] = part_of[id(cell.covariance)].log_density(own, errors[i])
        ranks = np.array([part_of[id(cell.covariance)].rank for cell in found])
        if len(set(ranks)) > 1:
            result[rows] = _of_lowest_rank(result[rows], ranks)
    return result


def _of_lowest_rank(log_density: Array, ranks: Array) -> Array:
    """Rule out, for each individual, all cells but the possible ones of the lowest rank."""
    possible = np.where(np.isneginf(log_density), ranks.max() + 1, ranks)
    lowest = possible.min(axis=1, keepdims=True)
    return np.where(possible == lowest, log_density, -np.inf)


def _errors(
    scene: Scene, cell: Cell, measurements: list[Measurement], columns: list[int]
) -> list[tuple[float, float]]:
    """Rate and SD of the gross errors of each column, in one cell."""
    noise = noise_sds(scene, cell.levels)
    return [
        (m.outliers.rate if m.outliers else 0.0, gross_error(m, noise[column]))
        for m, column in zip(measurements, columns, strict=True)
    ]


@dataclass(frozen=True)
class _Individuals:
    """Some individuals with one pattern, as deviations from the means of one cell."""

    value: Array
    lower: Array
    upper: Array
    log_jacobian: Array
    slack: Array

    @classmethod
    def of(
        cls,
        values: Seen,
        rows: Array,
        measurements: list[Measurement],
        cell: Cell,
        columns: list[int],
    ) -> _Individuals:
        value, lower, upper = values.value[rows], values.lower[rows], values.upper[rows]
        log_jacobian = values.log_jacobian[rows].copy()
        mean = cell.mean[columns]
        for j, (measurement, column) in enumerate(zip(measurements, columns, strict=True)):
            sd = float(np.sqrt(cell.covariance[column, column]))
            if measurement.beyond != "truncate":
                continue
            if sd == 0:  # a constant is clipped
                mean[j] = np.clip(mean[j], *measurement.latent_bounds)
                continue
            centre, bounds = float(cell.mean[column]), measurement.latent_bounds
            observed = values.status[rows, j] == OBSERVED
            before = value[observed, j].copy()
            value[observed, j] = untruncated(before, centre, sd, *bounds)
            lower[:, j] = _limit(lower[:, j], centre, sd, bounds)
            upper[:, j] = _limit(upper[:, j], centre, sd, bounds)
            # Density of the truncated normal over that of the normal it comes from.
            z, now = (value[observed, j] - centre) / sd, (before - centre) / sd
            log_jacobian[observed] += (z**2 - now**2) / 2 - _log_share(centre, sd, bounds)
        slack = values.slack[rows]
        return cls(value - mean, lower - mean, upper - mean, log_jacobian, slack)


def _limit(limit: Array, mean: float, sd: float, bounds: tuple[float, float]) -> Array:
    """Limits of intervals, brought back from a truncated variable."""
    finite = np.isfinite(limit)
    result = limit.copy()
    result[finite] = untruncated(limit[finite], mean, sd, *bounds)
    return result


def _log_share(mean: float, sd: float, bounds: tuple[float, float]) -> float:
    """Log probability of a normal variable to be within bounds."""
    a, b = (np.array(bounds) - mean) / sd
    if a > 0:
        a, b = -b, -a
    return float(log_ndtr(b) + np.log1p(-np.exp(log_ndtr(a) - log_ndtr(b))))


@dataclass(frozen=True)
class _Pattern:
    """One pattern of observed, missing and limited values under one covariance.

    The observed values are divided by `scale`; `whiten` makes them independent with
    variance 1, `null` are the directions in which they don't vary. `rest_fixed` tells which
    of the limited values the observed ones leave no freedom.
    """

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
        sd = np.sqrt(np.diag(covariance)[observed])
        scale = np.where(sd > 0, sd, 1.0)
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
        """Log density of individuals with this pattern, shape (n,)."""
        centred = own.value[:, self.observed] / self.scale
        white = centred @ self.whiten
        result = own.log_jacobian - (white**2).sum(axis=1) / 2 - self.log_scale
        if self.null.size:
            slack = own.slack[:, self.observed] / self.scale @ np.abs(self.null)
            allowed = slack + _OFF_SUPPORT * self._reach(own)[:, None]
            result[(np.abs(centred @ self.null) > allowed).any(axis=1)] = -np.inf
        result += self._log_outliers(white, errors)
        if len(self.limited):
            expected = white @ self.regression.T
            room = self.rest_fixed * (own.slack[:, self.limited] + _OFF_SUPPORT)
            lower = (own.lower[:, self.limited] - room - expected) / self.rest_sd
            upper = (own.upper[:, self.limited] + room - expected) / self.rest_sd
            result += log_rectangle(lower, upper, self.rest_correlation)
            result[result < _IMPOSSIBLE] = -np.inf  # a constant outside its interval
        return np.asarray(result)

    def _reach(self, own: _Individuals) -> Array:
        size = np.abs(own.value[:, self.observed] / self.scale)
        return np.asarray(1 + size.max(axis=1, initial=0.0))

    def _log_outliers(self, white: Array, errors: list[tuple[float, float]]) -> Array:
        """Log of how much likelier outliers make the values, shape (n,).

        A gross error of variance c in value j adds c to its variance alone: by Sherman and
        Morrison the quadratic form falls by c r_j^2 / (1 + c P_jj) and the determinant grows
        by 1 + c P_jj, with the precision P and r = P (x - mean).
        """
        total = np.zeros(len(white))
        likely = [(p, *errors[j]) for p, j in enumerate(self.observed) if min(errors[j]) > 0]
        if not likely:
            return total
        pulled = white @ self.whiten.T
        for place, rate, sd in likely:
            variance = (sd / self.scale[place]) ** 2
            grown = 1 + variance * float((self.whiten[place] ** 2).sum())
            gain = variance * pulled[:, place] ** 2 / grown / 2 - np.log(grown) / 2
            total += np.logaddexp(np.log1p(-rate), np.log(rate) + gain)
        return total
