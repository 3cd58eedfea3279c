"""The cells of a scene: every combination of group levels, its probability and linear moments."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthcohort.population.linear import Array, group_order
from synthcohort.scene.model import Scene


@dataclass(frozen=True)
class Cell:
    """One combination of levels, in which the biomarkers are jointly normal.

    Parameters
    ----------
    levels : dict of str to str
        Level of each group, in the scene's order of groups.
    probability : float
        Share of the population in the cell, above 0.
    mean : ndarray, shape (p,)
        Means of the biomarkers before measurement, in their own units.
    covariance : ndarray, shape (p, p)
        Covariances before measurement; cells with the same spread of every factor
        share one array.
    """

    levels: dict[str, str]
    probability: float
    mean: Array
    covariance: Array


def cells(scene: Scene) -> list[Cell]:
    """List the cells that have anybody in them, with the exact moments of the linear model.

    With slopes S, loadings L, factor means m and SDs s, shifts t and noise SDs e the
    mean is baseline + (I - S)^-1 (t + L m) and the covariance
    (I - S)^-1 (L diag(s^2) L' + diag(e^2)) (I - S)^-T.
    """
    effects = total_effects(scene)
    loadings = effects @ loading_matrix(scene)
    noise = effects * noise_sds(scene)
    baseline = np.array([marker.baseline for marker in scene.biomarkers.values()])
    covariances: dict[tuple[float, ...], Array] = {}
    found = []
    for levels, probability in _combinations(scene):
        shift = np.array([_total(marker.shift, levels) for marker in scene.biomarkers.values()])
        latent = np.array([_total(factor.mean, levels) for factor in scene.factors.values()])
        sds = factor_sds(scene, levels)
        if sds not in covariances:
            spread = loadings * sds
            covariance = spread @ spread.T + noise @ noise.T
            covariances[sds] = (covariance + covariance.T) / 2
        mean = baseline + effects @ shift + loadings @ latent
        levels = {name: levels[name] for name in scene.groups}
        found.append(Cell(levels, probability, mean, covariances[sds]))
    return found


def total_effects(scene: Scene) -> Array:
    """Effect of one unit of each biomarker's own terms on every biomarker, slopes followed.

    Returns
    -------
    ndarray, shape (p, p)
        (I - S)^-1, with the slopes S.
    """
    names = list(scene.biomarkers)
    slopes = [[m.slopes.get(other, 0.0) for other in names] for m in scene.biomarkers.values()]
    return np.asarray(np.linalg.inv(np.eye(len(names)) - np.array(slopes)))


def loading_matrix(scene: Scene) -> Array:
    """Factor loadings, shape (p, n_factors)."""
    rows = [[m.loadings.get(f, 0.0) for f in scene.factors] for m in scene.biomarkers.values()]
    return np.array(rows).reshape(len(scene.biomarkers), len(scene.factors))


def noise_sds(scene: Scene) -> Array:
    """Noise SD of each biomarker, shape (p,)."""
    return np.array([marker.noise for marker in scene.biomarkers.values()])


def factor_sds(scene: Scene, levels: dict[str, str]) -> tuple[float, ...]:
    """SD of each factor in one cell."""
    return tuple(
        factor.sd * math.prod(row.get(levels[group], 1.0) for group, row in factor.spread.items())
        for factor in scene.factors.values()
    )


def _combinations(scene: Scene) -> Iterator[tuple[dict[str, str], float]]:
    found: list[tuple[dict[str, str], float]] = [({}, 1.0)]
    for name in group_order(scene):
        group, table = scene.groups[name], scene.groups[name].table()
        found = [
            ({**levels, name: level}, probability * share)
            for levels, probability in found
            for level, share in table[levels[group.given] if group.given else ""].items()
            if share > 0
        ]
    return iter(found)


def _total(shifts: dict[str, dict[str, float]], levels: dict[str, str]) -> float:
    return sum(by_level.get(levels[group], 0.0) for group, by_level in shifts.items())
