"""Unequal sampling: the distribution of the groups in the sample, and the weights that undo it."""

from __future__ import annotations

import math

import numpy as np

from synthcohort.scene.model import Scene

Tables = dict[str, dict[str, dict[str, float]]]


def sampled_tables(scene: Scene) -> Tables:
    """Probabilities of the groups in the sample, by group, parent's level and level.

    The sample's joint distribution is the population's times the inclusion probability,
    renormalised. The sampled group's table is tilted by it, its parent's by the mean
    inclusion of each parent level, and so on; groups below keep theirs.
    """
    tables = {name: group.table() for name, group in scene.groups.items()}
    for group, inclusion in _inclusion(scene).items():
        for parent, row in tables[group].items():
            tilted = {level: p * inclusion[level] for level, p in row.items()}
            total = math.fsum(tilted.values())
            tables[group][parent] = {k: v / total for k, v in tilted.items()} if total else row
    return tables


def level_weights(scene: Scene) -> np.ndarray:
    """Survey weight of each level of the sampled group, of mean 1 in the sample.

    Returns
    -------
    ndarray, shape (n_levels,)
        The mean inclusion of the population over that of the level.
    """
    if scene.sampling is None:
        raise ValueError("the scene has no sampling, so no weights")
    root, inclusion = list(_inclusion(scene).items())[-1]
    (row,) = scene.groups[root].table().values()
    mean = math.fsum(p * inclusion[level] for level, p in row.items())
    own = scene.sampling.probabilities
    return np.array([mean / own[level] for level in scene.groups[scene.sampling.by].levels])


def _inclusion(scene: Scene) -> dict[str, dict[str, float]]:
    """Mean inclusion by level of the sampled group and its ancestors, from it upwards."""
    if scene.sampling is None:
        return {}
    name, found = scene.sampling.by, {scene.sampling.by: scene.sampling.probabilities}
    while (parent := scene.groups[name].given) is not None:
        table, below = scene.groups[name].table(), found[name]
        found[parent] = {
            key: math.fsum(p * below[level] for level, p in row.items())
            for key, row in table.items()
        }
        name = parent
    return found
