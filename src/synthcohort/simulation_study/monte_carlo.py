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


FEWEST = 6
"""Repetitions of one sign that a sign test at 5 % needs."""


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
        95 % interval: Student's t of a mean, Wilson's of a share. NaN of a mean whose values
        are all equal, or of one repetition.
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
    if n and (values == values[0]).all():  # not what rounding leaves of it
        mean, sd = float(values[0]), 0.0 if n > 1 else math.nan
    error = sd / math.sqrt(n) if n > 1 else math.nan
    # Values that are all equal tell nothing of how often others would come.
    reach = float(stdtrit(n - 1, 0.975)) * error if n > 1 and sd > 0 else math.nan
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
    if math.isnan(difference.sd):
        return math.nan
    if not difference.value:
        return math.inf
    return float(max(FEWEST, math.ceil((Z * difference.sd / difference.value) ** 2)))


def differs(difference: Estimate) -> bool:
    """Say whether a mean difference can be told from 0.

    By its interval; where all repetitions are equal by the sign test, for which six of one
    sign are enough (p = 2 / 2**6).
    """
    if difference.sd == 0:
        return difference.value != 0 and difference.repetitions >= FEWEST
    return difference.low > 0 or difference.high < 0
