"""Per consensus: how many pairs of individuals are ambiguous, from a sample of pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthcohort.clustering.consensus.sampled_pairs import (
    PAC_LIMITS,
    co_association,
    pac,
    sample_pairs,
)
from synthcohort.clustering.stability.base_clusters import Replicates

Array = np.ndarray

PAIRS = 20_000
_STEPS = 20


def pair_co_association(replicates: Replicates, n_pairs: int = PAIRS, seed: int = 0) -> Array:
    """Co-association of a random sample of pairs, drawn by the product of their weights.

    Returns
    -------
    ndarray, shape (n_pairs,)
        Share of replicates that put the two together; where replicates leave individuals
        out, of those that have both. Pairs that no replicate has are left out.
    """
    n = len(replicates.assignments)
    first, second = sample_pairs(n, n_pairs, seed, replicates.weight)
    together = co_association(replicates.assignments, first, second)
    if not replicates.left_out:
        return together
    one, other = (replicates.labels[rows] < replicates.k for rows in (first, second))
    both = (one & other).mean(axis=1)
    return np.asarray(together[both > 0] / both[both > 0])


def consensus_cdf(together: Array) -> pd.DataFrame:
    """Distribution function of the co-association of pairs (Monti et al. 2003, Mach Learn 52:91).

    Parameters
    ----------
    together : ndarray, shape (n_pairs,)

    Returns
    -------
    DataFrame
        co_association (0 to 1 by 0.05), cdf (share of pairs at or below it), se (its
        standard error as an estimate for all pairs).

    Examples
    --------
    >>> table = consensus_cdf(np.array([0.0, 0.0, 0.0, 1.0]))
    >>> table["cdf"].iloc[[0, 10, 20]].tolist()
    [0.75, 0.75, 1.0]
    """
    at = np.linspace(0, 1, _STEPS + 1).round(6)
    ordered = np.sort(together)
    cdf = np.searchsorted(ordered, at + 1e-9, side="right") / max(len(ordered), 1)
    return pd.DataFrame(
        {"co_association": at, "cdf": cdf, "se": [share_error(p, len(ordered)) for p in cdf]}
    )


def pac_with_error(
    together: Array, limits: tuple[float, float] = PAC_LIMITS
) -> tuple[float, float]:
    """PAC of a sample of pairs, and its standard error as an estimate for all pairs.

    Examples
    --------
    >>> pac_with_error(np.array([0.0, 0.5, 0.5, 1.0]))
    (0.5, 0.25)
    """
    if not len(together):
        return float("nan"), float("nan")
    value = pac(together, limits)
    return value, share_error(value, len(together))


def share_error(share: float, n: int) -> float:
    """Return the standard error of a share of n independent draws."""
    return float(np.sqrt(share * (1 - share) / n)) if n else float("nan")
