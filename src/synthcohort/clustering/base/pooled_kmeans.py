"""Pooled starts: k-means on many bootstrap samples from one pool of full-data solutions."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import (
    _check_sample_weight,
    check_is_fitted,
    check_random_state,
    validate_data,
)

from synthcohort.clustering.base.lloyd_iterations import lloyd, means, nearest
from synthcohort.clustering.base.seeding import plus_plus, trials

Array = np.ndarray

_MAX_ITER = 300
_POOL_TOL = 1e-4
_RELAXATION = 1.5


class Scale:
    """One shift a column and one unit for all, so that 32 bits are enough and none overflows.

    Parameters
    ----------
    X : ndarray of float64, shape (n_samples, n_features)
    """

    def __init__(self, X: Array) -> None:
        self.middle = X.mean(axis=0)
        width = float(np.ptp(X, axis=0).max()) or 1.0
        # The squares of small units would be 0.
        self.unit = float((X / width).std(axis=0).max()) * width or 1.0

    def apply(self, X: Array) -> Array:
        """Scale rows, to float32."""
        return ((X - self.middle) / self.unit).astype(np.float32)

    def undo(self, scaled: Array) -> Array:
        """Return scaled rows to the units of X."""
        return scaled.astype(np.float64) * self.unit + self.middle


@dataclass(frozen=True)
class Pool:
    """Single-start solutions of k-means on all individuals.

    Parameters
    ----------
    scale : Scale
    rows : ndarray of float32, shape (n_samples, n_features)
        The individuals, scaled.
    labels : ndarray of int, shape (n_pool, n_samples)
    distances : ndarray of float32, shape (n_samples, n_pool)
        Squared distance of each individual to its nearest centre.
    """

    scale: Scale
    rows: Array
    labels: Array
    distances: Array


class PooledKMeans(ClusterMixin, BaseEstimator):
    """k-means whose starts come from a pool of single-start solutions on the full data.

    `make_pool` fits the pool once. Each fit ranks the pool by its weighted inertia
    on the sample and runs Lloyd's iterations from the best few. It reaches an inertia
    close to that of ten restarts at a fraction of the time, and overstates the
    stability of the replicates a little.

    Parameters
    ----------
    n_clusters : int, default 8
    n_pool : int, default 40
        Solutions in the pool.
    n_best : int, default 2
        Solutions from which Lloyd's iterations start.
    tol : float, default 3e-5
        Iterations stop where moving the centres lowers the inertia by less than this share.
    random_state : int, RandomState or None, default 0

    Attributes
    ----------
    cluster_centers_ : ndarray, shape (n_clusters, n_features)
    labels_ : ndarray of int32, shape (n_samples,)
    inertia_ : float
        Weighted sum of squared distances to the nearest centre.
    n_iter_ : int

    Examples
    --------
    >>> round(PooledKMeans(2).fit([[0.0], [1.0], [9.0], [10.0]]).inertia_, 5)
    1.0
    """

    def __init__(
        self,
        n_clusters: int = 8,
        n_pool: int = 40,
        n_best: int = 2,
        tol: float = 3e-5,
        random_state: Any = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_pool = n_pool
        self.n_best = n_best
        self.tol = tol
        self.random_state = random_state

    def make_pool(self, X: Array) -> Pool:
        """Fit the pool on all individuals, shape (n_samples, n_features)."""
        scale = Scale(X)
        rows, each = scale.apply(X), np.ones(len(X))
        columns = np.ascontiguousarray(rows.T)
        random = check_random_state(self.random_state)
        labels = np.empty((self.n_pool, len(X)), dtype=np.min_scalar_type(self.n_clusters))
        distances = np.empty((len(X), self.n_pool), dtype=np.float32)
        n_trials = trials(self.n_clusters)
        for i in range(self.n_pool):
            start = plus_plus(columns, random.random_sample((self.n_clusters, n_trials)))
            centers, _ = lloyd(rows, each, start, _MAX_ITER, _POOL_TOL, _RELAXATION)
            labels[i], distances[:, i] = nearest(rows, centers)
        return Pool(scale, rows, labels, distances)

    def fit(
        self,
        X: Any,
        y: object = None,
        sample_weight: Any = None,
        pool: Pool | None = None,
    ) -> PooledKMeans:
        """Fit on a weighted sample, from the pool's best solutions for it.

        Parameters
        ----------
        X : array-like, shape (n_samples, n_features)
        y : ignored
        sample_weight : array-like, shape (n_samples,), optional
            Such as bootstrap counts; rows of weight 0 are only assigned.
        pool : Pool, optional
            From `make_pool` on the same individuals, perhaps otherwise preprocessed; made
            here if left out.
        """
        X = validate_data(self, X, dtype=np.float64, order="C")
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if len(X) < self.n_clusters:
            raise ValueError(f"n_samples={len(X)} should be >= n_clusters={self.n_clusters}")
        pool = self.make_pool(X) if pool is None else pool
        scale = Scale(X)
        return self._fit(scale, scale.apply(X), weight, pool)

    def fit_again(self, pool: Pool, weight: Array) -> PooledKMeans:
        """Fit on a weighted sample of the very individuals of a pool, without checks.

        Parameters
        ----------
        pool : Pool
        weight : ndarray, shape (n_samples,)
        """
        self.n_features_in_ = pool.rows.shape[1]
        return self._fit(pool.scale, pool.rows, weight.astype(np.float64), pool)

    def _fit(self, scale: Scale, rows: Array, weight: Array, pool: Pool) -> PooledKMeans:
        inside = np.flatnonzero(weight)
        sample, of = rows[inside], weight[inside]
        inertia = weight.astype(np.float32) @ pool.distances
        self.inertia_ = np.inf
        for best in np.argsort(inertia, kind="stable")[: self.n_best]:
            start = means(rows, pool.labels[best], self.n_clusters)
            centers, n_iter = lloyd(sample, of, start, _MAX_ITER, self.tol, _RELAXATION)
            labels, distances = nearest(rows, centers)
            reached = float(of @ distances[inside].astype(np.float64))
            if reached < self.inertia_:
                self._centers, self.inertia_, self.n_iter_ = centers, reached, n_iter
                self.labels_ = labels
        self._scale = scale
        self.inertia_ *= scale.unit**2
        self.cluster_centers_ = scale.undo(self._centers)
        if self.n_iter_ == _MAX_ITER:
            message = f"k-means did not converge in {_MAX_ITER} iterations"
            warnings.warn(message, ConvergenceWarning, stacklevel=3)
        return self

    def predict(self, X: Any) -> Array:
        """Nearest centre of each row.

        Returns
        -------
        ndarray of int32, shape (n_samples,)
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        return nearest(self._scale.apply(X), self._centers)[0]
