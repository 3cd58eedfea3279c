"""How much of each biomarker's variance comes from each group, factor and the noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.population.linear_model import Array, covariate_terms, level_values
from synthcohort.population.strata import (
    Cell,
    cells,
    factor_sds,
    loading_matrix,
    noise_sds,
    total_effects,
)
from synthcohort.scene import Scene, load_scene
from synthcohort.scene.model import Biomarker, Factor

NOISE = "noise"


def variance_shares(scene: Scene | str | Path | Mapping[str, Any]) -> pd.DataFrame:
    """Split the variance of each biomarker, before measurement, by where it comes from.

    On the scale of the linear model: the logarithm's variance where the scale is "log".
    A group's part is everything that it moves, through factors and other biomarkers too; a
    covariate's likewise, and with slopes by level it is the covariate's;
    a factor's part is its variation within groups. Parts of groups that depend on each
    other are their covariances with the sum, so that every row adds up to 1; such a part
    can be negative.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.

    Returns
    -------
    DataFrame, shape (p, n_groups + n_covariates + n_factors + 1)
        Columns are the groups, the covariates that act, the factors and ``noise``;
        missing for a constant biomarker.

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
    moved |= {name: _covariate_effects(scene, name, found) for name in scene.acting_covariates()}
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
    noises = weights @ np.array([noise_sds(scene, cell.levels) for cell in found]) ** 2
    parts[NOISE] = (effects**2) @ noises
    table = pd.DataFrame(parts, index=pd.Index(list(scene.biomarkers)))
    variance = table.sum(axis=1)
    return table.div(variance.where(variance > 0), axis=0)


def _covariate_effects(scene: Scene, name: str, found: list[Cell]) -> Array:
    """Compute what a covariate adds to the mean of each biomarker in each cell, (n_cells, p)."""
    codes = {
        group: np.array([g.levels.index(cell.levels[group]) for cell in found])
        for group, g in scene.groups.items()
    }
    values = {
        other: np.array([cell.covariates.get(other, c.middle) for cell in found])
        for other, c in scene.covariates.items()
    }
    nothing = np.zeros(len(found))

    def own(part: Factor | Biomarker) -> Array:
        return covariate_terms(scene, part, codes, values).get(name, nothing)

    direct = np.array([own(marker) for marker in scene.biomarkers.values()])
    latent = np.array([own(factor) for factor in scene.factors.values()])
    latent = latent.reshape(len(scene.factors), len(found))
    return np.asarray((total_effects(scene) @ (direct + loading_matrix(scene) @ latent)).T)


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
