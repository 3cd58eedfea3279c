"""Missing values: a logistic model for each reason, its intercept solved for the rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtri

from synthcohort.measurement.composition import Instrument
from synthcohort.measurement.step import Values
from synthcohort.population.covariates import covariate_values, recorded
from synthcohort.population.linear_model import Array, Columns, LevelEffect, LinearModel
from synthcohort.population.strata import (
    Combinations,
    Strata,
    conditional_means,
    conditional_sds,
)
from synthcohort.scene.model import Missing

_LOG2_POINTS, _LOG2_FEWEST = 16, 9
_DIGITS = 9
_REACH = 100.0


@dataclass(frozen=True)
class Reason:
    """One reason for missing values, ready to be drawn.

    Parameters
    ----------
    missing : Missing
        Of the scene.
    by_level : dict of str to LevelEffect
        Log odds of the groups it depends on.
    intercept : float
        Log odds where all others are 0; minus infinity for a rate of 0.
    centre, scale : dict of str to float
        Mean and SD in the sample of each biomarker and covariate it depends on.
    """

    missing: Missing
    by_level: dict[str, LevelEffect]
    intercept: float
    centre: dict[str, float]
    scale: dict[str, float]

    def probability(self, codes: Columns, numeric: Columns) -> Array | float:
        """Probability that the values are missing.

        Parameters
        ----------
        codes, numeric : dict of ndarray, shape (n,)
            Level codes, and the complete recorded biomarkers and covariates.

        Returns
        -------
        ndarray, shape (n,), or float
        """
        if not self.missing.on:
            return self.missing.rate
        return np.asarray(expit(self.intercept + self._log_odds(codes, numeric)))

    def _log_odds(self, codes: Columns, numeric: Columns) -> Array | float:
        total: Array | float = 0.0
        for name, effect in self.missing.on.items():
            if isinstance(effect, dict):
                total = total + self.by_level[name].of(codes)
            elif self.scale[name] > 0:
                total = total + effect / self.scale[name] * (numeric[name] - self.centre[name])
        return total


def reasons(model: LinearModel) -> dict[str, Reason]:
    """Solve the reasons of a scene, by name.

    Returns
    -------
    dict of str to Reason

    Notes
    -----
    Mean, SD and expected rate are integrals over the scene's own model, by 65,536 Sobol
    points divided over the combinations of groups: they depend on no seed and no size.
    """
    return {name: _solve(model, missing) for name, missing in model.scene.missing.items()}


def _solve(model: LinearModel, missing: Missing) -> Reason:
    names = [name for name, effect in missing.on.items() if not isinstance(effect, dict)]
    by_level = {
        name: LevelEffect.of_table(model.levels, name, effect)
        for name, effect in missing.on.items()
        if isinstance(effect, dict)
    }
    if not missing.on or missing.rate == 0:
        start = float(logit(missing.rate)) if missing.rate else -np.inf
        nothing = dict.fromkeys(names, 0.0)
        return Reason(missing, by_level, start, nothing, nothing)
    weight, codes, numeric = _points(model, names)
    centre, scale = {}, {}
    for name in names:
        mean = float(weight @ numeric[name])
        centre[name] = _rounded(mean)
        scale[name] = _rounded(float(np.sqrt(weight @ (numeric[name] - mean) ** 2)))
    draft = Reason(missing, by_level, 0.0, centre, scale)
    log_odds = draft._log_odds(codes, numeric)

    def excess(intercept: float) -> float:
        return float(weight @ np.broadcast_to(expit(intercept + log_odds), weight.shape))

    from scipy.optimize import brentq  # slow to import

    found = brentq(lambda a: excess(a) - missing.rate, -_REACH, _REACH, xtol=1e-13)
    return Reason(missing, by_level, round(found, _DIGITS), centre, scale)


def _rounded(value: float) -> float:
    """Value to nine significant digits, so that all machines agree."""
    return float(f"{value:.{_DIGITS}g}")


def _points(model: LinearModel, names: list[str]) -> tuple[Array, Columns, Columns]:
    """Weighted points of the sample: weights, level codes, and the numeric variables named."""
    scene, found = model.scene, Combinations.of(model)
    share = _LOG2_POINTS - int(np.ceil(np.log2(len(found))))
    each = 2 ** max(share, _LOG2_FEWEST)
    weight = np.repeat(found.probability, each) / each
    codes = {name: np.repeat(code, each) for name, code in found.codes.items()}
    uniform = _Sobol(each, len(found))
    covariates = {
        name: covariate_values(scene, name, codes, uniform.next()) for name in scene.covariates
    }
    numeric = {
        name: recorded(scene.covariates[name], covariates[name])
        for name in names
        if name in covariates
    }
    markers = [name for name in names if name in scene.biomarkers]
    if markers:
        numeric |= _recorded_markers(model, markers, codes, covariates, uniform)
    return weight, codes, numeric


def _recorded_markers(
    model: LinearModel, names: list[str], codes: Columns, covariates: Columns, uniform: _Sobol
) -> Columns:
    n = uniform.points * uniform.combinations
    columns = [model.index[name] for name in names]
    mean = conditional_means(model, codes, covariates, n, names)
    sds = conditional_sds(model, names, codes)
    z = np.column_stack([ndtri(uniform.next()) for _ in names])
    deviation = np.empty_like(z)
    for i, covariance in enumerate(_covariances(model)):
        rows = slice(i * uniform.points, (i + 1) * uniform.points)
        deviation[rows] = z[rows] @ _root(covariance[np.ix_(columns, columns)]).T
    result = {}
    for j, name in enumerate(names):
        values = Values(
            mean[:, j] + deviation[:, j],
            model.biomarkers[name].own_sd(codes),
            mean[:, j],
            sds[name],
        )
        instrument = Instrument.of(model.scene.biomarkers[name].measurement)
        result[name] = instrument.record(values, uniform).value
    return result


def _covariances(model: LinearModel) -> Array:
    """Covariance of each combination of groups, shape (n_combinations, p, p)."""
    strata = Strata.of(model)
    _, first = np.unique(strata.combination, return_index=True)
    return np.asarray(strata.covariances[strata.spread[first]])


def _root(covariance: Array) -> Array:
    values, axes = np.linalg.eigh(covariance)
    return np.asarray(axes * np.sqrt(np.maximum(values, 0.0)))


class _Sobol:
    """Columns of one Sobol sequence, repeated for every combination of groups."""

    def __init__(self, points: int, combinations: int) -> None:
        self.points, self.combinations, self._used = points, combinations, 0

    def next(self) -> Array:
        """Return the next coordinate of all points, shape (points x combinations,)."""
        self._used += 1
        from scipy.stats import qmc  # slow to import

        sequence = qmc.Sobol(self._used, scramble=False)
        column = sequence.random_base2(int(np.log2(self.points)))[:, -1]
        return np.tile(column + 0.5 / self.points, self.combinations)

    def uniform(self, role: str, n: int) -> Array:  # noqa: ARG002
        """Return uniform points for an instrument, as `Draws` wants them."""
        return self.next()

    def normal(self, role: str, chosen: Array) -> Array:  # noqa: ARG002
        """Return normal points for the chosen rows, as `Draws` wants them."""
        return np.asarray(ndtri(self.next()[chosen]))
