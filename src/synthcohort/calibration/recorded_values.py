"""The values of one column as they were recorded: who shares them, and how finely."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

Array = np.ndarray
_DECIMALS = range(5)
_MULTIPLES = (5, 2)


@dataclass(frozen=True)
class RecordedValues:
    """A column without its missing values, as a weighted distribution.

    Parameters
    ----------
    values : ndarray, shape (n,)
    weight : ndarray, shape (n,)
        Survey weights, above 0.
    """

    values: Array
    weight: Array

    @cached_property
    def _sorted(self) -> tuple[Array, Array, Array]:
        return np.unique(self.values, return_inverse=True, return_counts=True)

    @property
    def levels(self) -> Array:
        """Distinct values, ascending, shape (m,)."""
        return self._sorted[0]

    @property
    def level_of(self) -> Array:
        """Which of them each person has, shape (n,)."""
        return self._sorted[1]

    @property
    def counts(self) -> Array:
        """People with each, shape (m,)."""
        return self._sorted[2]

    @cached_property
    def share(self) -> Array:
        """Weighted share of each, shape (m,)."""
        share = np.bincount(self.level_of, self.weight)
        return np.asarray(share / share.sum())

    @cached_property
    def up_to(self) -> Array:
        """Share of people below each level and, last, of all: shape (m + 1,)."""
        up_to = np.concatenate([[0.0], np.cumsum(self.share)])
        return np.asarray(np.minimum(up_to / up_to[-1], 1.0))

    @property
    def mean(self) -> float:
        """Weighted mean."""
        return float(self.share @ self.levels)

    @property
    def sd(self) -> float:
        """Weighted standard deviation."""
        return float(np.sqrt(self.share @ (self.levels - self.mean) ** 2))

    @cached_property
    def decimals(self) -> int | None:
        """Decimals that are recorded; None where they are more than four."""
        fits = (d for d in _DECIMALS if self._multiples_of(10.0**-d))
        return next(fits, None)

    @cached_property
    def step(self) -> float:
        """Distance that all values are multiples of: 1, 2 or 5 times a power of ten; 0: none."""
        if self.decimals is None:
            return 0.0
        step = 10.0**-self.decimals
        return next((m * step for m in _MULTIPLES if self._multiples_of(m * step)), step)

    def _multiples_of(self, step: float) -> bool:
        of = self.levels / step
        return bool(np.allclose(of, np.round(of), rtol=0, atol=1e-7))

    @property
    def effective(self) -> float:
        """People that an unweighted sample as precise would have (Kish 1965)."""
        return float(self.weight.sum() ** 2 / (self.weight**2).sum())

    def people_up_to(self, share: Array) -> Array:
        """People, unweighted, up to shares of the weighted ones."""
        people = np.concatenate([[0], np.cumsum(self.counts)])
        return np.asarray(np.interp(share, self.up_to, people))

    def at(self, share: Array) -> Array:
        """Values at shares of people, each spread evenly over the step that it was rounded to."""
        level = np.clip(
            np.searchsorted(self.up_to, share, side="right") - 1, 0, len(self.levels) - 1
        )
        inside = (share - self.up_to[level]) / self.share[level]
        return np.asarray(self.levels[level] + self.step * (np.clip(inside, 0, 1) - 0.5))

    def edges(self) -> tuple[Array, Array]:
        """Return where the distribution is told from others, and the share of people below.

        Just above each value, and just below the next.
        """
        half, up_to = self.step / 2, self.up_to[1:-1]
        between = [self.levels[:-1] + half, self.levels[1:] - half]
        return np.concatenate(between), np.concatenate([up_to, up_to])
