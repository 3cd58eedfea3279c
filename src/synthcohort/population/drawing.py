"""Draws of a scene's model, block by block, from the levels to what is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from synthcohort.measurement.composition import Instrument
from synthcohort.measurement.step import Values
from synthcohort.population.covariates import covariate_values, recorded
from synthcohort.population.linear_model import Array, Columns, LinearModel
from synthcohort.population.missingness import Reason
from synthcohort.population.strata import conditional_means, conditional_sds
from synthcohort.population.streams import StreamDraws, blocks, stream
from synthcohort.scene import Scene

NOT_MISSING = -1


@dataclass(frozen=True)
class Drawn:
    """What is drawn of n individuals, by variable; `Population` says what each part is."""

    codes: Columns
    covariates: Columns
    factors: Columns
    measured: Columns
    before: Columns
    complete: Columns = field(default_factory=dict)
    reasons: Columns = field(default_factory=dict)

    @classmethod
    def empty(cls, scene: Scene, n: int, holed: list[str]) -> Drawn:
        """Make room for n individuals."""
        measured = [name for name, b in scene.biomarkers.items() if b.measurement.acts]
        return cls(
            codes={name: np.empty(n, dtype=np.int8) for name in scene.groups},
            covariates={name: np.empty(n) for name in scene.covariates},
            factors={name: np.empty(n) for name in scene.factors},
            measured={name: np.empty(n) for name in scene.biomarkers},
            before={name: np.empty(n) for name in measured},
            complete={name: np.empty(n) for name in holed},
            reasons={name: np.empty(n, dtype=np.int16) for name in holed},
        )

    def rows(self, rows: slice) -> Drawn:
        """Return some of the individuals, as views."""
        parts = {
            kind: {name: column[rows] for name, column in columns.items()}
            for kind, columns in vars(self).items()
        }
        return Drawn(**parts)


def draw(
    model: LinearModel,
    size: int,
    missing: dict[str, Reason] | None = None,
    holed: list[str] | None = None,
    workers: int = 1,
    first: int = 0,
) -> Drawn:
    """Draw individuals.

    Parameters
    ----------
    model : LinearModel
    size : int
        Number of individuals.
    missing : dict of str to Reason, optional
        Reasons for missing values; without them all values are those that would have been
        recorded.
    holed : list of str, optional
        Biomarkers that can be missing.
    workers : int, default 1
        Threads. They change the time and nothing else.
    first : int, default 0
        The row that they begin with, a multiple of `BLOCK`.

    Returns
    -------
    Drawn
    """
    drawn = Drawn.empty(model.scene, size, holed or [])

    def fill(item: tuple[int, slice]) -> None:
        block, rows = item
        view = drawn.rows(rows)
        undetected = _fill(model, view, block, rows.stop - rows.start)
        if missing is not None:
            _lose(model, view, missing, undetected, block)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(fill, blocks(first, first + size)))
    return drawn


def _fill(model: LinearModel, view: Drawn, block: int, n: int) -> dict[str, Array]:
    """Fill one block of rows; values stay in cache from draw to measurement."""
    scene, codes, covariates = model.scene, view.codes, view.covariates
    for name in model.group_order:
        codes[name][:] = _draw_codes(model, name, codes, block, n)
    for name in scene.covariates:
        uniform = stream(scene.seed, "covariate", name, block).random(n)
        covariates[name][:] = covariate_values(scene, name, codes, uniform)
    for name, factor in model.factors.items():
        value = view.factors[name]
        stream(scene.seed, "factor", name, block).standard_normal(out=value)
        value *= factor.own_sd(codes)
        value += factor.shift(codes, covariates)
    values: Columns = {}
    for name in model.order:
        keep = (view.before if name in view.before else view.measured)[name]
        values[name] = keep
        keep[:] = 0.0
        for term in terms(model, name, view, values, block, n).values():
            keep += term
    return _record(model, view, values, block, n)


def terms(
    model: LinearModel, name: str, view: Drawn, values: Columns, block: int, n: int
) -> dict[str, Array | float]:
    """Terms of one biomarker for one block; added in this order they make the value.

    Parameters
    ----------
    model : LinearModel
    name : str
        The biomarker.
    view : Drawn
        Codes, covariates and factors of the block's individuals.
    values : dict of ndarray, shape (n,)
        Values before measurement of the biomarkers that this one has slopes on.
    block, n : int
        The block's number and its rows.

    Returns
    -------
    dict of ndarray, shape (n,), or float
    """
    marker = model.biomarkers[name]
    parts: dict[str, Array | float] = {"baseline": marker.baseline}
    for effect in marker.shifts:
        parts[f"shift: {effect.group}"] = effect.of(view.codes)
    for factor, loading in marker.loadings.items():
        parts[f"factor: {factor}"] = loading * view.factors[factor]
    for other, slope in marker.slopes.items():
        parts[f"slope: {other}"] = slope * (values[other] - model.biomarkers[other].baseline)
    for covariate in marker.covariates:
        term = covariate.of(view.codes, view.covariates)
        parts[f"slope: {covariate.covariate}"] = term
    noise = stream(model.scene.seed, "noise", name, block).standard_normal(n)
    noise *= marker.own_sd(view.codes)
    parts["noise"] = noise
    return parts


def _record(
    model: LinearModel, view: Drawn, values: Columns, block: int, n: int
) -> dict[str, Array]:
    """Measure the biomarkers of a block; return which values detection limits make missing."""
    scene = model.scene
    names = [n for n, b in scene.biomarkers.items() if b.measurement.beyond == "truncate"]
    means = (
        conditional_means(model, view.codes, view.covariates, n, names)
        if names
        else np.empty((n, 0))
    )
    sds = conditional_sds(model, names, view.codes)
    moments = {name: (mean, sds[name]) for name, mean in zip(names, means.T, strict=True)}
    undetected = {}
    for name in view.before:
        noise = model.biomarkers[name].own_sd(view.codes)
        linear = Values(values[name], noise, *moments.get(name, ()))
        instrument = Instrument.of(scene.biomarkers[name].measurement)
        found = instrument.record(linear, StreamDraws(scene.seed, name, block))
        view.measured[name][:] = found.value
        if found.undetected is not None:
            undetected[name] = found.undetected
    return undetected


def _lose(
    model: LinearModel,
    view: Drawn,
    missing: dict[str, Reason],
    undetected: dict[str, Array],
    block: int,
) -> None:
    """Take the missing values of a block out, and keep them and the reason for the truth."""
    scene, measured, complete, reason = model.scene, view.measured, view.complete, view.reasons
    for name, column in complete.items():
        column[:] = measured[name]
        reason[name][:] = NOT_MISSING
    numeric = measured | {
        name: recorded(scene.covariates[name], column) for name, column in view.covariates.items()
    }
    n = len(next(iter(measured.values())))
    lost = [
        stream(scene.seed, "missing", name, block).random(n)
        < of_scene.probability(view.codes, numeric | complete)
        for name, of_scene in missing.items()
    ]
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


def _draw_codes(model: LinearModel, name: str, codes: Columns, block: int, n: int) -> Array:
    """Draw the level codes of a group for one block, by inversion of one uniform each.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    given, levels, table = model.scene.groups[name].given, model.levels[name], model.tables[name]
    uniform = stream(model.scene.seed, "group", name, block).random(n)
    parents = [""] if given is None else model.levels[given]
    limits = np.array([[table[p].get(lv, 0.0) for lv in levels] for p in parents]).cumsum(1)
    code = np.zeros(n, dtype=np.int8)
    # The last limit is 1 up to rounding, so the last level takes what is left.
    for level in range(len(levels) - 1):
        limit = limits[0, level] if given is None else limits[codes[given], level]
        code += uniform >= limit
    return code
