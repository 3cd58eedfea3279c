"""Bounds that clip: values beyond a bound are set to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthcohort.measurement.step import Draws, Inverse, Step, Values


@dataclass(frozen=True)
class ClippingStep(Step):
    """Lowest and highest value that there is, infinite where there is none."""

    lower: float
    upper: float
    decimals: int | None = None
    """Those that are recorded: a bound is recorded with no more."""

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Set values beyond a bound to it."""
        return replace(values, value=np.clip(values.value, self.lower, self.upper))

    def edges(self) -> list[float]:
        """Return the bounds."""
        return [bound for bound in (self.lower, self.upper) if np.isfinite(bound)]

    def invert(self, inverse: Inverse) -> Inverse:
        """Say that a value at a bound was there or beyond."""
        if ((inverse.high < self.lower) | (inverse.low > self.upper)).any():
            raise ValueError(f"got a value beyond {self.lower:g} to {self.upper:g}, its bounds")
        free, half = inverse.exact, inverse.half
        at_lower = free & (inverse.value <= self._recorded(self.lower))
        at_upper = free & (inverse.value >= self._recorded(self.upper))
        inverse = inverse.put(at_lower, -np.inf, self.lower + half)
        inverse = inverse.put(at_upper, self.upper - half, np.inf)
        # A value that heaping may have brought away from a bound may have been beyond it too.
        low = np.where(inverse.low <= self.lower, -np.inf, inverse.low)
        high = np.where(inverse.high >= self.upper, np.inf, inverse.high)
        return replace(inverse, low=low, high=high)

    def _recorded(self, bound: float) -> float:
        if self.decimals is None or not np.isfinite(bound):
            return bound
        return float(np.round(bound, self.decimals))
