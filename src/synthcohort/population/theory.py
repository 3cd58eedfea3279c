"""Exact theory: what a scene's biomarkers look like, from the model alone, without sampling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.population.cells import cells
from synthcohort.population.censored import censored_covariance, censored_moments
from synthcohort.population.linear import Array
from synthcohort.population.moments import Bounds, measurement_bounds
from synthcohort.population.overlap import Overlap, overlap
from synthcohort.population.shares import variance_shares
from synthcohort.scene import Scene, load_scene


@dataclass(frozen=True)
class Theory:
    """Exact moments of the biomarkers as the instrument returns them.

    Parameters
    ----------
    mean : Series, shape (p,)
        Means over the whole population, in each biomarker's unit.
    covariance : DataFrame, shape (p, p)
        Covariances over the whole population.
    cell_means, cell_sds : DataFrame, shape (n_cells, p)
        Means and SDs in every combination of group levels (the index).
    cell_probabilities : Series, shape (n_cells,)
    cell_covariances : ndarray, shape (n_cells, p, p)
    scene : Scene
        The scene that it is the theory of.
    """

    mean: pd.Series
    covariance: pd.DataFrame
    cell_means: pd.DataFrame
    cell_sds: pd.DataFrame
    cell_probabilities: pd.Series
    cell_covariances: Array
    scene: Scene

    @property
    def sd(self) -> pd.Series:
        """Standard deviations over the whole population."""
        return pd.Series(np.sqrt(np.diag(self.covariance)), index=self.mean.index)

    @property
    def correlation(self) -> pd.DataFrame:
        """Correlations over the whole population; missing for a constant biomarker."""
        sd = self.sd.where(self.sd > 0)
        return self.covariance.div(sd, axis=0).div(sd, axis=1)

    @property
    def variance_shares(self) -> pd.DataFrame:
        """Share of each biomarker's variance from each group, factor and the noise."""
        return variance_shares(self.scene)

    def overlap(self, group: str) -> Overlap:
        """Pairwise overlap of a group's levels on the clustered biomarkers (MixSim)."""
        return overlap(self.scene, group)


def theory(scene: Scene | str | Path | Mapping[str, Any]) -> Theory:
    """Compute the exact moments of a scene, bounds included.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.

    Returns
    -------
    Theory

    Examples
    --------
    >>> round(float(theory("haalsi_example").mean["BP_systolic"]), 2)
    109.7
    """
    scene = load_scene(scene)
    found = cells(scene)
    bounds = measurement_bounds(scene)
    moments = [_measured(cell.mean, cell.covariance, bounds) for cell in found]
    shares = np.array([cell.probability for cell in found])
    means = np.array([mean for mean, _ in moments])
    covariances = np.array([covariance for _, covariance in moments])
    mean = shares @ means
    between = np.einsum("c,ci,cj->ij", shares, means - mean, means - mean)
    total = np.einsum("c,cij->ij", shares, covariances) + between
    names = pd.Index(list(scene.biomarkers))
    index = _index(scene, [cell.levels for cell in found])
    sds = np.sqrt(np.einsum("cii->ci", covariances))
    return Theory(
        mean=pd.Series(mean, index=names),
        covariance=pd.DataFrame(total, index=names, columns=names),
        cell_means=pd.DataFrame(means, index=index, columns=names),
        cell_sds=pd.DataFrame(sds, index=index, columns=names),
        cell_probabilities=pd.Series(shares, index=index),
        cell_covariances=covariances,
        scene=scene,
    )


def _index(scene: Scene, levels: list[dict[str, str]]) -> pd.Index:
    if not scene.groups:
        return pd.Index(["everyone"])
    rows = [tuple(row[name] for name in scene.groups) for row in levels]
    return pd.MultiIndex.from_tuples(rows, names=list(scene.groups))


def _measured(mean: Array, covariance: Array, bounds: list[Bounds]) -> tuple[Array, Array]:
    """Mean and covariance after the bounds, from those before."""
    sd = np.sqrt(np.diag(covariance))
    single = [censored_moments(m, s, *b) for m, s, b in zip(mean, sd, bounds, strict=True)]
    shares = np.array([share for *_, share in single])
    measured = covariance * np.outer(shares, shares)
    limited = [i for i, bound in enumerate(bounds) if bound != (None, None)]
    for a, i in enumerate(limited):
        measured[i, i] = single[i][1]
        for j in limited[:a]:
            pair = covariance[np.ix_([i, j], [i, j])]
            value = censored_covariance((mean[i], mean[j]), pair, (bounds[i], bounds[j]))
            measured[i, j] = measured[j, i] = value
    return np.array([first for first, *_ in single]), measured
