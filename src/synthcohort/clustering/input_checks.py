"""Checks of what is clustered, and with what, before any replicate is fitted."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils import check_random_state

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


def seed_of(random_state: Any) -> int:
    """Return a seed from what scikit-learn takes as random state.

    Parameters
    ----------
    random_state : int, RandomState or None
        A number is itself the seed; else one is drawn, from NumPy's global state for None.

    Raises
    ------
    ValueError
        For a negative number or anything else, such as a Generator.
    """
    if isinstance(random_state, Integral):
        if random_state < 0:
            raise ValueError(f"got random_state={random_state!r}, allowed: 0 or more")
        return int(random_state)
    if isinstance(random_state, np.random.Generator):
        raise ValueError(
            "got a Generator as random_state, allowed: an int, a RandomState or None; "
            "give int(rng.integers(2**31))"
        )
    return int(check_random_state(random_state).randint(2**31 - 1))


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
