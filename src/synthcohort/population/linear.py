"""The linear part of the model: which terms make up each value, in which order."""

from __future__ import annotations

from graphlib import TopologicalSorter

import numpy as np

from synthcohort.population.streams import stream
from synthcohort.scene.model import Factor, Scene

Array = np.ndarray


def biomarker_order(scene: Scene) -> list[str]:
    """Order the biomarkers, each after those it has slopes on."""
    graph = {name: list(marker.slopes) for name, marker in scene.biomarkers.items()}
    return list(TopologicalSorter(graph).static_order())


def group_order(scene: Scene) -> list[str]:
    """Order the groups, each after the group it is given."""
    graph = {name: [g.given] if g.given else [] for name, g in scene.groups.items()}
    return list(TopologicalSorter(graph).static_order())


def level_values(scene: Scene, group: str, by_level: dict[str, float]) -> Array:
    """Values of `by_level` in the order of the group's levels, 0 where left out.

    Returns
    -------
    ndarray, shape (n_levels,)
    """
    return np.array([by_level.get(level, 0.0) for level in scene.groups[group].levels])


def factor_mean(scene: Scene, factor: Factor, codes: dict[str, Array]) -> Array | float:
    """Mean of a factor for individuals with the given level codes.

    Returns
    -------
    ndarray, shape (n,), or float
        A float where no group shifts the factor.
    """
    mean: Array | float = 0.0
    for group, by_level in factor.mean.items():
        mean = mean + level_values(scene, group, by_level)[codes[group]]
    return mean


def factor_sd(scene: Scene, factor: Factor, codes: dict[str, Array]) -> Array | float:
    """SD of a factor for individuals with the given level codes.

    Returns
    -------
    ndarray, shape (n,), or float
        A float where it is the same in every group.
    """
    sd: Array | float = factor.sd
    for group, by_level in factor.spread.items():
        sd = sd * level_values(scene, group, by_level)[codes[group]]
    return sd


def terms(
    scene: Scene,
    name: str,
    codes: dict[str, Array],
    factors: dict[str, Array],
    values: dict[str, Array],
    block: int,
    n: int,
) -> dict[str, Array | float]:
    """Terms of one biomarker for one block; added in this order they make the value.

    Parameters
    ----------
    scene : Scene
        The scene.
    name : str
        The biomarker.
    codes, factors, values : dict of ndarray, shape (n,)
        Level codes by group, factor values, and the values before measurement
        of the biomarkers that this one has slopes on.
    block, n : int
        The block's number and its rows.

    Returns
    -------
    dict of ndarray, shape (n,), or float
    """
    marker = scene.biomarkers[name]
    parts: dict[str, Array | float] = {"baseline": marker.baseline}
    for group, by_level in marker.shift.items():
        parts[f"shift: {group}"] = level_values(scene, group, by_level)[codes[group]]
    for factor, loading in marker.loadings.items():
        parts[f"factor: {factor}"] = loading * factors[factor]
    for other, slope in marker.slopes.items():
        parts[f"slope: {other}"] = slope * (values[other] - scene.biomarkers[other].baseline)
    noise = stream(scene.seed, "noise", name, block).standard_normal(n)
    noise *= marker.noise
    parts["noise"] = noise
    return parts
