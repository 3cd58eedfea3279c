"""From a scene to a population."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from synthcohort.population.drawing import draw
from synthcohort.population.linear_model import LinearModel
from synthcohort.population.memory_needed import check_memory
from synthcohort.population.missingness import reasons
from synthcohort.population.population import Population, holed_biomarkers
from synthcohort.population.streams import BLOCK
from synthcohort.scene import Scene, load_scene


def generate(
    scene: Scene | str | Path | Mapping[str, Any],
    size: int | None = None,
    seed: int | None = None,
    workers: int = 1,
) -> Population:
    """Generate the population of a scene.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        A scene, or anything that `load_scene` takes.
    size : int, optional
        Number of individuals; the scene's own by default. A larger size keeps
        the first rows as they were.
    seed : int, optional
        Seed of every stream; the scene's own by default.
    workers : int, default 1
        Threads. They change the time and nothing else.

    Returns
    -------
    Population
        Unpacks to ``X, metadata, truth``.

    Raises
    ------
    SceneError
        If the scene can't be used, or size or seed are out of range, or so many individuals do
        not fit into the memory.

    Examples
    --------
    >>> X, metadata, truth = generate("haalsi_example", size=100)
    >>> X.shape
    (100, 16)
    """
    scene = with_overrides(load_scene(scene), size=size, seed=seed)
    check_memory(scene, _drawn)
    return _drawn(scene, workers)


def _drawn(scene: Scene, workers: int = 1) -> Population:
    model = LinearModel.of(scene)
    drawn = draw(model, scene.size, reasons(model), holed_biomarkers(scene), workers)
    return Population(scene, **vars(drawn))


PART = 8 * BLOCK
"""Individuals of one part of a population that is generated in parts."""


def generate_parts(scene: Scene, workers: int = 1) -> Iterator[Population]:
    """Generate a population in parts of `PART` individuals, one after the other.

    Parameters
    ----------
    scene : Scene
    workers : int, default 1
        Threads. They change the time and nothing else.

    Yields
    ------
    Population
        Of the next individuals; its scene has their number as size.
    """
    model = LinearModel.of(scene)
    why, holed = reasons(model), holed_biomarkers(scene)
    for first in range(0, scene.size, PART):
        n = min(PART, scene.size - first)
        drawn = draw(model, n, why, holed, workers, first)
        yield Population(scene.model_copy(update={"size": n}), **vars(drawn), first=first)


def with_overrides(scene: Scene, **values: int | None) -> Scene:
    """Return the scene with some of its top-level values replaced and checked again."""
    given = {key: value for key, value in values.items() if value is not None}
    return load_scene({**scene.model_dump(), **given}) if given else scene
