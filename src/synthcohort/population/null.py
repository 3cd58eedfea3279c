"""The null twin: the same means and covariances as a scene, and nothing to find."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq, root

from synthcohort.population.censored import censored_covariance, censored_moments
from synthcohort.population.linear import Array
from synthcohort.population.moments import Bounds, measurement_bounds
from synthcohort.population.theory import theory
from synthcohort.scene import Scene, load_scene, to_dict

_DIGITS = 6


def null_twin(scene: Scene | str | Path | Mapping[str, Any]) -> Scene:
    """Return the scene's twin: one population, with the means and covariances of the scene.

    The measured biomarkers (bounds included) have the same means and covariances, but
    come from one normal distribution kept within the same bounds: no group has any
    effect. Visible groups stay as attributes; hidden groups and factors go.

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
        If no bounded normal distribution has these moments.
    """
    scene = load_scene(scene)
    exact = theory(scene)
    mean, covariance = _before_bounds(
        list(scene.biomarkers),
        exact.mean.to_numpy(),
        exact.covariance.to_numpy(),
        measurement_bounds(scene),
    )
    twin = to_dict(scene) | {"name": f"{scene.name}_null", "factors": {}}
    twin["description"] = f"The null twin of {scene.name}: same means and covariances, no clusters."
    twin["groups"] = {name: g for name, g in twin["groups"].items() if not g["hidden"]}
    twin["experiment"]["truth"] = None
    for i, name in enumerate(scene.biomarkers):
        before = list(scene.biomarkers)[:i]
        slopes = np.linalg.solve(covariance[:i, :i], covariance[:i, i]) if i else np.empty(0)
        variance = covariance[i, i] - slopes @ covariance[:i, i]
        twin["biomarkers"][name] |= {
            "baseline": _rounded(mean[i]),
            "shift": {},
            "loadings": {},
            "slopes": {o: _rounded(s) for o, s in zip(before, slopes, strict=True)},
            "noise": _rounded(math.sqrt(max(variance, 0.0))),
        }
    return load_scene(twin)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _before_bounds(
    names: list[str], mean: Array, covariance: Array, bounds: list[Bounds]
) -> tuple[Array, Array]:
    """Moments of the normal distribution that has the given ones once it is kept in bounds."""
    found = [
        _normal(name, m, v, b)
        for name, m, v, b in zip(names, mean, np.diag(covariance), bounds, strict=True)
    ]
    latent_mean = np.array([m for m, _ in found])
    sd = np.array([s for _, s in found])
    latent = np.diag(sd**2)
    for i in range(len(names)):
        for j in range(i):
            pair = (names[i], names[j])
            value = _covariance(
                pair, covariance[i, j], latent_mean[[i, j]], sd[[i, j]], (bounds[i], bounds[j])
            )
            latent[i, j] = latent[j, i] = value
    if np.linalg.eigvalsh(latent)[0] < -1e-9 * latent.max():
        raise ValueError("no normal distribution within these bounds has the scene's covariances")
    return latent_mean, latent


def _normal(name: str, mean: float, variance: float, bounds: Bounds) -> tuple[float, float]:
    """Mean and SD of the normal variable with the given moments once it is kept in bounds."""
    if bounds == (None, None) or variance == 0:
        return mean, math.sqrt(variance)

    def miss(x: Array) -> Array:
        got = censored_moments(x[0], math.exp(x[1]), *bounds)
        return np.array([(got[0] - mean) / math.sqrt(variance), got[1] / variance - 1])

    found = root(miss, [mean, math.log(variance) / 2], tol=1e-12)
    if np.abs(miss(found.x)).max() > 1e-8:
        raise ValueError(f"no normal variable within the bounds of {name!r} has its mean and SD")
    return float(found.x[0]), math.exp(found.x[1])


def _covariance(
    pair: tuple[str, str], target: float, mean: Array, sd: Array, bounds: tuple[Bounds, Bounds]
) -> float:
    """Covariance of two normal variables that becomes `target` once both are kept in bounds."""
    limit = float(sd.prod())
    if limit == 0:
        return 0.0

    def miss(correlation: float) -> float:
        matrix = np.diag(sd**2)
        matrix[0, 1] = matrix[1, 0] = correlation * limit
        return censored_covariance((mean[0], mean[1]), matrix, bounds) - target

    return limit * _root(miss, f"no correlation of {pair[0]!r} and {pair[1]!r} fits")


def _root(miss: Callable[[float], float], message: str) -> float:
    if miss(-1.0) > 0 or miss(1.0) < 0:
        raise ValueError(message)
    return float(brentq(miss, -1.0, 1.0, xtol=1e-12))
