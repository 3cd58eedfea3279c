"""Detection limits, beyond which the instrument can't tell one value from another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from synthcohort.measurement.step import Draws, Inverse, Step, Values


@dataclass(frozen=True)
class DetectionStep(Step):
    """Limits, infinite where there is none, and what is reported beyond."""

    lower: float
    upper: float
    report: Literal["limit", "half", "missing"]

    @property
    def low_code(self) -> float:
        """Return what is reported below the lower limit."""
        return self.lower / 2 if self.report == "half" else self.lower

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Report values beyond a limit as its code, or mark them as undetected."""
        below, above = values.value < self.lower, values.value > self.upper
        if self.report == "missing":
            return replace(values, undetected=below | above)
        value = np.where(below, self.low_code, values.value)
        value = np.where(above, self.upper, value)
        return replace(values, value=value, reported=below | above)

    def edges(self) -> list[float]:
        """Return the limits; a missing value counts as if recorded."""
        limits = [] if self.report == "missing" else [self.lower, self.upper]
        return [limit for limit in limits if np.isfinite(limit)]

    def invert(self, inverse: Inverse) -> Inverse:
        """Say that a code stands for everything beyond its limit; missing values say nothing."""
        if self.report == "missing":
            return inverse
        x, half = inverse.value, inverse.half
        if ((inverse.high < self.lower) & (x != self.low_code)).any():
            raise ValueError(f"got a value below {self.lower:g}, its detection limit")
        if (inverse.low > self.upper).any():
            raise ValueError(f"got a value above {self.upper:g}, its detection limit")
        edge = self.lower if self.report == "half" else self.lower + half
        inverse = inverse.put(x == self.low_code, -np.inf, edge)
        return inverse.put(x == self.upper, self.upper - half, np.inf)
