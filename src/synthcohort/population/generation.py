"""From a scene to a population: draws and the linear model, nothing of any scene in it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from synthcohort.measurement.recording import Linear, record
from synthcohort.population.covariates import covariate_values, recorded
from synthcohort.population.linear_model import (
    Array,
    Columns,
    biomarker_order,
    factor_mean,
    group_order,
    spread_sd,
    terms,
)
from synthcohort.population.missingness import Reason, reasons
from synthcohort.population.population import NOT_MISSING, Population, holed_biomarkers
from synthcohort.population.strata import conditional_means, conditional_sds
from synthcohort.population.streams import StreamDraws, blocks, stream
from synthcohort.population.unequal_sampling import sampled_tables
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
    buffers, missing = _buffers(scene), reasons(scene)

    def fill(item: tuple[int, slice]) -> None:
        _fill_block(scene, buffers, missing, *item)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(fill, blocks(0, scene.size)))
    return Population(scene, **buffers)


def with_overrides(scene: Scene, **values: int | None) -> Scene:
    """Return the scene with some of its top-level values replaced and checked again."""
    given = {key: value for key, value in values.items() if value is not None}
    return load_scene({**scene.model_dump(), **given}) if given else scene


def _buffers(scene: Scene) -> dict[str, dict[str, Array]]:
    n = scene.size
    measured = [name for name, b in scene.biomarkers.items() if b.measurement.acts]
    holed = holed_biomarkers(scene)
    return {
        "codes": {name: np.empty(n, dtype=np.int8) for name in scene.groups},
        "covariates": {name: np.empty(n) for name in scene.covariates},
        "factors": {name: np.empty(n) for name in scene.factors},
        "measured": {name: np.empty(n) for name in scene.biomarkers},
        "before": {name: np.empty(n) for name in measured},
        "complete": {name: np.empty(n) for name in holed},
        "reasons": {name: np.empty(n, dtype=np.int16) for name in holed},
    }


def _fill_block(
    scene: Scene,
    buffers: dict[str, dict[str, Array]],
    missing: dict[str, Reason],
    block: int,
    rows: slice,
) -> None:
    """Fill one block of rows of every buffer; values stay in cache from draw to measurement."""
    n = rows.stop - rows.start
    view = {
        kind: {name: column[rows] for name, column in columns.items()}
        for kind, columns in buffers.items()
    }
    codes, covariates, factors = view["codes"], view["covariates"], view["factors"]
    for name in group_order(scene):
        codes[name][:] = draw_codes(scene, name, codes, block, n)
    for name in scene.covariates:
        uniform = stream(scene.seed, "covariate", name, block).random(n)
        covariates[name][:] = covariate_values(scene, name, codes, uniform)
    for name, factor in scene.factors.items():
        value = factors[name]
        stream(scene.seed, "factor", name, block).standard_normal(out=value)
        value *= spread_sd(scene, factor.sd, factor.spread, codes)
        value += factor_mean(scene, factor, codes, covariates)
    values: dict[str, Array] = {}
    for name in biomarker_order(scene):
        keep = view["before" if name in view["before"] else "measured"][name]
        values[name] = keep
        keep[:] = 0.0
        for term in terms(scene, name, codes, covariates, factors, values, block, n).values():
            keep += term
    undetected = _record(scene, view, values, block)
    _lose(scene, view, missing, undetected, block)


def _record(
    scene: Scene, view: dict[str, Columns], values: Columns, block: int
) -> dict[str, Array]:
    """Measure the biomarkers of a block; return which values detection limits make missing."""
    codes, covariates = view["codes"], view["covariates"]
    names = [n for n, b in scene.biomarkers.items() if b.measurement.beyond == "truncate"]
    n = len(next(iter(values.values())))
    means = conditional_means(scene, codes, covariates, n, names) if names else np.empty((n, 0))
    sds = conditional_sds(scene, names, codes)
    moments = {name: (mean, sds[name]) for name, mean in zip(names, means.T, strict=True)}
    undetected = {}
    for name in view["before"]:
        marker = scene.biomarkers[name]
        noise = spread_sd(scene, marker.noise, marker.spread, codes)
        linear = Linear(values[name], noise, *moments.get(name, ()))
        draws = StreamDraws(scene.seed, name, block)
        view["measured"][name][:], lost = record(marker.measurement, linear, draws)
        if lost is not None:
            undetected[name] = lost
    return undetected


def _lose(
    scene: Scene,
    view: dict[str, Columns],
    missing: dict[str, Reason],
    undetected: dict[str, Array],
    block: int,
) -> None:
    """Take the missing values of a block out, and keep them and the reason for the truth."""
    measured, complete, reason = view["measured"], view["complete"], view["reasons"]
    for name, column in complete.items():
        column[:] = measured[name]
        reason[name][:] = NOT_MISSING
    numeric = measured | {
        name: recorded(scene.covariates[name], column)
        for name, column in view["covariates"].items()
    }
    lost = []
    for name, of_scene in missing.items():
        probability = of_scene.probability(scene, view["codes"], numeric | complete)
        n = len(next(iter(measured.values())))
        lost.append(stream(scene.seed, "missing", name, block).random(n) < probability)
    # In reverse, so that the first reason is the one that stays.
    for name, rows in undetected.items():
        reason[name][rows] = len(lost)
    for number, (rows, of_scene) in reversed(
        list(enumerate(zip(lost, missing.values(), strict=True)))
    ):
        for name in of_scene.missing.variables:
            reason[name][rows] = number
    for name in complete:
        measured[name][reason[name] != NOT_MISSING] = np.nan


def draw_codes(scene: Scene, name: str, codes: dict[str, Array], block: int, n: int) -> Array:
    """Draw the level codes of a group for one block, by inversion of one uniform each.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    group = scene.groups[name]
    uniform = stream(scene.seed, "group", name, block).random(n)
    table = sampled_tables(scene)[name]
    parents = [""] if group.given is None else scene.groups[group.given].levels
    limits = np.array([[table[p].get(lv, 0.0) for lv in group.levels] for p in parents]).cumsum(1)
    code = np.zeros(n, dtype=np.int8)
    # The last limit is 1 up to rounding, so the last level takes what is left.
    for level in range(len(group.levels) - 1):
        limit = limits[0, level] if group.given is None else limits[codes[group.given], level]
        code += uniform >= limit
    return code
