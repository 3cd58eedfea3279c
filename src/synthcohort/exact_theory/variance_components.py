"""How much of each biomarker's variance comes from each group, factor and the noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.population.linear_model import LinearModel
from synthcohort.population.strata import Strata
from synthcohort.scene import Scene, load_scene

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
    model = LinearModel.of(scene)
    strata = Strata.of(model)
    weights, parts = strata.probability, {}
    moved = {name: model.level_effects(name).T[codes] for name, codes in strata.codes.items()}
    moved |= {
        name: model.covariate_effects(name, strata.codes, strata.covariates).T
        for name in scene.acting_covariates()
    }
    total = np.sum([*moved.values()], axis=0) if moved else np.zeros((len(strata), 1))
    centre = weights @ total
    for name, effect in moved.items():
        parts[name] = weights @ ((effect - weights @ effect) * (total - centre))
    squares = weights @ strata.factor_sds[strata.spread] ** 2
    for name, loading, square in zip(scene.factors, model.loadings.T, squares, strict=True):
        parts[name if name not in parts else f"factor {name}"] = loading**2 * square
    noises = weights @ strata.noise_sds[strata.spread] ** 2
    parts[NOISE] = (model.effects**2) @ noises
    table = pd.DataFrame(parts, index=pd.Index(list(scene.biomarkers)))
    variance = table.sum(axis=1)
    return table.div(variance.where(variance > 0), axis=0)
