"""The smallest separation, or number of people, from which a share of draws succeeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
CHANCE = 0.8
"""Share of draws from which a structure counts as findable."""


@dataclass(frozen=True)
class DetectionLimit:
    """Where a rising share crosses a chance.

    Parameters
    ----------
    value : float
        NaN where it does not cross within what was tried.
    low, high : float
        The largest value tried whose interval is below the chance, 0 without one, and the
        smallest whose interval is not, infinite without one.
    """

    value: float
    low: float
    high: float

    @property
    def found(self) -> bool:
        """Whether it crosses within what was tried."""
        return bool(np.isfinite(self.value))


def detection_limit(
    tried: Sequence[float],
    share: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    repetitions: Sequence[int],
    chance: float = CHANCE,
) -> DetectionLimit:
    """Find where shares, made to rise, cross a chance.

    Parameters
    ----------
    tried : sequence of float
        Separations or sizes, ascending.
    share, low, high : sequence of float
        Share of draws that succeed at each, and its interval.
    repetitions : sequence of int
    chance : float, default 0.8

    Returns
    -------
    DetectionLimit

    Notes
    -----
    Shares are made to rise by isotonic regression (pool adjacent violators) and joined by
    straight lines. The interval uses nothing but that the true chance rises: between two values
    that were tried it may cross anywhere.

    Examples
    --------
    >>> detection_limit([1, 2, 3], [0.2, 0.6, 1.0], [0.1, 0.4, 0.8], [0.4, 0.9, 1.0], [20] * 3)
    DetectionLimit(value=2.5, low=1.0, high=3.0)
    """
    x, n = np.asarray(tried, float), np.asarray(repetitions, float)
    middle, lower, upper = (_rising(np.asarray(one, float), n) for one in (share, low, high))
    below, above = x[upper < chance], x[lower >= chance]
    return DetectionLimit(
        _crossing(x, middle, chance),
        float(below[-1]) if len(below) else 0.0,
        float(above[0]) if len(above) else np.inf,
    )


def _rising(values: Array, weights: Array) -> Array:
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(values, weights=weights).x)


def _crossing(x: Array, y: Array, chance: float) -> float:
    above = np.flatnonzero(y >= chance - 1e-12)
    if not len(above):
        return float("nan")
    i = int(above[0])
    if i == 0 or y[i] == y[i - 1]:
        return float(x[i])
    return float(x[i - 1] + (chance - y[i - 1]) / (y[i] - y[i - 1]) * (x[i] - x[i - 1]))
