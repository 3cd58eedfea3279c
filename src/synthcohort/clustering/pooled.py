"""Pooled starts: k-means on many bootstrap samples from one pool of full-data solutions."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances_argmin

Array = np.ndarray


class PooledKMeans(ClusterMixin, BaseEstimator):
    """k-means whose starts come from a pool of single-start solutions on the full data.

    `make_pool` fits the pool once. Each fit ranks the pool by its weighted inertia
    on the sample and runs Lloyd's iterations from the best few. It reaches an inertia
    close to that of ten restarts at a fraction of the time, and overstates the
    stability of the replicates a little.

    Parameters
    ----------
    n_clusters : int, default 8
    n_pool : int, default 20
        Solutions in the pool.
    n_best : int, default 1
        Solutions from which Lloyd's iterations start.
    random_state : int, default 0
    """

    def __init__(
        self, n_clusters: int = 8, n_pool: int = 20, n_best: int = 1, random_state: int = 0
    ) -> None:
        self.n_clusters = n_clusters
        self.n_pool = n_pool
        self.n_best = n_best
        self.random_state = random_state

    def make_pool(self, X: Array) -> tuple[Array, Array]:
        """Fit the pool on all individuals.

        Returns
        -------
        centers : ndarray, shape (n_pool, n_clusters, n_features)
        distances : ndarray of float32, shape (n_samples, n_pool)
            Squared distance of each individual to its nearest centre.
        """
        rng = np.random.default_rng(self.random_state)
        centers = np.empty((self.n_pool, self.n_clusters, X.shape[1]))
        distances = np.empty((len(X), self.n_pool), dtype=np.float32)
        for i in range(self.n_pool):
            seed = int(rng.integers(2**31))
            model = KMeans(self.n_clusters, n_init=1, random_state=seed, tol=1e-3).fit(X)
            centers[i] = model.cluster_centers_
            distances[:, i] = ((X - centers[i][model.labels_]) ** 2).sum(axis=1)
        return centers, distances

    def fit(
        self,
        X: Array,
        y: object = None,
        sample_weight: Array | None = None,
        pool: tuple[Array, Array] | None = None,
    ) -> PooledKMeans:
        """Fit on a weighted sample, from the pool's best solutions for it.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)
        y : ignored
        sample_weight : ndarray, shape (n_samples,), optional
            Such as bootstrap counts; rows of weight 0 are only assigned.
        pool : tuple, optional
            From `make_pool` on the same rows; made here if left out.
        """
        weight = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, float)
        centers, distances = self.make_pool(X) if pool is None else pool
        inertia = weight.astype(np.float32) @ distances
        inside = np.flatnonzero(weight)
        best: KMeans | None = None
        for start in np.argsort(inertia, kind="stable")[: self.n_best]:
            model = KMeans(self.n_clusters, init=centers[start], n_init=1)
            model.fit(X[inside], sample_weight=weight[inside])
            if best is None or model.inertia_ < best.inertia_:
                best = model
        assert best is not None
        self.cluster_centers_ = best.cluster_centers_
        self.inertia_ = best.inertia_
        self.labels_ = best.predict(X)
        self.n_features_in_ = X.shape[1]
        return self

    def predict(self, X: Array) -> Array:
        """Nearest centre of each row.

        Returns
        -------
        ndarray of int32, shape (n_samples,)
        """
        return np.asarray(pairwise_distances_argmin(X, self.cluster_centers_), dtype=np.int32)
