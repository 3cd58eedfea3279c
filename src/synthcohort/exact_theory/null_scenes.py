"""The null scene: the same means and covariances as a scene, and nothing to find."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from synthcohort.exact_theory.exact_moments import theory
from synthcohort.measurement.moments import (
    gross_error,
    recorded_covariance,
    recorded_expansion,
)
from synthcohort.population.linear_model import Array, LinearModel
from synthcohort.population.strata import Combinations, Strata
from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_dict
from synthcohort.scene.instrument import Measurement

_DIGITS = 6


def null_scene(scene: Scene | str | Path | Mapping[str, Any]) -> Scene:
    """Return the scene's null scene: one population with its means and covariances.

    The recorded biomarkers have the same means and covariances, but come from one normal
    distribution that is measured in the same way: no group or covariate has any effect.
    Visible groups and covariates stay as attributes; factors and hidden groups go, but for
    those that visible ones depend on. Missing values stay, without their dependence on what
    is gone.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.

    Returns
    -------
    Scene
        Named ``<name>_null``; covariances as slopes on the biomarkers before, rounded to
        six significant digits.

    Raises
    ------
    SceneError
        If the scene can't be used, or no normal distribution, once recorded, has its moments.
    """
    scene = load_scene(scene)
    try:
        with np.errstate(all="ignore"):  # a solver that strays comes back, or fails with a word
            return _null_scene(scene)
    except SceneError:
        raise
    except ValueError as error:  # what can't be solved
        message = f"have no null scene: {error}"
        raise SceneError(scene.name, [Problem("biomarkers", message)]) from None


def _null_scene(scene: Scene) -> Scene:
    exact = theory(scene)
    model = LinearModel.of(scene)
    errors = _gross_errors(model)
    mean, covariance = _before_measurement(
        scene, exact.mean.to_numpy(), exact.covariance.to_numpy(), errors
    )
    null = to_dict(scene) | {"name": f"{scene.name}_null", "factors": {}}
    null["description"] = (
        f"The null scene of {scene.name}: same means and covariances, no clusters."
    )
    null |= _without_hidden(model, null)
    null["experiment"]["truth"] = None
    for i, name in enumerate(scene.biomarkers):
        before = list(scene.biomarkers)[:i]
        slopes = np.linalg.solve(covariance[:i, :i], covariance[:i, i]) if i else np.empty(0)
        variance = covariance[i, i] - slopes @ covariance[:i, i]
        noise = _rounded(math.sqrt(max(variance, 0.0)))
        null["biomarkers"][name] |= {
            "baseline": _rounded(mean[i]),
            "shift": {},
            "spread": {},
            "loadings": {},
            "slopes": {o: _rounded(s) for o, s in zip(before, slopes, strict=True)},
            "noise": noise,
        }
        if errors[i] and noise:
            factor = math.hypot(1.0, errors[i] / noise)
            null["biomarkers"][name]["measurement"]["outliers"]["factor"] = _rounded(factor)
    return load_scene(null)


def _gross_errors(model: LinearModel) -> list[float]:
    """SD of the gross errors of each biomarker's outliers, over all strata."""
    strata = Strata.of(model)
    noise = np.sqrt(strata.probability @ strata.noise_sds[strata.spread] ** 2)
    markers = model.scene.biomarkers.values()
    return [float(gross_error(m.measurement, e)) for m, e in zip(markers, noise, strict=True)]


def _without_hidden(model: LinearModel, null: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of the null scene that named hidden groups, without them."""
    gone = set(model.levels) - _kept(model)
    for name, covariate in null["covariates"].items():
        if covariate["given"] in gone:
            covariate |= {"given": None, "shares": _marginal_shares(model, name)}
    for reason in null["missing"].values():
        reason["on"] = {name: v for name, v in reason["on"].items() if name not in gone}
    sampling = null["sampling"]
    return {
        "groups": {name: g for name, g in null["groups"].items() if name not in gone},
        "sampling": None if sampling and sampling["by"] in gone else sampling,
    }


def _kept(model: LinearModel) -> set[str]:
    """Visible groups, and those that their probabilities depend on."""
    groups = model.scene.groups
    kept = {name for name, group in groups.items() if not group.hidden}
    for name in reversed(model.group_order):
        given = groups[name].given
        if name in kept and given is not None:
            kept.add(given)
    return kept


def _marginal_shares(model: LinearModel, name: str) -> list[float]:
    covariate, combinations = model.scene.covariates[name], Combinations.of(model)
    given = covariate.given or ""
    table = np.array([covariate.table()[level] for level in model.levels[given]])
    total = combinations.probability @ table[combinations.codes[given]]
    return [float(share) for share in total / total.sum()]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _before_measurement(
    scene: Scene, mean: Array, covariance: Array, errors: list[float]
) -> tuple[Array, Array]:
    """Moments of the normal distribution that has the given ones once it is recorded."""
    names, markers = list(scene.biomarkers), list(scene.biomarkers.values())
    found = [
        _normal(name, m, v, marker.measurement, error)
        for name, m, v, marker, error in zip(
            names, mean, np.diag(covariance), markers, errors, strict=True
        )
    ]
    variables = [
        _Normal(name, m, s, marker.measurement, error)
        for name, (m, s), marker, error in zip(names, found, markers, errors, strict=True)
    ]
    latent = np.diag([variable.sd**2 for variable in variables])
    for i, j in combinations(range(len(names)), 2):
        value = _covariance(variables[i], variables[j], covariance[i, j])
        latent[i, j] = latent[j, i] = value
    if np.linalg.eigvalsh(latent)[0] < -1e-9 * latent.max():
        raise ValueError("no normal distribution, once recorded, has the scene's covariances")
    return np.array([m for m, _ in found]), latent


def _normal(
    name: str, mean: float, variance: float, measurement: Measurement, error: float
) -> tuple[float, float]:
    """Mean and SD of the normal variable with the given moments once it is recorded."""
    if not measurement.acts:
        return mean, math.sqrt(variance)
    start, width = mean, math.sqrt(variance)
    if measurement.scale == "log":
        width = math.sqrt(math.log1p(variance / mean**2)) if mean > 0 else 1.0
        start = math.log(max(mean, 1e-300)) - width**2 / 2
    elif measurement.thresholds:
        steps = measurement.thresholds
        start, width = float(np.median(steps)), max(float(np.ptp(steps)) / 2, 1.0)
    elif measurement.curve:
        linear, recorded = np.array(measurement.curve).T
        start, width = float(np.interp(mean, recorded, linear)), float(np.ptp(linear)) / 6
    if variance == 0:
        return start, 0.0

    def miss(x: Array) -> Array:
        got = recorded_expansion(measurement, x[:1], np.exp(x[1:]), np.array([error]), 1)
        first, second = float(got.mean[0]), float(got.variance[0])
        return np.array([(first - mean) / math.sqrt(variance), second / variance - 1])

    from scipy.optimize import root  # slow to import

    found = root(miss, [start, math.log(width)], tol=1e-12)
    if np.abs(miss(found.x)).max() > 1e-8:
        raise ValueError(f"no normal variable, once recorded, has the mean and SD of {name!r}")
    return float(found.x[0]), math.exp(found.x[1])


@dataclass(frozen=True)
class _Normal:
    """One biomarker before measurement."""

    name: str
    mean: float
    sd: float
    measurement: Measurement
    error: float


def _covariance(one: _Normal, two: _Normal, target: float) -> float:
    """Covariance of the normal variables whose recorded values have the target."""
    limit = one.sd * two.sd
    if limit == 0:
        return 0.0
    recorded = recorded_covariance(
        [one.measurement, two.measurement],
        *np.array([[v.mean, v.sd, v.error] for v in (one, two)]).T,
    )
    message = f"no correlation of {one.name!r} and {two.name!r} fits"
    return limit * _root(lambda r: recorded(r) - target, message)


def _root(miss: Callable[[float], float], message: str) -> float:
    if miss(-1.0) > 0 or miss(1.0) < 0:
        raise ValueError(message)
    from scipy.optimize import brentq  # slow to import

    return float(brentq(miss, -1.0, 1.0, xtol=1e-12))
