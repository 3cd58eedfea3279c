"""Exact density of measured individuals in every cell of a scene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.population.cells import Cell
from synthcohort.population.linear import Array
from synthcohort.population.moments import measurement_bounds
from synthcohort.population.orthant import log_orthant
from synthcohort.scene import Scene
from synthcohort.scene.problems import nearest

_RANK_TOLERANCE = 1e-10
_OFF_SUPPORT = 1e-6
_OBSERVED, _MISSING, _LOWER, _UPPER = range(4)


def log_densities(scene: Scene, found: list[Cell], X: pd.DataFrame, measured: bool = True) -> Array:
    """Log density of every individual in every cell.

    A missing value is integrated out. A value at a bound counts with the probability of
    being at or beyond it, given the values that are not.

    Parameters
    ----------
    scene : Scene
    found : list of Cell
        The cells of the scene.
    X : DataFrame, shape (N, q)
        Biomarkers of the scene, any of them, in their own units; NaN where missing.
    measured : bool, default True
        False takes the values as those before the instrument's bounds.

    Returns
    -------
    ndarray, shape (N, n_cells)
        Minus infinity where the cell can't have the values.

    Raises
    ------
    ValueError
        If a column is no biomarker of the scene, a value is beyond a bound or infinite, or
        cells differ in which combinations of biomarkers are constant.
    """
    names = list(scene.biomarkers)
    measurement_bounds(scene)
    for name in X.columns:
        if name not in names:
            raise ValueError(f"got the column {name!r}; {nearest(str(name), names)}")
    columns = [names.index(str(name)) for name in X.columns]
    values = X.to_numpy(dtype=float)
    status = _status(scene, X, measured)
    limits = np.array([_limits(scene, str(name)) for name in X.columns]).reshape(-1, 2)
    result = np.empty((len(values), len(found)))
    patterns, inverse = np.unique(status, axis=0, return_inverse=True)
    covariances = {id(cell.covariance): cell.covariance for cell in found}
    for number, pattern in enumerate(patterns):
        rows = np.flatnonzero(inverse.ravel() == number)
        ranks = set()
        for key, covariance in covariances.items():
            of_cells = [i for i, cell in enumerate(found) if id(cell.covariance) == key]
            part = _Pattern.of(pattern, covariance[np.ix_(columns, columns)])
            ranks.add(part.rank)
            for i in of_cells:
                mean = found[i].mean[columns]
                result[rows, i] = part.log_density(values[rows], mean, limits)
        if len(ranks) > 1:
            raise ValueError("cells differ in which biomarkers are constant: no common density")
    return result


def _limits(scene: Scene, name: str) -> tuple[float, float]:
    measurement = scene.biomarkers[name].measurement
    lower, upper = measurement.lower, measurement.upper
    return (-np.inf if lower is None else lower, np.inf if upper is None else upper)


def _status(scene: Scene, X: pd.DataFrame, measured: bool) -> Array:
    """Whether each value is observed, missing or at a bound, shape (N, q)."""
    status = np.full(X.shape, _OBSERVED, dtype=np.int8)
    for j, name in enumerate(X.columns):
        column = X[name].to_numpy(dtype=float)
        if np.isinf(column).any():
            raise ValueError(f"{name}: got an infinite value, allowed: numbers and missing values")
        status[np.isnan(column), j] = _MISSING
        if not measured:
            continue
        lower, upper = _limits(scene, str(name))
        if (column < lower).any() or (column > upper).any():
            raise ValueError(f"{name}: got a value beyond {lower:g} to {upper:g}, its bounds")
        status[column == lower, j] = _LOWER
        status[column == upper, j] = _UPPER
    return status


@dataclass(frozen=True)
class _Pattern:
    """One pattern of observed, missing and bounded values under one covariance.

    The observed values are divided by `scale`; `whiten` makes them independent with
    variance 1, `null` are the directions in which they don't vary.
    """

    observed: Array
    bounded: Array
    upper: Array
    scale: Array
    whiten: Array
    null: Array
    log_scale: float
    regression: Array
    rest_sd: Array
    rest_correlation: Array

    @property
    def rank(self) -> int:
        return int(self.whiten.shape[1])

    @classmethod
    def of(cls, pattern: Array, covariance: Array) -> _Pattern:
        observed = np.flatnonzero(pattern == _OBSERVED)
        bounded = np.flatnonzero((pattern == _LOWER) | (pattern == _UPPER))
        sd = np.sqrt(np.diag(covariance)[observed])
        scale = np.where(sd > 0, sd, 1.0)
        inner = covariance[np.ix_(observed, observed)] / np.outer(scale, scale)
        spread, axes = np.linalg.eigh(inner)
        varies = spread > _RANK_TOLERANCE * max(float(spread.max(initial=0.0)), 1e-300)
        whiten = axes[:, varies] / np.sqrt(spread[varies])
        cross = covariance[np.ix_(bounded, observed)] / scale
        regression = cross @ whiten
        rest = covariance[np.ix_(bounded, bounded)] - regression @ regression.T
        rest_sd = np.sqrt(np.maximum(np.diag(rest), 1e-300))
        sign = np.where(pattern[bounded] == _UPPER, -1.0, 1.0)
        correlation = rest / np.outer(rest_sd, rest_sd) * np.outer(sign, sign)
        np.fill_diagonal(correlation, 1.0)
        log_scale = float(np.log(spread[varies]).sum() / 2 + np.log(scale).sum())
        return cls(
            observed=observed,
            bounded=bounded,
            upper=pattern[bounded] == _UPPER,
            scale=scale,
            whiten=whiten,
            null=axes[:, ~varies],
            log_scale=log_scale + varies.sum() * np.log(2 * np.pi) / 2,
            regression=regression,
            rest_sd=rest_sd,
            rest_correlation=correlation,
        )

    def log_density(self, values: Array, mean: Array, limits: Array) -> Array:
        """Log density of rows with this pattern, shape (n,)."""
        centred = (values[:, self.observed] - mean[self.observed]) / self.scale
        white = centred @ self.whiten
        result = -(white**2).sum(axis=1) / 2 - self.log_scale
        reach = 1 + np.abs(mean[self.observed] / self.scale).max(initial=0.0)
        off = np.abs(centred @ self.null).max(axis=1, initial=0.0) > _OFF_SUPPORT * reach
        result[off] = -np.inf
        if len(self.bounded):
            expected = mean[self.bounded] + white @ self.regression.T
            bound = np.where(self.upper, limits[self.bounded, 1], limits[self.bounded, 0])
            distance = (bound - expected) / self.rest_sd
            below = np.where(self.upper, -distance, distance)
            result += log_orthant(below, self.rest_correlation)
        return np.asarray(result)
