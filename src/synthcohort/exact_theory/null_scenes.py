"""The null twin: the same means and covariances as a scene, and nothing to find."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from synthcohort.exact_theory.exact_moments import theory
from synthcohort.measurement.censoring import censored_covariance
from synthcohort.measurement.hermite import Reading, covariances
from synthcohort.measurement.moments import gross_error, only_clips, recorded_reading
from synthcohort.population.linear_model import Array, group_order
from synthcohort.population.strata import cells, combinations, noise_sds
from synthcohort.scene import Scene, load_scene, to_dict
from synthcohort.scene.instrument import Measurement

_DIGITS = 6


def null_twin(scene: Scene | str | Path | Mapping[str, Any]) -> Scene:
    """Return the scene's twin: one population, with the means and covariances of the scene.

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
    ValueError
        If no normal distribution, once recorded, has these moments.
    """
    scene = load_scene(scene)
    exact = theory(scene)
    errors = _gross_errors(scene)
    mean, covariance = _before_measurement(
        scene, exact.mean.to_numpy(), exact.covariance.to_numpy(), errors
    )
    twin = to_dict(scene) | {"name": f"{scene.name}_null", "factors": {}}
    twin["description"] = f"The null twin of {scene.name}: same means and covariances, no clusters."
    twin |= _without_hidden(scene, twin)
    twin["experiment"]["truth"] = None
    for i, name in enumerate(scene.biomarkers):
        before = list(scene.biomarkers)[:i]
        slopes = np.linalg.solve(covariance[:i, :i], covariance[:i, i]) if i else np.empty(0)
        variance = covariance[i, i] - slopes @ covariance[:i, i]
        noise = _rounded(math.sqrt(max(variance, 0.0)))
        twin["biomarkers"][name] |= {
            "baseline": _rounded(mean[i]),
            "shift": {},
            "spread": {},
            "loadings": {},
            "slopes": {o: _rounded(s) for o, s in zip(before, slopes, strict=True)},
            "noise": noise,
        }
        if errors[i] and noise:
            factor = math.hypot(1.0, errors[i] / noise)
            twin["biomarkers"][name]["measurement"]["outliers"]["factor"] = _rounded(factor)
    return load_scene(twin)


def _gross_errors(scene: Scene) -> list[float]:
    """SD of the gross errors of each biomarker's outliers, over all cells."""
    found = cells(scene)
    share = np.array([cell.probability for cell in found])
    noise = np.sqrt(share @ np.array([noise_sds(scene, cell.levels) for cell in found]) ** 2)
    markers = scene.biomarkers.values()
    return [gross_error(m.measurement, float(e)) for m, e in zip(markers, noise, strict=True)]


def _without_hidden(scene: Scene, twin: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of the twin that named hidden groups, without them."""
    gone = set(scene.groups) - _kept(scene)
    for name, covariate in twin["covariates"].items():
        if covariate["given"] in gone:
            covariate |= {"given": None, "shares": _marginal_shares(scene, name)}
    for reason in twin["missing"].values():
        reason["on"] = {name: v for name, v in reason["on"].items() if name not in gone}
    sampling = twin["sampling"]
    return {
        "groups": {name: g for name, g in twin["groups"].items() if name not in gone},
        "sampling": None if sampling and sampling["by"] in gone else sampling,
    }


def _kept(scene: Scene) -> set[str]:
    """Visible groups, and those that their probabilities depend on."""
    kept = {name for name, group in scene.groups.items() if not group.hidden}
    for name in reversed(group_order(scene)):
        given = scene.groups[name].given
        if name in kept and given is not None:
            kept.add(given)
    return kept


def _marginal_shares(scene: Scene, name: str) -> list[float]:
    covariate = scene.covariates[name]
    table, given = covariate.table(), covariate.given or ""
    rows = [p * np.array(table[levels[given]]) for levels, p in combinations(scene)]
    total = np.sum(rows, axis=0)
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
    sd = np.array([s for _, s in found])
    readings = [
        recorded_reading(marker.measurement, m, s, error)
        for (m, s), marker, error in zip(found, markers, errors, strict=True)
    ]
    latent = np.diag(sd**2)
    for i in range(len(names)):
        for j in range(i):
            pair = _Pair(
                (names[i], names[j]),
                (markers[i].measurement, markers[j].measurement),
                (readings[i], readings[j]),
                (found[i][0], found[j][0]),
                (sd[i], sd[j]),
            )
            latent[i, j] = latent[j, i] = pair.covariance(covariance[i, j])
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
    if variance == 0:
        return start, 0.0

    def miss(x: Array) -> Array:
        got = recorded_reading(measurement, x[0], math.exp(x[1]), error)
        return np.array([(got.mean - mean) / math.sqrt(variance), got.variance / variance - 1])

    from scipy.optimize import root  # slow to import

    found = root(miss, [start, math.log(width)], tol=1e-12)
    if np.abs(miss(found.x)).max() > 1e-8:
        raise ValueError(f"no normal variable, once recorded, has the mean and SD of {name!r}")
    return float(found.x[0]), math.exp(found.x[1])


@dataclass(frozen=True)
class _Pair:
    """Two biomarkers whose covariance before measurement is looked for."""

    names: tuple[str, str]
    measurements: tuple[Measurement, Measurement]
    readings: tuple[Reading, Reading]
    mean: tuple[float, float]
    sd: tuple[float, float]

    def covariance(self, target: float) -> float:
        """Covariance of the normal variables whose recorded values have the target."""
        limit = self.sd[0] * self.sd[1]
        if limit == 0:
            return 0.0
        message = f"no correlation of {self.names[0]!r} and {self.names[1]!r} fits"
        return limit * _root(lambda r: self._recorded(r) - target, message)

    def _recorded(self, correlation: float) -> float:
        if all(only_clips(m) for m in self.measurements):
            matrix = np.diag(np.array(self.sd) ** 2)
            matrix[0, 1] = matrix[1, 0] = correlation * self.sd[0] * self.sd[1]
            one, two = self.measurements
            bounds = (one.lower, one.upper), (two.lower, two.upper)
            return censored_covariance(self.mean, matrix, bounds)
        matrix = np.array([[1.0, correlation], [correlation, 1.0]])
        return float(covariances(list(self.readings), matrix)[0, 1])


def _root(miss: Callable[[float], float], message: str) -> float:
    if miss(-1.0) > 0 or miss(1.0) < 0:
        raise ValueError(message)
    from scipy.optimize import brentq  # slow to import

    return float(brentq(miss, -1.0, 1.0, xtol=1e-12))
