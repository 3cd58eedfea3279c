"""The oracle: what the scene's own model says about every individual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from synthcohort.exact_theory.densities import log_densities
from synthcohort.population.linear_model import Array, LinearModel
from synthcohort.population.strata import Strata
from synthcohort.population.survey_weights import same_index
from synthcohort.scene import Scene, load_scene
from synthcohort.scene.problems import nearest


def posterior(
    scene: Scene | str | Path | Mapping[str, Any],
    X: pd.DataFrame,
    group: str | Sequence[str],
    given: pd.DataFrame | None = None,
    measured: bool = True,
) -> pd.DataFrame:
    """Compute the posterior probability of every level of a group.

    By Bayes' rule under the scene's own model: all other groups are summed out, covariates
    and missing values are integrated out, a score or a value at a bound or detection limit
    counts with the probability of its interval. That values are missing tells nothing here,
    which is exact unless their absence depends on the group or on what is missing. Rounding,
    heaping and outliers are approximate: see `log_densities`.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    X : DataFrame, shape (N, q)
        Biomarkers of the scene, any of them, in their own units; NaN where missing.
    group : str or sequence of str
        A group of the scene; with several the levels are those of their combinations.
    given : DataFrame, shape (N, n_groups), optional
        Groups that are known of everybody, such as the sex; with the index of X.
    measured : bool, default True
        False takes the values as those of the linear model.

    Returns
    -------
    DataFrame, shape (N, n_levels)
        Probabilities; each row adds up to 1. The index is that of X.

    Raises
    ------
    ValueError
        If a column or group is unknown, the indexes differ, or an individual can't come from
        the scene.

    Examples
    --------
    >>> scene = {"name": "two", "groups": {"g": {"probabilities": {"a": 0.5, "b": 0.5}}},
    ...          "biomarkers": {"m": {"shift": {"g": {"b": 2.0}}, "noise": 1.0}}}
    >>> posterior(scene, pd.DataFrame({"m": [1.0, 3.0]}), "g").round(3).to_numpy().tolist()
    [[0.5, 0.5], [0.018, 0.982]]
    """
    return Oracle.of(load_scene(scene), X, measured).posterior(group, given)


@dataclass(frozen=True, eq=False, repr=False)
class Oracle:
    """What a scene's model says of some individuals, whichever group is asked for.

    The densities cost nearly all of the time, and are the same for every group.

    Parameters
    ----------
    scene : Scene
    index : Index, length N
        Of the individuals.
    strata : Strata
        Of the scene.
    joint : ndarray, shape (N, n_strata)
        Log joint density of the individuals' biomarkers and each stratum.
    """

    scene: Scene
    index: pd.Index
    strata: Strata
    joint: Array

    @classmethod
    def of(cls, scene: Scene, X: pd.DataFrame, measured: bool = True) -> Oracle:
        """Compute the densities; the parameters are those of `posterior`."""
        strata = Strata.of(LinearModel.of(scene))
        joint = log_densities(strata, X, measured) + np.log(strata.probability)
        return cls(scene, X.index, strata, joint)

    def posterior(
        self, group: str | Sequence[str], given: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Posterior probabilities of the levels of a group; see `posterior`."""
        names = [group] if isinstance(group, str) else list(group)
        for name in [*names, *(given.columns if given is not None else [])]:
            if name not in self.scene.groups:
                raise ValueError(f"got the group {name!r}; {nearest(str(name), self.scene.groups)}")
        joint = self.joint
        if given is not None:
            same_index("given", given, "X", pd.DataFrame(index=self.index))
            joint = np.where(_possible(self.strata, given), joint, -np.inf)
        impossible = np.flatnonzero(np.isneginf(joint).all(axis=1))
        if len(impossible):
            first = self.index[impossible[0]]
            raise ValueError(
                f"{len(impossible)} individuals can't come from this scene, first {first}"
            )
        codes = np.column_stack([self.strata.codes[name] for name in names])
        present, which = np.unique(codes, axis=0, return_inverse=True)
        index = [
            tuple(
                self.strata.model.levels[name][code] for name, code in zip(names, row, strict=True)
            )
            for row in present
        ]
        log_levels = np.column_stack(
            [logsumexp(joint[:, which.ravel() == i], axis=1) for i in range(len(index))]
        )
        log_levels -= logsumexp(log_levels, axis=1, keepdims=True)
        labels = (
            pd.Index([key[0] for key in index])
            if len(names) == 1
            else pd.MultiIndex.from_tuples(index, names=names)
        )
        return pd.DataFrame(np.exp(log_levels), index=self.index, columns=labels)


def _possible(strata: Strata, given: pd.DataFrame) -> Array:
    """Whether each individual's known groups are those of each stratum, shape (N, n_strata)."""
    possible = np.ones((len(given), len(strata)), dtype=bool)
    for name, codes in ((str(column), strata.codes[str(column)]) for column in given.columns):
        known = given[name].astype(str).to_numpy()
        possible &= known[:, None] == np.array(strata.model.levels[name])[codes]
    return possible
