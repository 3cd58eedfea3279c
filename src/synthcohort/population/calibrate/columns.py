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
class Column:
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


def detect(name: str, values: Array, minimum: int) -> Column:
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
    Column
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
            return Column(
                name, np.log(values), {"scale": "log", **measurement}, 1.0, f"{note}, {text}"
            )
    # Only the sign is told of the lowest value: a bound at an individual's value would be theirs.
    if seen.min() >= 0 and stats.norm.cdf(0, seen.mean(), seen.std()) > _BELOW:
        measurement["lower"] = 0.0
        text += ", not below 0"
    return Column(name, values, measurement, 1.0, f"linear (skewness {skewness:.1f}), {text}")


def _ordinal(name: str, values: Array, minimum: int) -> Column:
    """Thresholds on a standard normal variable; rare categories are joined with the next."""
    seen = values[~np.isnan(values)].astype(int)
    kept = list(range(1, int(seen.max()) + 1))
    at_least = {k: int((seen >= k).sum()) for k in kept}
    while kept and at_least[kept[-1]] < minimum:
        kept.pop()
    if not kept or len(seen) - at_least[1] < minimum:
        message = f"fewer than {minimum} people beyond or at 0: taken as a number"
        return Column(name, values, {"decimals": 0}, 1.0, message)
    top = kept[-1]
    cumulative = np.array([1.0, *(at_least[k] / len(seen) for k in kept), 0.0])
    # Equal neighbours are categories that nobody is in.
    cumulative[1:-1] = np.minimum.accumulate(cumulative[1:-1])
    cuts = stats.norm.isf(cumulative[1:-1])
    density = stats.norm.pdf(np.array([-np.inf, *cuts, np.inf]))
    share = -np.diff(cumulative)
    scores = np.divide(-np.diff(density), share, out=np.zeros_like(share), where=share > 0)
    latent = np.full(len(values), np.nan)
    latent[~np.isnan(values)] = scores[np.minimum(seen, top)]
    thresholds = [round(float(cut), 3) for cut in cuts]
    reliability = float(np.sqrt(share @ scores**2))
    joined = f", {top} and more joined" if seen.max() > top else ""
    note = f"ordinal, 0 to {top}, by thresholds on a normal variable{joined}"
    return Column(name, latent, {"thresholds": thresholds}, reliability, note)
