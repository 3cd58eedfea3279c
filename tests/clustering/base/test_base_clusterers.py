"""Every base clusterer of the registry finds planted clusters, by name."""

import sys

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from synthcohort import BootstrapClustering
from synthcohort.clustering.base.base_clusterers import BASES, make_base
from synthcohort.clustering.base.latent_classes import LatentClass

NUMBER = {"hdbscan": 12}


def planted(n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """Three groups, each with its own third of twelve signs nearly always present."""
    rng = np.random.default_rng(3)
    truth = np.arange(n) % 3
    likely = np.kron(np.eye(3), np.ones(4))[truth]
    return (rng.random((n, 12)) < 0.05 + 0.9 * likely).astype(float), truth


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("name", BASES)
def test_finds_planted_clusters(name: str, exact: bool) -> None:
    X, truth = planted()
    if BASES[name].only != "binary":
        X = X @ np.random.default_rng(1).normal(size=(12, 3))  # no two equal rows
        X += 8 * np.eye(3)[truth]
    base = make_base(name, NUMBER.get(name, 3), exact)
    model = BootstrapClustering(base, n_bootstraps=8, n_jobs=1).fit(X)
    assert adjusted_rand_score(truth, model.labels_) > 0.9
    assert adjusted_rand_score(truth, model.predict(X)) > 0.9


def test_exact_means_ten_restarts() -> None:
    for name in ("kmeans", "gaussian_mixture", "latent_class"):
        assert make_base(name, 3, True).n_init == 10


def test_latent_classes_are_those_of_the_weighted_sample() -> None:
    X, _ = planted()
    counts = np.random.default_rng(0).integers(1, 4, len(X))
    weighted = LatentClass(3, random_state=1, n_init=5).fit(X, sample_weight=counts)
    repeated = LatentClass(3, random_state=1, n_init=5).fit(np.repeat(X, counts, axis=0))
    assert adjusted_rand_score(weighted.labels_, repeated.predict(X)) == 1.0


def test_latent_classes_need_binary_data() -> None:
    with pytest.raises(ValueError, match=r"latent class analysis: got 0.5, allowed: 0 and 1"):
        LatentClass(2).fit([[0, 1], [0.5, 0]])


def test_latent_classes_without_the_extra(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "stepmix.stepmix", None)
    with pytest.raises(ImportError, match=r"needs StepMix, allowed after: pip install .*\[lca\]"):
        LatentClass(2).fit([[0, 1], [1, 0], [1, 1]])


def test_fits_that_do_not_converge_are_counted_and_said_once() -> None:
    X = np.random.default_rng(0).normal(size=(80, 3))
    base = GaussianMixture(4, max_iter=1, tol=0)
    with pytest.warns(ConvergenceWarning, match="^6 of 6 replicates: .*did not converge") as told:
        model = BootstrapClustering(base, n_bootstraps=6, n_jobs=1).fit(X)
    assert len(told) == 1
    assert [(w.category, w.replicates) for w in model.warned_] == [(ConvergenceWarning, 6)]


class _Moody(ClusterMixin, BaseEstimator):
    """Fails on some samples, for a test of what a user sees."""

    def fit(self, X, y=None):  # noqa: ARG002
        raise ValueError("covariance is singular")


def test_a_failing_clusterer_says_why() -> None:
    with pytest.raises(ValueError, match="covariance is singular"):
        BootstrapClustering(_Moody(), n_bootstraps=2, n_jobs=1).fit(np.eye(4))
