"""A rising curve from the normal variable behind a column to its values, from aggregates only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from synthcohort.calibration.latent_scale import LatentScale
from synthcohort.calibration.recorded_values import RecordedValues

Array = np.ndarray
Point = tuple[float, float]

_CUTS = np.linspace(-3.0, 3.0, 31)
_HEAP = 0.01
_STANDS_OUT = 3.0
_GAP = 0.1
_TAIL = 0.0005
_SAMPLES = 64
_Z_DIGITS = 3
_VALUE_DIGITS = 3


def curve_points(recorded: RecordedValues, scale: LatentScale, minimum: int) -> list[list[float]]:
    """Return the points of a curve whose values have the column's distribution.

    Values that many people share, more than their neighbours, are heaps, and wide gaps between
    values are jumps. Between them the curve goes through the means of bins of at least `minimum`
    people, and to each end with the slope by least squares within the last bin.

    Parameters
    ----------
    recorded : RecordedValues
    scale : LatentScale
        Of the normal variable behind them.
    minimum : int
        No point rests on fewer people.

    Returns
    -------
    list of [float, float]
        Value of the normal variable, recorded value; rising in both.
    """
    points: list[Point] = []
    breaks = _breaks(recorded, minimum)
    limits = [0.0, *(share for one in breaks for share in (one.low, one.high)), 1.0]
    values = [-np.inf, *(one.value for one in breaks), np.inf]
    for i, (low, high) in enumerate(zip(limits[::2], limits[1::2], strict=True)):
        if high > low:
            points += _run(recorded, scale, (low, high), (values[i], values[i + 1]), minimum)
        if i < len(breaks) and breaks[i].heap:
            ends = (breaks[i].low, breaks[i].high)
            points += [
                (_z(recorded, scale, share), values[i + 1]) for share in ends if 0 < share < 1
            ]
    return _rounded(points, recorded, {one.value for one in breaks if one.heap})


def heaps(recorded: RecordedValues, minimum: int) -> list[float]:
    """Values that many people share, more than their neighbours."""
    return [one.value for one in _breaks(recorded, minimum) if one.heap]


@dataclass(frozen=True)
class _Break:
    """A heap, or a gap between values: shares of people below and up to it, and its value."""

    low: float
    high: float
    value: float
    heap: bool


def _breaks(recorded: RecordedValues, minimum: int) -> list[_Break]:
    """Heaps and gaps, ascending.

    Fewer than `minimum` people beyond a heap or between two count as on them.
    """
    levels, share, up_to = recorded.levels, recorded.share, recorded.up_to
    distance = np.diff(levels)
    near = distance <= (recorded.step or np.inf) * 1.0001
    below, above = np.where(near, share[:-1], 0.0), np.where(near, share[1:], 0.0)
    beside = np.maximum(np.concatenate([[0.0], below]), np.concatenate([above, [0.0]]))
    many = (share >= _HEAP) & (recorded.counts >= minimum)
    heaped = np.flatnonzero(many & (share > _STANDS_OUT * beside))
    found = [_Break(up_to[k], up_to[k + 1], float(levels[k]), True) for k in heaped]
    wide = distance > _GAP * np.ptp(np.quantile(recorded.values, [0.001, 0.999]))
    for k in np.flatnonzero(wide & ~np.isin(np.arange(len(distance)), heaped)):
        if k + 1 not in heaped:
            middle = float(levels[k] + levels[k + 1]) / 2
            found.append(_Break(up_to[k + 1], up_to[k + 1], middle, False))
    return _enough_between(sorted(found, key=lambda one: one.low), recorded, minimum)


def _enough_between(found: list[_Break], recorded: RecordedValues, minimum: int) -> list[_Break]:
    """Take out gaps with too few people beside them, then give those between heaps to the heaps."""

    def people(low: float, high: float) -> float:
        return float(np.ptp(recorded.people_up_to(np.array([low, high]))))

    def few(i: int) -> bool:
        low = found[i - 1].high if i else 0.0
        high = found[i + 1].low if i + 1 < len(found) else 1.0
        return min(people(low, found[i].low), people(found[i].high, high)) < minimum

    while (
        gap := next((i for i, b in enumerate(found) if not b.heap and few(i)), None)
    ) is not None:
        del found[gap]
    limits = [0.0, *(share for one in found for share in (one.low, one.high)), 1.0]
    for i in range(0, len(limits), 2):
        if found and people(limits[i], limits[i + 1]) < minimum:
            middle = (limits[i] + limits[i + 1]) / 2
            middle = {0: 0.0, len(limits) - 2: 1.0}.get(i, middle)
            limits[i] = limits[i + 1] = middle
    pairs = zip(limits[1:-1:2], limits[2:-1:2], strict=True)
    return [replace(one, low=low, high=high) for one, (low, high) in zip(found, pairs, strict=True)]


def _run(
    recorded: RecordedValues,
    scale: LatentScale,
    shares: tuple[float, float],
    between: tuple[float, float],
    minimum: int,
) -> Iterator[Point]:
    """Points of the curve between two breaks, or a break and an end."""
    bins = [
        _Bin(recorded, scale, *cut) for cut in pairwise(_cuts(recorded, scale, shares, minimum))
    ]
    half = recorded.step / 2
    low, high = _reach(recorded)
    start, end = (_z(recorded, scale, share) for share in shares)
    yield start, bins[0].before(start, max(between[0] + half, low), bool(recorded.levels[0] > 0))
    for one in bins:
        yield one.z, one.value
    yield end, bins[-1].after(end, min(between[1] - half, high))


class _Bin:
    """People between two shares: the means of what they have, and how it rises."""

    def __init__(
        self, recorded: RecordedValues, scale: LatentScale, low: float, high: float
    ) -> None:
        share = low + (high - low) * (np.arange(_SAMPLES) + 0.5) / _SAMPLES
        self._z, self._values = scale.at(share), recorded.at(share)
        self.z, self.value = float(self._z.mean()), float(self._values.mean())

    def _slope(self, values: Array) -> float:
        z = self._z - self.z
        return float(z @ values / max(float(z @ z), 1e-12))

    def after(self, z: float, highest: float) -> float:
        """Value at a higher z."""
        rise = self._slope(self._values) * (z - self.z)
        return self.value + _within(rise, highest - self.value)

    def before(self, z: float, lowest: float, positive: bool) -> float:
        """Value at a lower z; where all are positive by logarithms if it would not be."""
        fall = self._slope(self._values) * (self.z - z)
        if positive and fall >= self.value:
            logs = np.log(np.maximum(self._values, 1e-300))
            fall = self.value - float(np.exp(logs.mean() + self._slope(logs) * (z - self.z)))
        return self.value - _within(fall, self.value - lowest)


def _within(change: float, room: float) -> float:
    """Halve a change until there is room for it: a limit itself would be an individual's."""
    while change > room > 0:
        change /= 2
    return change if room > 0 else 0.0


def _cuts(
    recorded: RecordedValues, scale: LatentScale, shares: tuple[float, float], minimum: int
) -> list[float]:
    """Cut a range of shares where the normal variable is at even distances, people permitting."""
    low, high = shares
    kept, cuts = [low], scale.share(_CUTS)
    for cut in cuts[(cuts > low) & (cuts < high)]:
        before, here, after = recorded.people_up_to(np.array([kept[-1], cut, high]))
        if min(here - before, after - here) >= minimum:
            kept.append(float(cut))
    return [*kept, high]


def _z(recorded: RecordedValues, scale: LatentScale, share: float) -> float:
    """Value of the normal variable at a share; the curve ends where half a person is beyond."""
    tail = max(0.5 / recorded.effective, _TAIL)
    return float(scale.at(np.array(np.clip(share, tail, 1 - tail))))


def _reach(recorded: RecordedValues) -> tuple[float, float]:
    """Lowest and highest value that a curve may have: a tenth beyond all but 1 in 1,000."""
    low, high = np.quantile(recorded.values, [0.001, 0.999])
    tenth = 0.1 * (high - low)
    lowest = 0.0 if recorded.levels[0] >= 0 else -np.inf  # the sign is all that is told
    return max(low - tenth, lowest), high + tenth


def _rounded(
    points: list[Point], recorded: RecordedValues, heaped: set[float]
) -> list[list[float]]:
    """Round points and take out those on a line with their neighbours, upright or flat."""
    digits = _VALUE_DIGITS - 1 - int(np.floor(np.log10(recorded.sd)))
    found = [
        [round(z, _Z_DIGITS), value if value in heaped else round(value, digits)]
        for z, value in points
    ]
    rising = np.maximum.accumulate(np.array(found), axis=0).tolist()
    kept: list[list[float]] = []
    for point in rising:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and any(kept[-2][i] == kept[-1][i] == point[i] for i in (0, 1)):
            kept.pop()
        kept.append(point)
    return kept
