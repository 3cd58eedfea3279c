"""Rounding to the decimals that are recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthcohort.measurement.step import Draws, Inverse, Step, Values


@dataclass(frozen=True)
class RoundingStep(Step):
    """Values are recorded to some decimals."""

    decimals: int

    @property
    def width(self) -> float:  # type: ignore[override]
        """Distance of neighbouring values."""
        return float(10.0**-self.decimals)

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Round all values but those that are reported as they stand."""
        value = np.round(values.value, self.decimals)
        if values.reported is not None:
            value = np.where(values.reported, values.value, value)
        return replace(values, value=value)

    def invert(self, inverse: Inverse) -> Inverse:
        """Widen what values may have been by half a step; they still count as exact."""
        half = self.width / 2
        reach = half + 1e-9 * (self.width + np.abs(inverse.value) * 1e-3)
        low, high = inverse.value - reach, inverse.value + reach
        return replace(inverse, low=low, high=high, half=half)
