"""Bootstrapped clustering: replicates of a base clusterer and their consensus."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from joblib import delayed, effective_n_jobs
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, validate_data

from synthcohort.clustering.consensus.modularity import (
    STARTS,
    Partition,
    assign_new,
    coded,
    partitions,
    smallest_labels,
)
from synthcohort.clustering.input_checks import seed_of, usable, within_bounds
from synthcohort.clustering.replication import (
    ASSIGN,
    can_predict,
    labels_of,
    make_plan,
    replicates,
    together,
)
from synthcohort.clustering.stability import Replicates, Stability, stability
from synthcohort.clustering.stability.optimiser_instability import Instability, instability
from synthcohort.machine.worker_processes import in_processes
from synthcohort.population.survey_weights import checked_weights, same_index

Array = np.ndarray


class BootstrapClustering(ClusterMixin, BaseEstimator):
    """Fit a base clusterer on bootstrap samples and find the consensus of its fits.

    Each replicate draws N of N individuals with replacement, fits a clone of the base
    clusterer on them and assigns every individual, drawn or not.

    Parameters
    ----------
    estimator : scikit-learn clusterer, optional
        With `fit` and either `predict` or, for those that have none, labels that are
        passed on from the nearest drawn individual. A Pipeline fits its scaling, PCA or
        imputation again in every replicate. Where it takes `sample_weight` it gets how
        often each was drawn, else repeated rows. Individuals that it labels -1 (noise) are
        together with nobody. By default `PooledKMeans` with 8 clusters, or one for each of
        fewer individuals.
    n_bootstraps : int, default 100
    resolution : float, default 1.0
        Resolution of `labels_` and `predict`.
    assign : {"all", "in_bag", "out_of_bag"}, default "all"
        Who gets a base cluster in a replicate. The others are together with nobody there;
        co-association is still the share of all replicates, so that all are lowered alike.
    starts : int, default 2
        Starts of the search for each partition. More find better partitions where many
        are nearly equal, and take longer.
    n_jobs : int, optional
        Processes, as joblib counts them, and threads of the search. It changes the time
        and nothing else.
    random_state : int, RandomState or None, default 0
        As scikit-learn takes it: a whole number always gives the same result, None another
        one in each fit. A `numpy.random.Generator` is refused, as there; give it as
        ``int(rng.integers(2**31))``.

    Attributes
    ----------
    seed_ : int
        The seed that the fit used: `random_state` itself where that is a number.
    assignments_ : ndarray of int, shape (n_samples, n_bootstraps)
        Base cluster of each individual in each replicate; -1 where it has none.
    labels_ : ndarray of int32, shape (n_samples,)
        Consensus partition at `resolution`.
    estimators_ : list
        The fitted base clusterers.
    warned_ : list of Warned
        Warnings of the replicates by kind, such as ConvergenceWarning, with how many
        replicates gave it. `fit` repeats each once.
    n_features_in_ : int

    Examples
    --------
    >>> from sklearn.cluster import KMeans
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
        starts: int = STARTS,
        n_jobs: int | None = None,
        random_state: Any = 0,
    ) -> None:
        self.estimator = estimator
        self.n_bootstraps = n_bootstraps
        self.resolution = resolution
        self.assign = assign
        self.starts = starts
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
            Finite numbers; missing values too where the estimator's tags allow NaN (of a
            Pipeline those of its first step, such as an imputer).
        y : ignored
        survey_weight : array-like, shape (n_samples,), optional
            How many people each individual stands for, up to a factor; a Series must have
            the index of X. An individual is drawn with probability proportional to its
            weight, and counts with it in the co-association graph.
        progress : callable, optional
            Called with the number of replicates done since the last call.

        Returns
        -------
        BootstrapClustering

        Raises
        ------
        ValueError
            If X has missing or infinite values, any beyond 1e150 (whose squares would be
            infinite), or fewer distinct rows than clusters, or a weight is negative,
            missing or all are 0, or a parameter is out of range.
        """
        self.fit_replicates(X, survey_weight, progress)
        self.labels_ = self.partitions([self.resolution])[self.resolution].labels
        return self

    def fit_replicates(
        self,
        X: Any,
        survey_weight: Any = None,
        progress: Callable[[int], None] | None = None,
    ) -> BootstrapClustering:
        """Fit all replicates and leave out `labels_`, for those who ask for other partitions.

        Parameters
        ----------
        X, survey_weight, progress
            As in `fit`.

        Returns
        -------
        BootstrapClustering
        """
        values = self._validated(X, ensure_min_samples=2)
        self._index = X.index if isinstance(X, pd.DataFrame) else None
        same_index("survey_weight", survey_weight, "X", X)
        self._weight = checked_weights(survey_weight, len(values), "survey_weight")
        self._check_parameters()
        self.seed_ = seed_of(self.random_state)
        base = usable(self.estimator, values)
        plan = make_plan(base, values, self._weight, self.assign, self.seed_)
        # One is one, also within a worker that could send its work on to others.
        backend = "sequential" if self.n_jobs == 1 else None
        jobs = 1 if backend else effective_n_jobs(self.n_jobs)
        # Each chunk has a cost of its own: several only to share out or to tell of progress.
        n_chunks = 1 if backend and progress is None else 4 * jobs
        chunks = np.array_split(np.arange(self.n_bootstraps), min(self.n_bootstraps, n_chunks))
        done = in_processes(
            (delayed(replicates)(plan, chunk) for chunk in chunks), self.n_jobs, backend=backend
        )
        columns, self.estimators_, warned = [], [], []
        for labels, models, found in done:
            columns.append(labels)
            self.estimators_ += models
            warned += found
            if progress is not None:
                progress(labels.shape[1])
        self.warned_ = together(warned)
        for one in self.warned_:
            where = f"{one.replicates} of {self.n_bootstraps} replicates"
            warnings.warn(f"{where}: {one.message}", one.category, stacklevel=2)
        self.assignments_ = smallest_labels(np.hstack(columns))
        self._fitted = None if can_predict(self.estimators_[0]) else values
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
        return partitions(
            self.assignments_,
            resolutions,
            self.seed_,
            self._weight,
            self.starts,
            self.n_jobs,
        )

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
        values = self._validated(X, reset=False)
        columns = [labels_of(model, values, self._fitted) for model in self.estimators_]
        fitted, k = coded(self.assignments_)
        new = np.column_stack(columns)
        new = np.where((new < 0) | (new >= k), k, new)
        found = assign_new(fitted, k, self.labels_, self._weight, new, self.resolution)
        return pd.Series(found, X.index, name="cluster") if isinstance(X, pd.DataFrame) else found

    def stability(self, labels: Any = None) -> Stability:
        """Measure how stable a partition is under the bootstrap, without looking at any pair.

        Parameters
        ----------
        labels : array-like, shape (n_samples,), optional
            Clusters of the fitted individuals; a Series must have their index. `labels_` by
            default.

        Returns
        -------
        Stability
            Tables of individuals, clusters, their co-association with each other and the
            consensus distribution, and a summary; `individuals` has the index of a fitted
            DataFrame.

        Raises
        ------
        ValueError
            If there are not as many labels as individuals, some are missing, or the index
            differs.

        Examples
        --------
        >>> from sklearn.cluster import KMeans
        >>> X = np.repeat([[0.0, 0.0], [9.0, 9.0]], 20, axis=0) + np.arange(40)[:, None] * 1e-3
        >>> model = BootstrapClustering(KMeans(2, n_init=1), n_bootstraps=10).fit(X)
        >>> model.stability().clusters[["cluster", "size", "jaccard", "recovered"]]
           cluster  size  jaccard  recovered
        0        0    20      1.0         10
        1        1    20      1.0         10
        """
        check_is_fitted(self, "assignments_")
        if self._index is not None:
            same_index("labels", labels, "the fitted individuals", pd.DataFrame(index=self._index))
        chosen = self.labels_ if labels is None else labels
        replicates = Replicates(self.assignments_, self._weight, self.assign != "all")
        found = stability(replicates, chosen, self.seed_)
        if self._index is not None:
            found.individuals.index = self._index
        return found

    def instability(self, X: Any, n_refits: int = 20) -> Instability:
        """Split the instability of the replicates into the optimiser's and the sampling's.

        Some replicates are fitted again on the same bootstrap samples with other seeds of
        the base clusterer.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n_samples, n_features)
            The fitted individuals, as they were given to `fit`.
        n_refits : int, default 20
            Replicates to fit again, at most; 1 or more.

        Returns
        -------
        Instability
            Mean adjusted Rand index between fits on the same sample and on different ones.

        Raises
        ------
        ValueError
            If X has another number of rows than the fitted, or `n_refits` is below 1.
        """
        check_is_fitted(self, "assignments_")
        values = self._validated(X, reset=False)
        if len(values) != len(self.assignments_):
            n = len(self.assignments_)
            raise ValueError(f"got {len(values)} individuals, allowed: the {n} who were fitted")
        if self._index is not None:
            same_index("X", X, "the fitted individuals", pd.DataFrame(index=self._index))
        if n_refits < 1:
            raise ValueError(f"got n_refits={n_refits!r}, allowed: 1 or more")
        base = usable(self.estimator, values)
        again = make_plan(base, values, self._weight, self.assign, self.seed_, again=1)
        first = self.assignments_[:, :n_refits]
        labels, _, _ = replicates(again, range(first.shape[1]))
        return instability(first, labels, self._weight, self.assign != "all")

    def _check_parameters(self) -> None:
        if self.assign not in ASSIGN:
            raise ValueError(f"got assign={self.assign!r}, allowed: {', '.join(ASSIGN)}")
        if not isinstance(self.n_bootstraps, Integral) or self.n_bootstraps < 1:
            raise ValueError(f"got n_bootstraps={self.n_bootstraps!r}, allowed: 1 or more")
        if not self.resolution > 0:
            raise ValueError(f"got resolution={self.resolution!r}, allowed: above 0")

    def _validated(self, X: Any, **settings: Any) -> Array:
        finite = "allow-nan" if get_tags(self).input_tags.allow_nan else True
        values = validate_data(
            self, X, dtype=np.float64, order="C", ensure_all_finite=finite, **settings
        )
        return within_bounds(values)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        if self.estimator is not None:
            pipeline = isinstance(self.estimator, Pipeline)
            first = self.estimator[0] if pipeline else self.estimator
            tags.input_tags.allow_nan = get_tags(first).input_tags.allow_nan
        return tags
