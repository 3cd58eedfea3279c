"""Checks of what is clustered, and with what, before any replicate is fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from synthcohort.clustering.base.pooled_kmeans import PooledKMeans

Array = np.ndarray

_LOOKED_AT = 1000
_LARGEST = 1e150


def within_bounds(values: Array) -> Array:
    """Return values, shape (N, p), or refuse those whose squares would be infinite."""
    if (np.abs(values) > _LARGEST).any():
        raise ValueError(
            f"got values beyond {_LARGEST:g}, allowed: those whose squares are numbers; "
            "use a larger unit"
        )
    return values


def usable(estimator: Any, values: Array) -> Any:
    """Return the base clusterer, or refuse more clusters than there are distinct rows.

    Parameters
    ----------
    estimator : scikit-learn clusterer or Pipeline, optional
        `PooledKMeans` where it is left out.
    values : ndarray, shape (N, p)

    Returns
    -------
    estimator

    Raises
    ------
    ValueError
        If its `n_clusters` or `n_components` is above the number of distinct rows.
    """
    if estimator is None:
        return PooledKMeans(min(8, len(values)))
    last = estimator[-1] if isinstance(estimator, Pipeline) else estimator
    for name in ("n_clusters", "n_components"):
        k = getattr(last, name, None)
        if isinstance(k, int) and k >= 2:
            _enough_rows(name, k, values)
    return estimator


def _enough_rows(name: str, k: int, values: Array) -> None:
    if k > len(values):
        raise ValueError(f"n_samples={len(values)} should be >= {name}={k}")
    distinct = len(np.unique(values[:_LOOKED_AT], axis=0))
    if distinct < k:  # the first rows tell nearly always, and sorting all is slow
        distinct = len(np.unique(values, axis=0))
    if distinct < k:
        raise ValueError(f"got {distinct} distinct rows, allowed: {name}={k} or more")
