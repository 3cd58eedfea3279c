"""Scores: the number of thresholds at or below a value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthcohort.measurement.step import Array, Draws, Inverse, Step, Values


@dataclass(frozen=True)
class ThresholdStep(Step):
    """An ordinal or count score; thresholds and codes ascend.

    The code of each score is what is recorded: 0, 1, 2, ... where there are none.
    """

    thresholds: tuple[float, ...]
    codes: tuple[float, ...] = ()

    @property
    def _codes(self) -> Array:
        return np.array(self.codes or range(len(self.thresholds) + 1), dtype=float)

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Count the thresholds at or below each value."""
        score = np.searchsorted(self.thresholds, values.value, side="right")
        return replace(values, value=self._codes[score])

    def edges(self) -> list[float]:
        """Return the thresholds."""
        return list(self.thresholds)

    def invert(self, inverse: Inverse) -> Inverse:
        """Put each score between its thresholds; a heaped one may have been any near it."""
        known, codes = ~np.isnan(inverse.value), self._codes
        first = np.searchsorted(codes, np.where(known, inverse.low, codes[0]))
        last = np.searchsorted(codes, np.where(known, inverse.high, codes[0]), side="right") - 1
        if (first > last).any():
            which = "{:g} to {:g}".format(*codes[[0, -1]])
            raise ValueError(f"got a value that is no score from {which}")
        edges = np.array([-np.inf, *self.thresholds, np.inf])
        lower = np.where(known, edges[first], np.nan)
        upper = np.where(known, edges[last + 1], np.nan)
        return replace(inverse, lower=lower, upper=upper, low=lower, high=upper)
