"""From a scene to a population: draws and the linear model, nothing of any scene in it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from synthcohort.population.linear import (
    Array,
    biomarker_order,
    factor_mean,
    factor_sd,
    group_order,
    terms,
)
from synthcohort.population.population import Population
from synthcohort.population.streams import blocks, stream
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
        If the scene can't be used, or size or seed are out of range.

    Examples
    --------
    >>> X, metadata, truth = generate("haalsi_example", size=100)
    >>> X.shape
    (100, 16)
    """
    scene = with_overrides(load_scene(scene), size=size, seed=seed)
    buffers = _buffers(scene)

    def fill(item: tuple[int, slice]) -> None:
        _fill_block(scene, buffers, *item)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(fill, blocks(0, scene.size)))
    return Population(scene, **buffers)


def with_overrides(scene: Scene, **values: int | None) -> Scene:
    """Return the scene with some of its top-level values replaced and checked again."""
    given = {key: value for key, value in values.items() if value is not None}
    return load_scene({**scene.model_dump(), **given}) if given else scene


def _buffers(scene: Scene) -> dict[str, dict[str, Array]]:
    n = scene.size
    bounded = [name for name, b in scene.biomarkers.items() if b.measurement.bounded]
    return {
        "codes": {name: np.empty(n, dtype=np.int8) for name in scene.groups},
        "factors": {name: np.empty(n) for name in scene.factors},
        "measured": {name: np.empty(n) for name in scene.biomarkers},
        "before": {name: np.empty(n) for name in bounded},
    }


def _fill_block(
    scene: Scene, buffers: dict[str, dict[str, Array]], block: int, rows: slice
) -> None:
    """Fill one block of rows of every buffer; values stay in cache from draw to measurement."""
    n = rows.stop - rows.start
    codes: dict[str, Array] = {}
    for name in group_order(scene):
        codes[name] = buffers["codes"][name][rows]
        codes[name][:] = draw_codes(scene, name, codes, block, n)
    factors: dict[str, Array] = {}
    for name, factor in scene.factors.items():
        value = factors[name] = buffers["factors"][name][rows]
        stream(scene.seed, "factor", name, block).standard_normal(out=value)
        value *= factor_sd(scene, factor, codes)
        value += factor_mean(scene, factor, codes)
    values: dict[str, Array] = {}
    for name in biomarker_order(scene):
        measurement = scene.biomarkers[name].measurement
        keep = buffers["before" if measurement.bounded else "measured"][name][rows]
        values[name] = keep
        keep[:] = 0.0
        for term in terms(scene, name, codes, factors, values, block, n).values():
            keep += term
        if measurement.bounded:
            np.clip(keep, measurement.lower, measurement.upper, out=buffers["measured"][name][rows])


def draw_codes(scene: Scene, name: str, codes: dict[str, Array], block: int, n: int) -> Array:
    """Draw the level codes of a group for one block, by inversion of one uniform each.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    group = scene.groups[name]
    uniform = stream(scene.seed, "group", name, block).random(n)
    table = group.table()
    parents = [""] if group.given is None else scene.groups[group.given].levels
    limits = np.array([[table[p].get(lv, 0.0) for lv in group.levels] for p in parents]).cumsum(1)
    code = np.zeros(n, dtype=np.int8)
    # The last limit is 1 up to rounding, so the last level takes what is left.
    for level in range(len(group.levels) - 1):
        limit = limits[0, level] if group.given is None else limits[codes[group.given], level]
        code += uniform >= limit
    return code
