"""Factors whose population has the rank correlations of the table."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthcohort.calibration.factor_model import Factors, factors_of
from synthcohort.calibration.rank_correlations import WithinGroups, possible, spearman
from synthcohort.population.generation import generate
from synthcohort.scene import Scene

Array = np.ndarray

CLOSE = 0.03
"""Rank correlations off by no more need no correction."""
_ROUNDS = 3
_SIZE = 20_000


def fit_factors(
    within: WithinGroups,
    people: int,
    scene_of: Callable[[Factors], Scene],
    number: int | None,
    seed: int,
) -> tuple[Factors, Scene]:
    """Fit factors to correlations within groups, and correct them by what is generated.

    Groups that are far apart make the variable over everybody far from normal, and the
    correlations within groups that were solved as if it were are off.

    Parameters
    ----------
    within : WithinGroups
    people : int
        Behind each correlation, at least.
    scene_of : callable
        From factors to the scene.
    number : int, optional
        Of factors; they are then as they are fitted.
    seed : int
        Of the parallel analysis.

    Returns
    -------
    factors : Factors
    scene : Scene
    """
    matrix = within.matrix
    model = factors_of(matrix, people, np.random.default_rng(seed), number)
    scene = scene_of(model)
    if number is not None:
        return model, scene
    best, left = (model, scene), np.inf
    for _ in range(_ROUNDS):
        error = within.ranks - _generated(scene)
        np.fill_diagonal(error, 0.0)
        largest = float(np.nanmax(np.abs(error)))
        if largest < left:
            best, left = (model, scene), largest
        if largest <= CLOSE:
            break
        matrix = possible(matrix + np.nan_to_num(error))
        model = factors_of(
            matrix, people, np.random.default_rng(seed), model.loadings.shape[1], identified=False
        )
        scene = scene_of(model)
    return best


def _generated(scene: Scene) -> Array:
    X = generate(scene, size=_SIZE).X.to_numpy()
    return spearman(X, np.ones(len(X)))
