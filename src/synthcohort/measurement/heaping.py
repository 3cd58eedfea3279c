"""Heaping: digit preference brings some values to the nearest multiple."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthcohort.measurement.step import Draws, Inverse, Step, Values


@dataclass(frozen=True)
class HeapingStep(Step):
    """A share of the values is recorded at the nearest multiple of `to`."""

    to: float
    rate: float

    @property
    def width(self) -> float:  # type: ignore[override]
        """Distance of neighbouring values, where all are heaped."""
        return self.to if self.rate == 1 else 0.0

    def record(self, values: Values, draws: Draws) -> Values:
        """Bring some values to the nearest multiple."""
        value = values.value
        heaped = draws.uniform("heaping", value.size).reshape(value.shape) < self.rate
        if values.reported is not None:
            heaped = heaped & ~values.reported
        return replace(values, value=np.where(heaped, np.round(value / self.to) * self.to, value))

    def invert(self, inverse: Inverse) -> Inverse:
        """Widen what a multiple may have been by half a multiple."""
        gap = np.abs(inverse.value - np.round(inverse.value / self.to) * self.to)
        tolerance = 1e-9 * (self.to + np.abs(inverse.value))
        if self.rate == 0:
            return inverse
        may_be = gap <= inverse.half + tolerance
        reach = np.where(self.to < 2 * inverse.half, inverse.half, gap) + self.to / 2 + tolerance
        low = np.where(may_be, np.minimum(inverse.low, inverse.value - reach), inverse.low)
        high = np.where(may_be, np.maximum(inverse.high, inverse.value + reach), inverse.high)
        return replace(inverse, low=low, high=high)
