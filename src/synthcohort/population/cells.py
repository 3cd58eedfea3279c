"""The cells of a scene: every combination of group levels, its probability and linear moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthcohort.population.linear import Array, group_order
from synthcohort.scene.model import Scene


@dataclass(frozen=True)
class Cell:
    """One combination of levels.

    Parameters
    ----------
    levels : dict of str to str
        Level of each group, in the scene's order of groups.
    probability : float
        Share of the population in the cell, above 0.
    mean : ndarray, shape (p,)
        Means of the biomarkers before measurement, in their own units.
    """

    levels: dict[str, str]
    probability: float
    mean: Array


def cells(scene: Scene) -> list[Cell]:
    """List the cells that have anybody in them, with the exact means of the linear model."""
    inverse = np.linalg.inv(np.eye(len(scene.biomarkers)) - _slopes(scene))
    loadings = _loadings(scene)
    baseline = np.array([marker.baseline for marker in scene.biomarkers.values()])
    found = []
    for levels, probability in _combinations(scene):
        shift = np.array([_total(marker.shift, levels) for marker in scene.biomarkers.values()])
        latent = np.array([_total(factor.mean, levels) for factor in scene.factors.values()])
        mean = baseline + inverse @ (shift + loadings @ latent)
        found.append(Cell({name: levels[name] for name in scene.groups}, probability, mean))
    return found


def within_covariance(scene: Scene) -> Array:
    """Covariance of the biomarkers before measurement, the same in every cell.

    With slopes S, loadings L, factor SDs s and noise SDs e it is
    (I - S)^-1 (L diag(s^2) L' + diag(e^2)) (I - S)^-T.

    Returns
    -------
    ndarray, shape (p, p)
    """
    inverse = np.linalg.inv(np.eye(len(scene.biomarkers)) - _slopes(scene))
    factor_sd = np.array([factor.sd for factor in scene.factors.values()])
    noise = np.array([marker.noise for marker in scene.biomarkers.values()])
    effects = _loadings(scene) * factor_sd
    covariance = inverse @ (effects @ effects.T + np.diag(noise**2)) @ inverse.T
    return np.asarray((covariance + covariance.T) / 2)


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


def _loadings(scene: Scene) -> Array:
    rows = [[m.loadings.get(f, 0.0) for f in scene.factors] for m in scene.biomarkers.values()]
    return np.array(rows).reshape(len(scene.biomarkers), len(scene.factors))


def _slopes(scene: Scene) -> Array:
    names = list(scene.biomarkers)
    return np.array(
        [[m.slopes.get(other, 0.0) for other in names] for m in scene.biomarkers.values()]
    )
