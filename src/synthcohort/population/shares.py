"""How much of each biomarker's variance comes from each group, factor and the noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.population.cells import (
    cells,
    factor_sds,
    loading_matrix,
    noise_sds,
    total_effects,
)
from synthcohort.population.linear import Array, level_values
from synthcohort.scene import Scene, load_scene

NOISE = "noise"


def variance_shares(scene: Scene | str | Path | Mapping[str, Any]) -> pd.DataFrame:
    """Split the variance of each biomarker, before measurement, by where it comes from.

    A group's part is everything that it moves, through factors and other biomarkers too;
    a factor's part is its variation within groups. Parts of groups that depend on each
    other are their covariances with the sum, so that every row adds up to 1; such a part
    can be negative.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.

    Returns
    -------
    DataFrame, shape (p, n_groups + n_factors + 1)
        Columns are the groups, the factors and ``noise``; missing for a constant biomarker.

    Examples
    --------
    >>> shares = variance_shares("haalsi_example")
    >>> round(float(shares.loc["Weight", "region"]), 2)
    0.74
    """
    scene = load_scene(scene)
    found = cells(scene)
    weights = np.array([cell.probability for cell in found])
    parts = {}
    levels = {name: [c.levels[name] for c in found] for name in scene.groups}
    moved = {name: _group_effects(scene, name, levels[name]) for name in scene.groups}
    total = np.sum([*moved.values()], axis=0) if moved else np.zeros((len(found), 1))
    centre = weights @ total
    for name, effect in moved.items():
        parts[name] = weights @ ((effect - weights @ effect) * (total - centre))
    effects = total_effects(scene)
    squares = weights @ np.array([factor_sds(scene, cell.levels) for cell in found]) ** 2
    for name, loading, square in zip(
        scene.factors, (effects @ loading_matrix(scene)).T, np.atleast_1d(squares), strict=True
    ):
        parts[name if name not in parts else f"factor {name}"] = loading**2 * square
    parts[NOISE] = (effects**2) @ noise_sds(scene) ** 2
    table = pd.DataFrame(parts, index=pd.Index(list(scene.biomarkers)))
    variance = table.sum(axis=1)
    return table.div(variance.where(variance > 0), axis=0)


def _group_effects(scene: Scene, group: str, levels: list[str]) -> Array:
    """Compute what a group adds to the mean of each biomarker in each cell, (n_cells, p)."""
    codes = [scene.groups[group].levels.index(level) for level in levels]
    shift = np.array(
        [level_values(scene, group, m.shift.get(group, {})) for m in scene.biomarkers.values()]
    )
    latent = np.array(
        [level_values(scene, group, f.mean.get(group, {})) for f in scene.factors.values()]
    ).reshape(len(scene.factors), shift.shape[1])
    by_level = total_effects(scene) @ (shift + loading_matrix(scene) @ latent)
    return np.asarray(by_level[:, codes].T)
