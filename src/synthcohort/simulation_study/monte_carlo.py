"""Estimates from repetitions, with their Monte Carlo standard errors and intervals.

Formulas of Morris, White & Crowther (2019), Stat Med 38:2074, table 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

Array = np.ndarray
Z = 1.959963984540054
"""Quantile of the normal distribution for intervals of 95 %."""


@dataclass(frozen=True)
class Estimate:
    """A mean or a share over repetitions.

    Parameters
    ----------
    repetitions : int
    value : float
        NaN without a repetition.
    mcse : float
        Monte Carlo standard error; NaN where one repetition can't tell.
    low, high : float
        95 % interval: Student's t of a mean, Wilson's of a share.
    sd : float
        Empirical standard deviation of single repetitions.
    sd_mcse : float
        Its Monte Carlo standard error, sd / sqrt(2 (n - 1)).
    """

    repetitions: int
    value: float
    mcse: float
    low: float
    high: float
    sd: float
    sd_mcse: float


def mean_of(values: Array) -> Estimate:
    """Estimate a mean.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One a repetition; missing ones are left out.

    Examples
    --------
    >>> found = mean_of(np.array([1.0, 2.0, 3.0]))
    >>> round(found.value, 3), round(found.mcse, 3)
    (2.0, 0.577)
    """
    values = values[~np.isnan(values)]
    n = len(values)
    mean = float(values.mean()) if n else math.nan
    sd = float(values.std(ddof=1)) if n > 1 else math.nan
    error = sd / math.sqrt(n) if n > 1 else math.nan
    reach = float(stdtrit(n - 1, 0.975)) * error if n > 1 else math.nan
    sd_error = sd / math.sqrt(2 * (n - 1)) if n > 1 else math.nan
    return Estimate(n, mean, error, mean - reach, mean + reach, sd, sd_error)


def share_of(values: Array) -> Estimate:
    """Estimate a share; parameters as of `mean_of`, each 0 or 1.

    Examples
    --------
    >>> found = share_of(np.array([1.0, 1.0, 1.0, 1.0]))
    >>> found.value, round(found.low, 3), found.high
    (1.0, 0.51, 1.0)
    """
    values = values[~np.isnan(values)]
    n = len(values)
    plain = mean_of(values)
    if not n:
        return plain
    p = plain.value
    middle, width = p + Z**2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    low, high = ((middle + s * width) / (1 + Z**2 / n) for s in (-1, 1))
    low, high = 0.0 if p == 0 else low, 1.0 if p == 1 else high
    return Estimate(n, p, math.sqrt(p * (1 - p) / n), low, high, plain.sd, plain.sd_mcse)


def repetitions_needed(difference: Estimate) -> float:
    """Return how many repetitions would tell a difference as large as the one seen from 0.

    Returns
    -------
    float
        So many that a 95 % interval of this width leaves out 0; infinite where none was seen.
    """
    if not difference.value or math.isnan(difference.sd):
        return math.nan if math.isnan(difference.sd) else math.inf
    return float(max(2, math.ceil((Z * difference.sd / difference.value) ** 2)))
