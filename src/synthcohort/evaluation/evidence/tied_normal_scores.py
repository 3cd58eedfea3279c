"""Normal scores of columns with ties, and the variance that the ties hide."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, rankdata

Array = np.ndarray


def tied_scores(values: Array) -> tuple[Array, Array]:
    """Return the expected normal score of every value and the variance within its cell.

    A value stands for the interval of the normal distribution that has its share of all
    individuals. Many equal values, such as yes/no or zeros, are a wide interval: scores
    alone would show no variance within a cluster of them.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Without missing values.

    Returns
    -------
    scores : ndarray, shape (N, p)
        Means of the intervals; mean 0.
    hidden : ndarray, shape (N, p)
        Variances within the intervals; 0 for a value that occurs once.

    Notes
    -----
    Mean and variance of a truncated normal (Johnson, Kotz & Balakrishnan 1994, 13.10). The
    variance of the scores and the mean hidden variance add up to 1, up to what single
    values leave out.

    Examples
    --------
    >>> scores, hidden = tied_scores(np.array([[0.0], [0.0], [1.0], [1.0]]))
    >>> scores.ravel().round(2).tolist(), hidden.ravel().round(2).tolist()
    ([-0.8, -0.8, 0.8, 0.8], [0.36, 0.36, 0.36, 0.36])
    """
    n = len(values)
    upper = rankdata(values, "max", axis=0) / n
    lower = (rankdata(values, "min", axis=0) - 1) / n
    share = upper - lower
    low, high = norm.ppf(lower), norm.ppf(upper)
    at_low, at_high = norm.pdf(low), norm.pdf(high)
    mean = (at_low - at_high) / share
    with np.errstate(invalid="ignore"):  # infinity times 0 at the ends, which counts as 0
        edges = np.where(at_low > 0, low * at_low, 0.0) - np.where(at_high > 0, high * at_high, 0.0)
    hidden = np.maximum(1 + edges / share - mean**2, 0.0)
    return mean, np.where(share * n < 1.5, 0.0, hidden)
