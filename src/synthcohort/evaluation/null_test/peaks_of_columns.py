"""How far single columns are from having one peak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

Array = np.ndarray

_BINS = 80
_BLUR = 0.3
"""Width of the smoothing in SDs: heaped digits are no peaks."""
_TIED = 0.05
"""Share of individuals above which a value is a level or a limit, not part of a peak."""
_FEWEST_VALUES = 20
_FEWEST = 50


@dataclass(frozen=True)
class Peaks:
    """A column's smoothing, and what distance from one peak it shows.

    Parameters
    ----------
    smoothing : ndarray, shape (80, 80)
        Of counts in bins.
    size : int
        Individuals that count.
    inside : tuple of int
        First and last bin that values fall in.
    own : float
        The column's distance from one peak.
    """

    smoothing: Array
    size: int
    inside: tuple[int, int]
    own: float

    def flat(self, rng: np.random.Generator) -> float:
        """Return the distance of as many values of a uniform distribution.

        Of distributions with one peak it shows most by chance (Hartigan & Hartigan 1985).
        """
        low, high = self.inside
        counts = np.zeros(_BINS)
        counts[low : high + 1] = rng.multinomial(
            self.size, np.full(high - low + 1, 1 / (high - low + 1))
        )
        return distance(self.smoothing, counts)


def peaks_of(column: Array) -> Peaks | None:
    """Measure how far a column is from one peak; None where too few values are not tied.

    Parameters
    ----------
    column : ndarray, shape (N,)

    Returns
    -------
    Peaks or None
    """
    values, counts = np.unique(column, return_counts=True)
    free = values[counts <= max(_TIED * len(column), 2)]
    if len(free) < _FEWEST_VALUES:
        return None
    column = column[np.isin(column, free)]
    low, high = np.quantile(column, [0.005, 0.995])
    quartiles = np.quantile(column, [0.25, 0.75])
    spread = min((quartiles[1] - quartiles[0]) / 1.349, column.std()) or column.std()
    if len(column) < _FEWEST or high <= low:
        return None
    blur = _BLUR * spread
    edges = np.linspace(low - 3 * blur, high + 3 * blur, _BINS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    smoothing = np.exp(-0.5 * ((middle[:, None] - middle) / blur) ** 2)
    smoothing /= smoothing.sum(axis=0)
    binned = np.histogram(np.clip(column, low, high), edges)[0].astype(float)
    filled = np.flatnonzero(binned)
    inside = (int(filled[0]), int(filled[-1]))
    return Peaks(smoothing, len(column), inside, distance(smoothing, binned))


def distance(smoothing: Array, counts: Array) -> float:
    """Return sqrt(n) times the largest distance to the nearest distribution with one peak.

    Like the dip (Hartigan & Hartigan 1985, Ann Stat 13:70), but on smoothed counts and with
    the least-squares fit that rises to a peak and falls behind it, the best of all peaks.

    Parameters
    ----------
    smoothing : ndarray, shape (b, b)
    counts : ndarray, shape (b,)

    Returns
    -------
    float
    """
    density = smoothing @ counts / counts.sum()
    before, after = np.append(0.0, density[:-1]), np.append(density[1:], 0.0)
    reached = np.cumsum(density)
    best = np.inf
    for peak in np.flatnonzero((density >= before) & (density > after)):
        rise = isotonic_regression(density[: peak + 1]).x
        fall = isotonic_regression(density[peak + 1 :], increasing=False).x
        best = min(best, float(np.abs(np.cumsum(np.append(rise, fall)) - reached).max()))
    return best * float(np.sqrt(counts.sum()))
