"""A rising curve: skewed values, heaps such as zeros, ends, all that no other scale has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthcohort.measurement.step import Array, Draws, Inverse, Step, Values


@dataclass(frozen=True)
class CurveStep(Step):
    """The value is a rising function of the linear model's: straight lines between points.

    It is flat before the first and after the last point. Two points of one recorded value
    make a heap; two of one linear value make a jump.

    Parameters
    ----------
    linear, recorded : tuple of float
        The points' values of the linear model, and what is recorded there.
    """

    linear: tuple[float, ...]
    recorded: tuple[float, ...]

    @cached_property
    def _x(self) -> Array:
        return np.array(self.linear)

    @cached_property
    def _y(self) -> Array:
        return np.array(self.recorded)

    @cached_property
    def _flats(self) -> Array:
        """Recorded values that a whole interval has."""
        heaps = self._y[1:][np.diff(self._y) == 0]
        return np.unique(np.concatenate([self._y[:1], heaps, self._y[-1:]]))

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Follow the curve."""
        x, y, last = self._x, self._y, len(self._x) - 1
        after = np.searchsorted(x, values.value, side="right")
        left, right = np.maximum(after - 1, 0), np.minimum(after, last)
        width = np.where(right > left, x[right] - x[left], 1.0)
        share = np.clip((values.value - x[left]) / width, 0.0, 1.0)
        # The last digits of a sum could step over the next point.
        value = np.minimum(y[left] + share * (y[right] - y[left]), y[right])
        return Values(
            value, values.noise, values.mean, values.sd, values.reported, values.undetected
        )

    def edges(self) -> list[float]:
        """Return where the curve bends."""
        return list(self.linear)

    def before(self, value: Array, mean: Array | float, sd: Array | float) -> Array:  # noqa: ARG002
        """Find the first linear value at which the curve has reached each value."""
        return self._lowest(value)

    def invert(self, inverse: Inverse) -> Inverse:
        """Follow the curve back; a heap, and either end, stands for an interval."""
        first, last = self.recorded[0], self.recorded[-1]
        if ((inverse.high < first) | (inverse.low > last)).any():
            raise ValueError(f"got a value beyond {first:g} to {last:g}, the ends of its curve")
        value, half, exact = inverse.value, inverse.half, inverse.exact
        if self._jumped(inverse.low, inverse.high).any():
            raise ValueError("got a value that its curve jumps over")
        low, high = value - half, value + half
        whole = exact & (self._touches(low, high) | self._jumped(value, value))
        density = exact & ~whole
        log_slope = np.log(self._slope(value), out=np.zeros(len(value)), where=density)
        return Inverse(
            value=np.where(density, self._lowest(value), value),
            lower=np.where(whole, self._lowest(low), self._lowest(inverse.lower)),
            upper=np.where(whole, self._highest(high), self._highest(inverse.upper)),
            low=self._lowest(inverse.low),
            high=self._highest(inverse.high),
            log_jacobian=inverse.log_jacobian - log_slope,
        )

    def _lowest(self, value: Array) -> Array:
        """Lowest linear value with at least this recorded value, infinite where any or none has."""
        return self._across(value, np.searchsorted(self._y, value, side="left"))

    def _highest(self, value: Array) -> Array:
        """Highest linear value with at most this recorded value, infinite where any or none has."""
        return self._across(value, np.searchsorted(self._y, value, side="right"))

    def _across(self, value: Array, after: Array) -> Array:
        """Linear value where the line to the point number `after` has the recorded value."""
        x, y = self._x, self._y
        right = np.clip(after, 1, len(y) - 1)
        rise = y[right] - y[right - 1]
        share = np.divide(value - y[right - 1], rise, out=np.zeros(np.shape(value)), where=rise > 0)
        found = x[right - 1] + share * (x[right] - x[right - 1])
        found = np.where(after == 0, -np.inf, np.where(after == len(y), np.inf, found))
        return np.asarray(np.where(np.isnan(value), np.nan, found))

    def _slope(self, value: Array) -> Array:
        right = np.clip(np.searchsorted(self._y, value), 1, len(self._y) - 1)
        run = self._x[right] - self._x[right - 1]
        rise = self._y[right] - self._y[right - 1]
        return np.asarray(np.divide(rise, run, out=np.zeros(len(value)), where=run > 0))

    def _touches(self, low: Array, high: Array) -> Array:
        """Whether a flat part is recorded from `low` to `high`."""
        flats = self._flats
        slack = 1e-9 * (1.0 + np.abs(low)) * (high > low)
        first = np.searchsorted(flats, low - slack)
        return np.asarray(first < np.searchsorted(flats, high + slack, side="right"))

    def _jumped(self, low: Array, high: Array) -> Array:
        """Whether the curve jumps over everything from `low` to `high`."""
        first = np.searchsorted(self._y, low)
        inside = (first > 0) & (first == np.searchsorted(self._y, high, side="right"))
        right = np.clip(first, 1, len(self._y) - 1)
        return np.asarray(inside & (first < len(self._y)) & (self._x[right] == self._x[right - 1]))
