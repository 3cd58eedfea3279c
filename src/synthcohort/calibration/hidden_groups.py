"""Whether the people of a table look like hidden groups, which no factor model holds."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

Array = np.ndarray

MARGIN = 10.0
"""How much lower BIC must be to count: "very strong" evidence (Kass and Raftery 1995)."""
_MOST_GROUPS = 5
_ROWS = 4000
_STARTS = 3


def hidden_group_warnings(residuals: Array, seed: int) -> list[str]:
    """Compare mixtures of normal distributions with one, within the groups that are known.

    Parameters
    ----------
    residuals : ndarray, shape (n, p)
        Values of the linear model less the means of the groups, NaN where missing.
    seed : int
        Of the mixtures' starts.

    Returns
    -------
    list of str
        A warning where the best mixture's BIC is lower by more than 10 than that of one
        normal distribution, which is at least as good as any factor model of it.
    """
    rows = residuals[~np.isnan(residuals).any(axis=1)]
    rng = np.random.default_rng(seed)
    rows = rows[np.sort(rng.permutation(len(rows))[:_ROWS])]
    n, p = rows.shape
    if n < 10 * p:
        return []
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    one = _bic(rows, 1, "full", seed)
    best, number = min(
        (_bic(rows, k, covariance, seed), k)
        for k in range(2, _MOST_GROUPS + 1)
        for covariance in ("tied", "full")
        if n > 5 * k * p
    )
    if best > one - MARGIN:
        return []
    return [
        f"within the known groups a mixture of {number} describes the people better than one "
        f"population (BIC lower by {one - best:,.0f}): hidden groups, or dependence that is not "
        "linear. This scene holds neither. If a column names the groups, give it as a group; "
        "else plant a hidden group in the scene before you ask whether a pipeline finds it"
    ]


def _bic(rows: Array, number: int, covariance: str, seed: int) -> float:
    model = GaussianMixture(number, covariance_type=covariance, n_init=_STARTS, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return float(model.fit(rows).bic(rows))
