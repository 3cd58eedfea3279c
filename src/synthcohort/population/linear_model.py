"""The linear part of the model: which terms make up each value, in which order."""

from __future__ import annotations

from graphlib import TopologicalSorter

import numpy as np

from synthcohort.population.streams import stream
from synthcohort.scene.model import Biomarker, Factor, Scene

Array = np.ndarray
Columns = dict[str, Array]


def biomarker_order(scene: Scene) -> list[str]:
    """Order the biomarkers, each after those it has slopes on."""
    graph = {name: list(biomarker_slopes(scene, name)) for name in scene.biomarkers}
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


def biomarker_slopes(scene: Scene, name: str) -> dict[str, float]:
    """Slopes of a biomarker on other biomarkers."""
    slopes = scene.biomarkers[name].slopes
    return {k: v for k, v in slopes.items() if k in scene.biomarkers and not isinstance(v, dict)}


def covariate_terms(
    scene: Scene, part: Factor | Biomarker, codes: Columns, covariates: Columns
) -> Columns:
    """Effects of the covariates on a factor or biomarker: slope x (value - centre).

    Returns
    -------
    dict of ndarray, shape (n,)
        By covariate, in the order of the slopes.
    """
    found = {}
    for name, slope in part.slopes.items():
        if name not in scene.covariates:
            continue
        by: Array | float
        if isinstance(slope, dict):
            group = scene.group_of_slope(slope) or ""
            by = level_values(scene, group, slope)[codes[group]]
        else:
            by = slope
        found[name] = by * (covariates[name] - scene.covariates[name].middle)
    return found


def factor_mean(scene: Scene, factor: Factor, codes: Columns, covariates: Columns) -> Array | float:
    """Mean of a factor for individuals with the given level codes and covariates.

    Returns
    -------
    ndarray, shape (n,), or float
        A float where nothing shifts the factor.
    """
    mean: Array | float = 0.0
    for group, by_level in factor.mean.items():
        mean = mean + level_values(scene, group, by_level)[codes[group]]
    for term in covariate_terms(scene, factor, codes, covariates).values():
        mean = mean + term
    return mean


def spread_sd(
    scene: Scene, sd: float, spread: dict[str, dict[str, float]], codes: Columns
) -> Array | float:
    """SD of a factor or of a biomarker's noise for individuals with the given level codes.

    Returns
    -------
    ndarray, shape (n,), or float
        A float where it is the same in every group.
    """
    result: Array | float = sd
    for group, by_level in spread.items():
        result = result * level_values(scene, group, by_level)[codes[group]]
    return result


def terms(
    scene: Scene,
    name: str,
    codes: Columns,
    covariates: Columns,
    factors: Columns,
    values: Columns,
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
    codes, covariates, factors, values : dict of ndarray, shape (n,)
        Level codes by group, covariates, factor values, and the values before
        measurement of the biomarkers that this one has slopes on.
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
    for other, slope in biomarker_slopes(scene, name).items():
        parts[f"slope: {other}"] = slope * (values[other] - scene.biomarkers[other].baseline)
    for covariate, term in covariate_terms(scene, marker, codes, covariates).items():
        parts[f"slope: {covariate}"] = term
    noise = stream(scene.seed, "noise", name, block).standard_normal(n)
    noise *= spread_sd(scene, marker.noise, marker.spread, codes)
    parts["noise"] = noise
    return parts
