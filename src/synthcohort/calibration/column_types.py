"""How a column was measured, told from its values: scale, ordinal score, decimals, sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

Array = np.ndarray
MAX_LEVELS = 12
"""Whole numbers from 0 with at most so many values are an ordinal score."""
_SKEWED = 1.0
_DECIMALS = range(5)
_BELOW = 1e-4


@dataclass(frozen=True)
class ColumnType:
    """A column on the scale of the linear model.

    Parameters
    ----------
    name : str
    latent : ndarray, shape (n,)
        Values on the scale of the linear model, NaN where missing; of an ordinal score the
        normal scores E(Z | category).
    measurement : dict
        Of the scene: ``scale``, ``thresholds``, ``decimals``, ``lower``.
    reliability : float
        SD of the latent values over that of the latent variable: below 1 for ordinal scores.
    note : str
        What was detected and why.
    """

    name: str
    latent: Array
    measurement: dict[str, object]
    reliability: float
    note: str


def detect(name: str, values: Array, minimum: int) -> ColumnType:
    """Tell how a column was measured.

    Parameters
    ----------
    name : str
    values : ndarray, shape (n,)
        NaN where missing.
    minimum : int
        No category with fewer people is kept.

    Returns
    -------
    ColumnType
    """
    seen = values[~np.isnan(values)]
    levels = np.unique(seen)
    whole = bool(np.all(levels == np.round(levels)))
    if whole and levels[0] == 0 and 2 <= len(levels) <= MAX_LEVELS and levels[-1] <= MAX_LEVELS:
        return _ordinal(name, values, minimum)
    decimals = next(
        (d for d in _DECIMALS if np.allclose(seen, seen.round(d), rtol=0, atol=1e-9)), None
    )
    measurement: dict[str, object] = {} if decimals is None else {"decimals": decimals}
    text = "all decimals" if decimals is None else f"{decimals} decimals"
    skewness = float(stats.skew(seen))
    if seen.min() > 0 and skewness > _SKEWED:
        log_skewness = float(stats.skew(np.log(seen)))
        if abs(log_skewness) < skewness / 2:
            note = f"log scale (skewness {skewness:.1f}, of the logarithm {log_skewness:.1f})"
            return ColumnType(
                name, np.log(values), {"scale": "log", **measurement}, 1.0, f"{note}, {text}"
            )
    # Only the sign is told of the lowest value: a bound at an individual's value would be theirs.
    if seen.min() >= 0 and stats.norm.cdf(0, seen.mean(), seen.std()) > _BELOW:
        measurement["lower"] = 0.0
        text += ", not below 0"
    return ColumnType(name, values, measurement, 1.0, f"linear (skewness {skewness:.1f}), {text}")


def _ordinal(name: str, values: Array, minimum: int) -> ColumnType:
    """Thresholds on a standard normal variable; rare categories are joined with the one below."""
    seen = values[~np.isnan(values)].astype(int)
    counts = np.bincount(seen)
    kinds = int((counts > 0).sum())
    for k in range(len(counts) - 1, 0, -1):
        if counts[k] < minimum:
            counts[k - 1] += counts[k]
            counts[k] = 0
    kept = np.flatnonzero(counts)
    if len(kept) < 2 or counts[0] < minimum:
        message = f"fewer than {minimum} people beyond or at 0: taken as a number"
        return ColumnType(name, values, {"decimals": 0}, 1.0, message)
    top = int(kept[-1])
    share = counts[: top + 1] / len(seen)
    cuts = stats.norm.isf(share[::-1].cumsum()[::-1][1:])
    edges = stats.norm.pdf(np.array([-np.inf, *cuts, np.inf]))
    scores = np.divide(-np.diff(edges), share, out=np.zeros_like(share), where=share > 0)
    joined_with = np.maximum.accumulate(np.where(counts > 0, np.arange(len(counts)), 0))
    latent = np.full(len(values), np.nan)
    latent[~np.isnan(values)] = scores[joined_with[seen]]
    note = f"ordinal, 0 to {top}, by thresholds on a normal variable"
    if kinds > len(kept):
        note += f"; {kinds - len(kept)} categories under {minimum} people joined with those below"
    reliability = float(np.sqrt(share @ scores**2))
    return ColumnType(name, latent, {"thresholds": _ascending(cuts)}, reliability, note)


def _ascending(cuts: Array) -> list[float]:
    """Round thresholds; a category that nobody is in keeps a sliver, as they have to ascend."""
    found: list[float] = []
    for cut in cuts:
        value = round(float(cut), 3)
        found.append(value if not found or value > found[-1] else round(found[-1] + 0.001, 3))
    return found
