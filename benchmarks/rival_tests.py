"""Other tests for groups, each at 5 %, to hold the null test against."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from synthcohort.evaluation.null_test.peaks_of_columns import peaks_of

Array = np.ndarray

_DRAWS = 39
_GAP_DRAWS = 10


def scaled(X: Array) -> Array:
    """Return z-scores of the columns that vary."""
    spread = X.std(axis=0)
    return (X - X.mean(axis=0))[:, spread > 0] / spread[spread > 0]


def sigclust(X: Array, seed: int) -> bool:
    """Test the variance within two k-means clusters against one normal (Liu et al. 2008).

    The normal has the sample's covariance, which is fine for many more rows than columns.
    """
    Z, rng = scaled(X), np.random.default_rng([seed, 1])
    root = np.linalg.svd(Z, full_matrices=False)

    def index(values: Array) -> float:
        fit = KMeans(2, n_init=2, random_state=0).fit(values)
        return float(fit.inertia_ / ((values - values.mean(axis=0)) ** 2).sum())

    spread = root.S / np.sqrt(len(Z))
    nulls = [index(rng.standard_normal(Z.shape) * spread) for _ in range(_DRAWS)]
    return (1 + sum(null <= index(Z) for null in nulls)) / (1 + _DRAWS) <= 0.05


def gap(X: Array, seed: int) -> bool:
    """Ask whether the gap statistic prefers more than one cluster (Tibshirani et al. 2001)."""
    Z, rng = scaled(X), np.random.default_rng([seed, 2])
    Z = Z @ np.linalg.svd(Z, full_matrices=False).Vh.T
    low, high = Z.min(axis=0), Z.max(axis=0)

    def logs(values: Array) -> Array:
        fits = [KMeans(k, n_init=2, random_state=0).fit(values).inertia_ for k in (1, 2)]
        return np.log(fits)

    boxes = np.array([logs(rng.uniform(low, high, Z.shape)) for _ in range(_GAP_DRAWS)])
    one, two = boxes.mean(axis=0) - logs(Z)
    error = boxes.std(axis=0)[1] * np.sqrt(1 + 1 / _GAP_DRAWS)
    return bool(one < two - error)


def dip_of_first_component(X: Array, seed: int) -> bool:
    """Test the first principal component for two peaks, against uniform values."""
    Z, rng = scaled(X), np.random.default_rng([seed, 3])
    found = peaks_of(Z @ np.linalg.svd(Z, full_matrices=False).Vh[0])
    if found is None:
        return False
    return (1 + sum(found.flat(rng) >= found.own for _ in range(99))) / 100 <= 0.05


def bic(X: Array, seed: int) -> bool:
    """Ask whether BIC prefers two or three normal groups to one."""
    Z = scaled(X)
    one = GaussianMixture(1).fit(Z).bic(Z)
    more = [
        GaussianMixture(k, covariance_type=kind, n_init=2, random_state=seed).fit(Z).bic(Z)
        for k in (2, 3)
        for kind in ("tied", "full")
    ]
    return bool(min(more) < one)


RIVALS: dict[str, Callable[[Array, int], bool]] = {
    "SigClust": sigclust,
    "gap": gap,
    "dip": dip_of_first_component,
    "BIC": bic,
}
