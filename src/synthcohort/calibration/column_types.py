"""How a column was measured, told from its values: scale, codes, curve, decimals, ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats
from scipy.special import ndtr

from synthcohort.calibration.latent_scale import LatentScale, fit_latent_scale
from synthcohort.calibration.recorded_values import RecordedValues
from synthcohort.calibration.rising_curve import curve_points, heaps

Array = np.ndarray
MAX_LEVELS = 12
"""A column of at most so many values is one of codes."""
_DISTANCE, _AT_LEAST, _AT_MOST = 1.2, 0.01, 0.045
_TAILS = 0.0005, 0.001, 0.002
_BOUND_DIGITS = 3
_LINEAR_DIGITS = 4


@dataclass(frozen=True)
class ColumnType:
    """A column as a scene has it.

    Parameters
    ----------
    name : str
    measurement : dict
        Of the scene.
    effects : ndarray, shape (q,)
        Of the columns of the design on the scale of the linear model, the constant first.
    sd : float
        Within groups, on that scale.
    linear : ndarray, shape (n,)
        Values of the linear model, NaN where missing. Of people who share a value, as with
        codes, each has another: at random among those that give it.
    note : str
        What was detected and why.
    """

    name: str
    measurement: dict[str, object]
    effects: Array
    sd: float
    linear: Array
    note: str


def detect(
    name: str,
    values: Array,
    minimum: int,
    design: Array | None = None,
    weight: Array | None = None,
) -> ColumnType:
    """Tell how a column was measured, and what groups add to it.

    Parameters
    ----------
    name : str
    values : ndarray, shape (n,)
        NaN where missing.
    minimum : int
        Nothing rests on fewer people.
    design : ndarray, shape (n, q), optional
        A constant and indicators of levels; a constant alone by default.
    weight : ndarray, shape (n,), optional
        Survey weights.

    Returns
    -------
    ColumnType
        The simplest that fits: codes by thresholds where there are few values; else the
        linear or the log scale where the distribution that it implies is near; else a curve.
    """
    there = ~np.isnan(values)
    design = np.ones((len(values), 1)) if design is None else design
    weight = np.ones(len(values)) if weight is None else weight
    recorded = RecordedValues(values[there], weight[there])
    found = _detected(name, recorded, design[there], minimum)
    linear = np.full(len(values), np.nan)
    linear[there] = found.linear
    return replace(found, linear=linear)


def _detected(name: str, recorded: RecordedValues, design: Array, minimum: int) -> ColumnType:
    if len(recorded.levels) <= MAX_LEVELS:
        codes = _codes(name, recorded, design, minimum)
        if codes is not None:
            return codes
    own = heaps(recorded, minimum)
    scales = ["linear", "log"] if recorded.levels[0] > 0 else ["linear"]
    for scale in scales if not own else []:
        parametric = _parametric(name, recorded, design, scale)
        if parametric is not None:
            return parametric
    return _curve(name, recorded, design, minimum, own)


def _written(recorded: RecordedValues) -> tuple[dict[str, object], str]:
    """Decimals, and multiples where all values are some, with words."""
    if recorded.decimals is None:
        return {}, "all decimals"
    found: dict[str, object] = {"decimals": recorded.decimals}
    text = f"{recorded.decimals} decimals"
    if not np.isclose(recorded.step, 10.0**-recorded.decimals):
        found["heaping"] = {"to": recorded.step, "rate": 1.0}
        text = f"multiples of {recorded.step:g}"
    return found, text


def _parametric(
    name: str, recorded: RecordedValues, design: Array, scale: str
) -> ColumnType | None:
    """Take a scale if the normal distributions within groups give the column's own."""
    forward, back = (np.log, np.exp) if scale == "log" else (np.asarray, np.asarray)
    value, weight = forward(recorded.values), recorded.weight / recorded.weight.sum()
    root = np.sqrt(weight)
    effects, *_ = np.linalg.lstsq(design * root[:, None], value * root, rcond=None)
    fitted = design @ effects
    freedom = max(1 - np.linalg.matrix_rank(design) / recorded.effective, 0.1)
    sd = float(np.sqrt(weight @ (value - fitted) ** 2 / freedom))
    means, which = np.unique(fitted, return_inverse=True)
    share = np.bincount(which, weight)
    edge, up_to = recorded.edges()
    with np.errstate(invalid="ignore", divide="ignore"):
        implied = ndtr((forward(edge)[:, None] - means) / sd) @ share
    distance = float(np.abs(implied - up_to).max())
    near = np.clip(_DISTANCE / np.sqrt(recorded.effective), _AT_LEAST, _AT_MOST)
    if distance > near:
        return None
    grid = np.linspace(means.min() - 5 * sd, means.max() + 5 * sd, 4001)
    below = ndtr((grid[:, None] - means) / sd) @ share
    first, last = np.quantile(recorded.values, [0.001, 0.999])
    tenth = 0.1 * (last - first)
    ends = [back(np.interp([tail, 1 - tail], below, grid)) for tail in _TAILS]
    inside = [(a, b) for a, b in ends if a > first - tenth and b < last + tenth]
    if not inside:
        return None
    measurement, text = _written(recorded)
    lower, upper = (_bound(v, recorded) for v in inside[0])
    if recorded.levels[0] >= 0:
        lower = max(lower, 0.0)
    measurement |= {"scale": scale, "lower": lower, "upper": upper}
    note = f"{scale} (largest distance from the distribution {distance:.3f}), {text}"
    return ColumnType(name, measurement, effects, sd, value, f"{note}, {lower:g} to {upper:g}")


def _bound(bound: float, recorded: RecordedValues) -> float:
    """Round a bound of the fitted distribution as coarsely as tells nothing more."""
    return round(float(bound), _BOUND_DIGITS - 1 - int(np.floor(np.log10(recorded.sd))))


def _curve(
    name: str, recorded: RecordedValues, design: Array, minimum: int, own: list[float]
) -> ColumnType:
    scale, linear = _latent(recorded.up_to, recorded.level_of, design, recorded.weight)
    points = curve_points(recorded, scale, minimum)
    # In the column's own mean and SD, so that a reader finds them: all variance 1 otherwise.
    mean, spread = recorded.mean, recorded.sd
    digits = _LINEAR_DIGITS - 1 - int(np.floor(np.log10(spread)))
    points = [[round(mean + spread * z, digits), value] for z, value in points]
    measurement, text = _written(recorded)
    skewness = float(stats.skew(recorded.values))
    note = f"a curve through {len(points)} points (skewness {skewness:.1f}), {text}"
    if own:
        note += f"; heaps at {', '.join(f'{v:g}' for v in own[:6])}{', ...' * (len(own) > 6)}"
    measurement = {"curve": points, **measurement}
    effects = spread * scale.effects
    effects[0] += mean
    return ColumnType(name, measurement, effects, spread * scale.sd, mean + spread * linear, note)


def _latent(up_to: Array, level: Array, design: Array, weight: Array) -> tuple[LatentScale, Array]:
    """Return the normal variable behind levels, and a value of it for each person."""
    low, high = up_to[level], up_to[level + 1]
    scale = fit_latent_scale(low, high, design, weight)
    anywhere = np.random.default_rng(0).random(len(level))
    return scale, scale.at(low + (high - low) * anywhere)


def _codes(name: str, recorded: RecordedValues, design: Array, minimum: int) -> ColumnType | None:
    """Thresholds on a normal variable; rare codes are joined with the one below."""
    kept: list[int] = []
    people: list[int] = []
    for k, count in enumerate(recorded.counts):
        if kept and people[-1] < minimum:  # the lowest codes, joined with the next
            people[-1] += int(count)
            kept[-1] = k
        elif kept and count < minimum:
            people[-1] += int(count)
        else:
            kept.append(k)
            people.append(int(count))
    if len(kept) < 2 or min(people) < minimum:
        return None
    code_of = np.searchsorted(kept, np.arange(len(recorded.levels)), side="right") - 1
    code_of = np.maximum(code_of, 0)
    up_to = np.concatenate([[0.0], np.cumsum(np.bincount(code_of, recorded.share))])
    up_to = np.minimum(up_to / up_to[-1], 1.0)
    scale, linear = _latent(up_to, code_of[recorded.level_of], design, recorded.weight)
    codes = [float(recorded.levels[k]) for k in kept]
    cuts = [round(float(cut), 3) for cut in scale.at(up_to[1:-1])]
    measurement: dict[str, object] = {"thresholds": cuts}
    if codes != list(range(len(codes))):
        measurement["codes"] = codes
    note = f"codes {', '.join(f'{c:g}' for c in codes)}, by thresholds on a normal variable"
    joined = len(recorded.levels) - len(kept)
    if joined:
        note += f"; {joined} under {minimum} people joined with a neighbour"
    return ColumnType(name, measurement, scale.effects, scale.sd, linear, note)
