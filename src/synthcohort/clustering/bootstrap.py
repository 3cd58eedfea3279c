"""Bootstrapped clustering: replicates of a base clusterer and their consensus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, effective_n_jobs
from sklearn.base import BaseEstimator, ClusterMixin, clone
from sklearn.cluster import KMeans
from sklearn.utils.validation import check_is_fitted, has_fit_parameter, validate_data
from threadpoolctl import threadpool_limits

from synthcohort.clustering.consensus import Partition, partitions, smallest_labels
from synthcohort.clustering.pooled import PooledKMeans

Array = np.ndarray


class BootstrapClustering(ClusterMixin, BaseEstimator):
    """Fit a base clusterer on bootstrap samples and find the consensus of its fits.

    Each replicate draws N of N individuals with replacement, fits a clone of the
    base clusterer on them and assigns every individual, drawn or not.

    Parameters
    ----------
    estimator : scikit-learn clusterer, optional
        With `fit` and either `predict` or, for those that have none, labels that are
        passed on from the nearest drawn individual. ``PooledKMeans(8)`` by default.
    n_bootstraps : int, default 100
    resolution : float, default 1.0
        Resolution of `labels_`.
    n_jobs : int, optional
        Processes, as joblib counts them. It changes the time and nothing else.
    random_state : int, default 0

    Attributes
    ----------
    assignments_ : ndarray of unsigned int, shape (n_samples, n_bootstraps)
        Base cluster of each individual in each replicate.
    labels_ : ndarray of int32, shape (n_samples,)
        Consensus partition at `resolution`.
    n_features_in_ : int

    Examples
    --------
    >>> X = np.repeat([[0.0, 0.0], [9.0, 9.0]], 20, axis=0) + np.arange(40)[:, None] * 1e-3
    >>> model = BootstrapClustering(KMeans(2, n_init=1), n_bootstraps=10).fit(X)
    >>> [int(n) for n in np.bincount(model.partition(1.0))]
    [20, 20]
    """

    def __init__(
        self,
        estimator: Any = None,
        n_bootstraps: int = 100,
        resolution: float = 1.0,
        n_jobs: int | None = None,
        random_state: int = 0,
    ) -> None:
        self.estimator = estimator
        self.n_bootstraps = n_bootstraps
        self.resolution = resolution
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(
        self,
        X: Any,
        y: object = None,
        progress: Callable[[int], None] | None = None,
    ) -> BootstrapClustering:
        """Fit all replicates.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n_samples, n_features)
            Finite numbers.
        y : ignored
        progress : callable, optional
            Called with the number of replicates done since the last call.

        Returns
        -------
        BootstrapClustering

        Raises
        ------
        ValueError
            If X has missing or infinite values, or fewer rows than clusters.
        """
        self._index = X.index if isinstance(X, pd.DataFrame) else None
        values = validate_data(self, X, dtype=np.float64, order="C", ensure_min_samples=2)
        base = PooledKMeans() if self.estimator is None else self.estimator
        k = getattr(base, "n_clusters", None)
        if isinstance(k, int) and k > len(values):
            raise ValueError(f"n_samples={len(values)} should be >= n_clusters={k}")
        with threadpool_limits(1):
            fit_kwargs = {"pool": base.make_pool(values)} if isinstance(base, PooledKMeans) else {}
        jobs = effective_n_jobs(self.n_jobs)
        chunks = np.array_split(np.arange(self.n_bootstraps), min(self.n_bootstraps, 4 * jobs))
        done = Parallel(n_jobs=self.n_jobs, return_as="generator")(
            delayed(_replicates)(base, values, chunk, self.random_state, fit_kwargs)
            for chunk in chunks
        )
        columns = []
        for labels in done:
            columns.append(labels)
            if progress is not None:
                progress(labels.shape[1])
        self.assignments_ = smallest_labels(np.hstack(columns))
        self._partitions: dict[float, Partition] = {}
        self.labels_ = self.partitions([self.resolution])[self.resolution].labels
        return self

    def partitions(self, resolutions: Sequence[float]) -> dict[float, Partition]:
        """Consensus partitions of the fitted individuals at several resolutions.

        They are found together: each resolution also starts from its neighbours.

        Parameters
        ----------
        resolutions : sequence of float
            Positive.

        Returns
        -------
        dict of float to Partition
        """
        check_is_fitted(self, "assignments_")
        bad = [value for value in resolutions if not value > 0]
        if bad:
            raise ValueError(f"resolutions must be above 0, got {bad}")
        return partitions(self.assignments_, resolutions, seed=self.random_state)

    def partition(self, resolution: float = 1.0) -> Any:
        """Consensus labels at one resolution.

        Parameters
        ----------
        resolution : float, default 1.0
            Above 0; higher values give more and smaller clusters.

        Returns
        -------
        ndarray of int32, shape (n_samples,), or Series with the index of a fitted DataFrame
            Clusters numbered by size, the largest 0.
        """
        labels = self.partitions([resolution])[resolution].labels
        return labels if self._index is None else pd.Series(labels, self._index, name="cluster")


def _replicates(
    base: Any, X: Array, replicates: Array, seed: int, fit_kwargs: dict[str, Any]
) -> Array:
    """Labels of some replicates, shape (n_samples, len(replicates)); one thread, keyed draws."""
    with threadpool_limits(1):
        columns = [_replicate(base, X, int(b), seed, fit_kwargs) for b in replicates]
    return smallest_labels(np.column_stack(columns))


def _replicate(base: Any, X: Array, b: int, seed: int, fit_kwargs: dict[str, Any]) -> Array:
    rng = np.random.default_rng([seed, 2, b])
    counts = rng.multinomial(len(X), np.full(len(X), 1 / len(X)))
    model = clone(base)
    if "random_state" in model.get_params():
        model.set_params(random_state=int(rng.integers(2**31)))
    if isinstance(model, PooledKMeans):
        return np.asarray(model.fit(X, sample_weight=counts, **fit_kwargs).labels_)
    inside = np.flatnonzero(counts)
    if has_fit_parameter(model, "sample_weight"):
        model.fit(X[inside], sample_weight=counts[inside].astype(float))
    else:
        inside = np.repeat(inside, counts[inside])
        model.fit(X[inside])
    if hasattr(model, "predict"):
        return np.asarray(model.predict(X))
    from sklearn.neighbors import KNeighborsClassifier

    nearest = KNeighborsClassifier(n_neighbors=1).fit(X[inside], model.labels_)
    return np.asarray(nearest.predict(X))


def make_base(name: str, k: int, exact: bool) -> Any:
    """Return the base clusterer of that name with k clusters.

    Parameters
    ----------
    name : str
        A key of `BASES`.
    k : int
    exact : bool
        Whether to prefer ten restarts to the faster pooled starts.
    """
    return BASES[name](k, exact)


def _kmeans(k: int, exact: bool) -> Any:
    return KMeans(k, n_init=10) if exact else PooledKMeans(k)


BASES: dict[str, Callable[[int, bool], Any]] = {"kmeans": _kmeans}
