"""Exact theory: what a scene's biomarkers look like, from the model alone, without sampling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.exact_theory.group_overlap import Overlap, overlap
from synthcohort.exact_theory.variance_components import variance_shares
from synthcohort.measurement.moments import recorded_moments
from synthcohort.population.linear_model import Array, LinearModel
from synthcohort.population.strata import Strata
from synthcohort.scene import Scene, load_scene
from synthcohort.scene.notebook_html import notebook_card
from synthcohort.scene.short_text import counted


@dataclass(frozen=True, eq=False, repr=False)
class Theory:
    """Exact moments of the biomarkers as recorded; missing values count as if recorded.

    They are those of the sample: with `sampling`, groups have their share of the sample.

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

    def __repr__(self) -> str:
        """Say in one line what it is the theory of."""
        return (
            f"<Theory of {self.scene.name}: {counted(len(self.mean), 'biomarker')}, "
            f"{counted(len(self.cell_probabilities), 'combination')} of group levels; "
            "mean, sd, covariance, correlation, variance_shares, overlap(group)>"
        )

    def _repr_html_(self) -> str:
        """Show the theory in a notebook: moments, and where each variance comes from."""
        table = pd.DataFrame({"mean": self.mean, "sd": self.sd}).join(self.variance_shares)
        facts = {
            "biomarkers": len(self.mean),
            "combinations of group levels": len(self.cell_probabilities),
            "columns after the SD": "shares of the variance before measurement",
        }
        rows = table.rename_axis("biomarker").reset_index().to_dict("records")
        tables = {"Exact moments": rows}
        return notebook_card(f"Theory of {self.scene.name}", facts, tables)

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
    """Compute the exact moments of a scene, its measurements included.

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
    strata = Strata.of(LinearModel.of(scene))
    shares, means, covariances = _by_combination(strata)
    mean = shares @ means
    names = pd.Index(list(scene.biomarkers))
    index = _index(strata)
    sds = np.sqrt(np.einsum("cii->ci", covariances))
    return Theory(
        mean=pd.Series(mean, index=names),
        covariance=pd.DataFrame(_pooled(shares, means, covariances), index=names, columns=names),
        cell_means=pd.DataFrame(means, index=index, columns=names),
        cell_sds=pd.DataFrame(sds, index=index, columns=names),
        cell_probabilities=pd.Series(shares, index=index),
        cell_covariances=covariances,
        scene=scene,
    )


def _by_combination(strata: Strata) -> tuple[Array, Array, Array]:
    """Shares, means and covariances of the combinations of groups."""
    measurements = [m.measurement for m in strata.model.scene.biomarkers.values()]
    of_strata, within = recorded_moments(
        measurements, strata.mean, strata.spread, strata.covariances, strata.noise_sds
    )
    shares, means, covariances = [], [], []
    for number in range(strata.combination[-1] + 1):
        rows = strata.combination == number
        share = strata.probability[rows].sum()
        weights = strata.probability[rows] / share
        shares.append(share)
        means.append(weights @ of_strata[rows])
        covariances.append(_pooled(weights, of_strata[rows], within[rows]))
    return np.array(shares), np.array(means), np.array(covariances)


def _pooled(shares: Array, means: Array, covariances: Array) -> Array:
    """Covariance of a mixture."""
    centred = means - shares @ means
    between = np.einsum("c,ci,cj->ij", shares, centred, centred)
    return np.asarray(np.einsum("c,cij->ij", shares, covariances) + between)


def _index(strata: Strata) -> pd.Index:
    if not strata.codes:
        return pd.Index(["everyone"])
    _, first = np.unique(strata.combination, return_index=True)
    levels = strata.model.levels
    rows = zip(
        *(np.array(levels[n])[codes[first]] for n, codes in strata.codes.items()), strict=True
    )
    return pd.MultiIndex.from_tuples(list(rows), names=list(levels))
