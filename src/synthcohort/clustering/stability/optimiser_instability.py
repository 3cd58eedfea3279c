"""Whose instability it is: the base clusterer's own search, or the sampling of individuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import sem

from synthcohort.clustering.stability.base_clusters import Replicates
from synthcohort.clustering.stability.replicate_agreement import agreement_of, pairs_error

Array = np.ndarray


@dataclass(frozen=True)
class Instability:
    """Instability of the base clusterings, split by where it comes from.

    Parameters
    ----------
    same_sample, same_sample_se : float
        Mean adjusted Rand index of two fits on one bootstrap sample with different seeds:
        1 where the optimiser always ends in one solution.
    other_sample, other_sample_se : float
        The same of fits on different bootstrap samples, also with different seeds.
    share : float
        (1 - same_sample) / (1 - other_sample): the part of the disagreement between
        replicates that the optimiser makes alone. NaN where replicates never disagree.
    refits : int
        Bootstrap samples that were fitted twice.
    """

    same_sample: float
    same_sample_se: float
    other_sample: float
    other_sample_se: float
    share: float
    refits: int


def instability(first: Array, again: Array, weight: Array | None, left_out: bool) -> Instability:
    """Compare replicates with fits on the same samples that had other seeds.

    Parameters
    ----------
    first, again : ndarray of int, shape (N, refits)
        Base clusters in some replicates, and those of the other seeds.
    weight, left_out
        As in `Replicates`.

    Returns
    -------
    Instability
    """
    which = np.arange(first.shape[1])
    one, other = (Replicates(labels, weight, left_out) for labels in (first, again))
    same = agreement_of(one, other, which, which)
    left, right = (pair.ravel() for pair in np.meshgrid(which, which))
    left, right = left[left != right], right[left != right]
    different = agreement_of(one, other, left, right)
    mean = float(different.mean()) if len(different) else float("nan")
    apart = 1 - mean
    return Instability(
        float(same.mean()),
        float(sem(same)) if len(same) > 1 else float("nan"),
        mean,
        pairs_error(different, left, right),
        float((1 - same.mean()) / apart) if apart > 1e-12 else float("nan"),
        len(which),
    )
