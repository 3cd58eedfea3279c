"""Scores: the number of thresholds at or below a value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthcohort.measurement.step import Draws, Inverse, Step, Values


@dataclass(frozen=True)
class ThresholdStep(Step):
    """An ordinal or count score; the thresholds ascend."""

    thresholds: tuple[float, ...]

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Count the thresholds at or below each value."""
        score = np.searchsorted(self.thresholds, values.value, side="right")
        return replace(values, value=score.astype(float))

    def edges(self) -> list[float]:
        """Return the thresholds."""
        return list(self.thresholds)

    def invert(self, inverse: Inverse) -> Inverse:
        """Put each score between its thresholds; a heaped one may have been any near it."""
        known, most = ~np.isnan(inverse.value), len(self.thresholds)
        first, last = (
            np.where(known, limit, 0.0).astype(int)
            for limit in (np.ceil(inverse.low), np.floor(inverse.high))
        )
        if ((first > last) | (last < 0) | (first > most)).any():
            raise ValueError(f"got a value that is no score from 0 to {most}")
        edges = np.array([-np.inf, *self.thresholds, np.inf])
        lower = np.where(known, edges[np.clip(first, 0, most)], np.nan)
        upper = np.where(known, edges[np.clip(last, 0, most) + 1], np.nan)
        return replace(inverse, lower=lower, upper=upper, low=lower, high=upper)
