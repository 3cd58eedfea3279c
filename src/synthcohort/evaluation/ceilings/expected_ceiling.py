"""The ceiling: the best expected ARI that any method could reach for a grouping."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.evaluation.metrics.expected_agreement import best_labels, expected_ari
from synthcohort.exact_theory import Oracle
from synthcohort.population import Population, generate
from synthcohort.scene import Scene, load_scene

_SIZE = 40_000
_BATCHES = 10


@dataclass(frozen=True)
class Ceiling:
    """A best expected ARI and its Monte Carlo standard error."""

    value: float
    standard_error: float


def ceiling(
    scene: Scene | str | Path | Mapping[str, Any],
    group: str,
    *,
    biomarkers: Sequence[str] | None = None,
    given: Sequence[str] = (),
    measured: bool = True,
    size: int = _SIZE,
) -> Ceiling:
    """Compute the best expected ARI for a group, under the scene's own model.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    group : str
        The group to find.
    biomarkers : sequence of str, optional
        What the method sees; the experiment's biomarkers by default.
    given : sequence of str, default none
        Groups that the method is told of everybody, such as the sex.
    measured : bool, default True
        False: the method sees the values before the instrument's bounds.
    size : int, default 40,000
        Individuals that the expectation over the biomarkers is taken with. The expectation
        over the truth is exact.

    Returns
    -------
    Ceiling

    Raises
    ------
    ValueError
        If a name is not of the scene.

    Examples
    --------
    >>> ceiling("haalsi_example", "region", size=4000).value > 0.98
    True
    """
    scene = load_scene(scene)
    population = generate(scene, size=size)
    probabilities = oracle(population, group, biomarkers, given, measured).to_numpy()
    labels = best_labels(probabilities)
    batches = np.array_split(np.arange(size), _BATCHES)
    values = [expected_ari(labels[rows], probabilities[rows]) for rows in batches]
    error = float(np.std(values, ddof=1)) / math.sqrt(_BATCHES)
    return Ceiling(expected_ari(labels, probabilities), error)


def oracle(
    population: Population,
    group: str,
    biomarkers: Sequence[str] | None = None,
    given: Sequence[str] = (),
    measured: bool = True,
) -> pd.DataFrame:
    """Posterior of a group for the individuals of a population, from its biomarkers."""
    known = population.groupings[list(given)] if given else None
    return oracle_of(population, biomarkers, measured).posterior(group, known)


def oracle_of(
    population: Population,
    biomarkers: Sequence[str] | None = None,
    measured: bool = True,
    rows: np.ndarray | None = None,
) -> Oracle:
    """Return the oracle of a population's individuals, all of them by default."""
    names = list(biomarkers or population.scene.experiment.biomarkers)
    X = population.X
    if not measured:
        before = {name: population.before_measurement(name) for name in names}
        X = pd.DataFrame(before, index=X.index)
    return Oracle.of(population.scene, X[names] if rows is None else X.loc[rows, names], measured)
