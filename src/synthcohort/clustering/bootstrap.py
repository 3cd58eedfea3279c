"""Bootstrapped clustering: replicates of a base clusterer and their consensus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, effective_n_jobs
from sklearn.base import BaseEstimator, ClusterMixin, clone
from sklearn.cluster import KMeans
from sklearn.utils.validation import check_is_fitted, has_fit_parameter, validate_data
from threadpoolctl import threadpool_limits

from synthcohort.clustering.consensus import (
    Partition,
    assign_new,
    coded,
    partitions,
    smallest_labels,
)
from synthcohort.clustering.pooled import PooledKMeans

Array = np.ndarray


ASSIGN = ("all", "in_bag", "out_of_bag")
"""Who gets a base cluster in a replicate: everybody, those drawn, or those not drawn."""


class BootstrapClustering(ClusterMixin, BaseEstimator):
    """Fit a base clusterer on bootstrap samples and find the consensus of its fits.

    Each replicate draws N of N individuals with replacement, fits a clone of the base
    clusterer on them and assigns every individual, drawn or not.

    Parameters
    ----------
    estimator : scikit-learn clusterer, optional
        With `fit` and either `predict` or, for those that have none, labels that are
        passed on from the nearest drawn individual. A Pipeline fits its scaling and PCA
        again in every replicate. Individuals that it labels -1 (noise) are together with
        nobody. By default `PooledKMeans` with 8 clusters, or one for each of fewer
        individuals.
    n_bootstraps : int, default 100
    resolution : float, default 1.0
        Resolution of `labels_` and `predict`.
    assign : {"all", "in_bag", "out_of_bag"}, default "all"
        Who gets a base cluster in a replicate. The others are together with nobody there;
        co-association is still the share of all replicates, so that all are lowered alike.
    n_jobs : int, optional
        Processes, as joblib counts them. It changes the time and nothing else.
    random_state : int, default 0

    Attributes
    ----------
    assignments_ : ndarray of int, shape (n_samples, n_bootstraps)
        Base cluster of each individual in each replicate; -1 where it has none.
    labels_ : ndarray of int32, shape (n_samples,)
        Consensus partition at `resolution`.
    estimators_ : list
        The fitted base clusterers.
    n_features_in_ : int

    Examples
    --------
    >>> X = np.repeat([[0.0, 0.0], [9.0, 9.0]], 20, axis=0) + np.arange(40)[:, None] * 1e-3
    >>> model = BootstrapClustering(KMeans(2, n_init=1), n_bootstraps=10).fit(X)
    >>> [int(n) for n in np.bincount(model.partition(1.0))]
    [20, 20]
    >>> bool(model.predict([[9.0, 8.0]])[0] == model.labels_[-1])
    True
    """

    def __init__(
        self,
        estimator: Any = None,
        n_bootstraps: int = 100,
        resolution: float = 1.0,
        assign: str = "all",
        n_jobs: int | None = None,
        random_state: int = 0,
    ) -> None:
        self.estimator = estimator
        self.n_bootstraps = n_bootstraps
        self.resolution = resolution
        self.assign = assign
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(
        self,
        X: Any,
        y: object = None,
        survey_weight: Any = None,
        progress: Callable[[int], None] | None = None,
    ) -> BootstrapClustering:
        """Fit all replicates.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n_samples, n_features)
            Finite numbers.
        y : ignored
        survey_weight : array-like, shape (n_samples,), optional
            How many people each individual stands for, up to a factor. An
            individual is drawn with probability proportional to its weight, and counts
            with it in the co-association graph.
        progress : callable, optional
            Called with the number of replicates done since the last call.

        Returns
        -------
        BootstrapClustering

        Raises
        ------
        ValueError
            If X has missing or infinite values, or fewer distinct rows than clusters, or
            a weight is negative, missing or all are 0, or a parameter is out of range.
        """
        values = validate_data(self, X, dtype=np.float64, order="C", ensure_min_samples=2)
        self._index = X.index if isinstance(X, pd.DataFrame) else None
        self._weight = _checked_weights(survey_weight, len(values))
        self._check_parameters()
        base = self._base(values)
        with threadpool_limits(1):
            pool = base.make_pool(values) if isinstance(base, PooledKMeans) else None
        jobs = effective_n_jobs(self.n_jobs)
        chunks = np.array_split(np.arange(self.n_bootstraps), min(self.n_bootstraps, 4 * jobs))
        plan = _Plan(base, values, self._weight, self.assign, self.random_state, pool)
        done = Parallel(n_jobs=self.n_jobs, return_as="generator")(
            delayed(_replicates)(plan, chunk) for chunk in chunks
        )
        columns, self.estimators_ = [], []
        for labels, models in done:
            columns.append(labels)
            self.estimators_ += models
            if progress is not None:
                progress(labels.shape[1])
        self.assignments_ = smallest_labels(np.hstack(columns))
        self._fitted = None if hasattr(self.estimators_[0], "predict") else values
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
        return partitions(self.assignments_, resolutions, self.random_state, self._weight)

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

    def predict(self, X: Any) -> Any:
        """Assign individuals who were not in the fit to the clusters of `labels_`.

        Every replicate's model labels them, and each joins the cluster in which its gain
        in modularity is largest, as if it were added to the graph alone.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n_new, n_features)

        Returns
        -------
        ndarray of int32, shape (n_new,), or Series with the index of a DataFrame
        """
        check_is_fitted(self, "assignments_")
        values = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        columns = [_labels_of(model, values, self._fitted) for model in self.estimators_]
        fitted, k = coded(self.assignments_)
        new = np.column_stack(columns)
        new = np.where((new < 0) | (new >= k), k, new)
        found = assign_new(fitted, k, self.labels_, self._weight, new, self.resolution)
        return pd.Series(found, X.index, name="cluster") if isinstance(X, pd.DataFrame) else found

    def _check_parameters(self) -> None:
        if self.assign not in ASSIGN:
            raise ValueError(f"got assign={self.assign!r}, allowed: {', '.join(ASSIGN)}")
        if not isinstance(self.n_bootstraps, Integral) or self.n_bootstraps < 1:
            raise ValueError(f"got n_bootstraps={self.n_bootstraps!r}, allowed: 1 or more")
        if not self.resolution > 0:
            raise ValueError(f"got resolution={self.resolution!r}, allowed: above 0")

    def _base(self, values: Array) -> Any:
        if self.estimator is None:
            return PooledKMeans(min(8, len(values)))
        k = getattr(self.estimator, "n_clusters", None)
        if isinstance(k, int) and k > len(values):
            raise ValueError(f"n_samples={len(values)} should be >= n_clusters={k}")
        if isinstance(k, int) and k > 1:
            distinct = len(np.unique(values[:_LOOKED_AT], axis=0))
            if distinct < k:  # the first rows tell nearly always, and sorting all is slow
                distinct = len(np.unique(values, axis=0))
            if distinct < k:
                raise ValueError(f"got {distinct} distinct rows, allowed: n_clusters={k} or more")
        return self.estimator


_LOOKED_AT = 1000


@dataclass(frozen=True)
class _Plan:
    """What all replicates of a fit share."""

    base: Any
    values: Array
    weight: Array | None
    assign: str
    seed: int
    pool: tuple[Array, Array] | None


def _checked_weights(weight: Any, n: int) -> Array | None:
    if weight is None:
        return None
    found = np.asarray(weight)
    if found.shape != (n,) or not np.issubdtype(found.dtype, np.number):
        raise ValueError(f"got survey_weight of shape {found.shape}, allowed: {n} numbers")
    found = found.astype(np.float64)
    if not np.isfinite(found).all() or (found < 0).any() or found.sum() == 0:
        raise ValueError("survey_weight: allowed are numbers from 0, not all of them 0")
    return found


def _replicates(plan: _Plan, replicates: Array) -> tuple[Array, list[Any]]:
    """Labels of some replicates, shape (n_samples, len(replicates)), and their models."""
    with threadpool_limits(1):
        done = [_replicate(plan, int(b)) for b in replicates]
    return smallest_labels(np.column_stack([labels for labels, _ in done])), [m for _, m in done]


def _replicate(plan: _Plan, b: int) -> tuple[Array, Any]:
    """One replicate with keyed draws: the labels, -1 where it assigns nobody, and its model."""
    rng = np.random.default_rng([plan.seed, 2, b])
    n = len(plan.values)
    share = np.full(n, 1 / n) if plan.weight is None else plan.weight / plan.weight.sum()
    counts = rng.multinomial(n, share)
    model = _seeded(clone(plan.base), rng, int((counts > 0).sum()))
    labels, model = _fitted(model, plan, counts)
    if plan.assign != "all":
        drawn = counts > 0
        labels = np.where(drawn if plan.assign == "in_bag" else ~drawn, labels, -1)
    return labels, model


def _seeded(model: Any, rng: np.random.Generator, distinct: int) -> Any:
    """Give every random part of a model its own seed, and no more clusters than individuals."""
    parameters = model.get_params()
    names = [p for p in parameters if p == "random_state" or p.endswith("__random_state")]
    model.set_params(**{name: int(rng.integers(2**31)) for name in sorted(names)})
    k = parameters.get("n_clusters")
    return model.set_params(n_clusters=distinct) if isinstance(k, int) and k > distinct else model


def _fitted(model: Any, plan: _Plan, counts: Array) -> tuple[Array, Any]:
    X = plan.values
    if isinstance(model, PooledKMeans):
        same_k = plan.base.n_clusters == model.n_clusters
        model.fit(X, sample_weight=counts, pool=plan.pool if same_k else None)
        labels = np.asarray(model.labels_)
        del model.labels_  # the assignments hold them
        return labels, model
    inside = np.flatnonzero(counts)
    if has_fit_parameter(model, "sample_weight"):
        model.fit(X[inside], sample_weight=counts[inside].astype(float))
    else:
        inside = np.repeat(inside, counts[inside])
        model.fit(X[inside])
    if not hasattr(model, "predict"):
        model = _Nearest(inside, np.asarray(model.labels_))
    return _labels_of(model, X, X), model


@dataclass(frozen=True)
class _Nearest:
    """A clusterer that can't predict: each label is that of the nearest drawn individual."""

    inside: Array
    labels: Array


def _labels_of(model: Any, values: Array, fitted: Array | None) -> Array:
    if not isinstance(model, _Nearest):
        return np.asarray(model.predict(values))
    from sklearn.neighbors import KNeighborsClassifier

    assert fitted is not None
    nearest = KNeighborsClassifier(n_neighbors=1).fit(fitted[model.inside], model.labels)
    return np.asarray(nearest.predict(values))


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
