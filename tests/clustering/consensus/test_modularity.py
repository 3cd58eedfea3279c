"""The implicit consensus against the dense graph, and the estimator around it."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from tests.clustering.consensus.dense_graph import dense_leiden

from synthcohort import BootstrapClustering
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.clustering.consensus.sweeps import Graph

ONES = np.ones(80, dtype=np.int32)


def blobs(n: int = 150, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.repeat([0, 1, 2], n // 3)
    return rng.normal(size=(n, 2)) + 8 * np.array([[0, 0], [1, 0], [0, 1]])[truth], truth


def dense_modularity(labels: np.ndarray, membership: np.ndarray, gamma: float) -> float:
    """Straight from the definition, with the N x N matrix."""
    A = (labels[:, None, :] == labels[None, :, :]).mean(axis=2)
    np.fill_diagonal(A, 0)
    d = A.sum(axis=1)
    same = membership[:, None] == membership[None, :]
    return float(((A - gamma * np.outer(d, d) / d.sum()) * same).sum() / d.sum())


def test_modularity_is_that_of_the_dense_graph() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 5, (80, 12)).astype(np.uint8)
    membership = rng.integers(0, 4, 80).astype(np.int32)
    for gamma in (0.3, 1.0, 1.7):
        got = Graph(labels, 5, ONES).modularity(membership, gamma)
        assert got == pytest.approx(dense_modularity(labels, membership, gamma), abs=1e-12)


@pytest.mark.parametrize("k", [3, 8])
def test_as_good_as_leiden_on_the_dense_graph(k: int) -> None:
    X = np.random.default_rng(2).normal(size=(300, 4))
    model = BootstrapClustering(KMeans(k, n_init=1), n_bootstraps=20, n_jobs=1).fit(X)
    resolutions = [0.5, 0.8, 1.0, 1.1]
    reference = dense_leiden(model.assignments_, resolutions)
    for gamma, found in model.partitions(resolutions).items():
        assert found.modularity >= reference[gamma] - 1e-4
        assert found.modularity == pytest.approx(
            dense_modularity(model.assignments_, found.labels, gamma), abs=1e-10
        )


def test_recovers_planted_blobs_in_any_order_of_rows() -> None:
    X, truth = blobs()
    order = np.random.default_rng(3).permutation(len(X))
    for rows in (np.arange(len(X)), order):
        model = BootstrapClustering(KMeans(3, n_init=2), n_bootstraps=15, n_jobs=1).fit(X[rows])
        assert adjusted_rand_score(truth[rows], model.partition(1.0)) == 1.0


def test_identical_replicates_give_the_replicate_back() -> None:
    labels = np.repeat(np.array([0, 1, 2])[np.arange(60) % 3][:, None], 9, axis=1)
    found = partitions(labels, [1.0])[1.0]
    assert adjusted_rand_score(labels[:, 0], found.labels) == 1.0
    assert found.modularity == pytest.approx(1 - 1 / 3)


def test_workers_and_calls_change_nothing() -> None:
    X, _ = blobs(seed=4)
    one = BootstrapClustering(KMeans(4, n_init=1), n_bootstraps=12, n_jobs=1).fit(X)
    two = BootstrapClustering(KMeans(4, n_init=1), n_bootstraps=12, n_jobs=2).fit(X)
    assert np.array_equal(one.assignments_, two.assignments_)
    assert np.array_equal(one.partition(1.0), two.partition(1.0))


@pytest.mark.parametrize(
    "base", [GaussianMixture(3), AgglomerativeClustering(3), PooledKMeans(3, n_pool=5)]
)
def test_other_clusterers(base) -> None:
    X, truth = blobs(seed=5)
    model = BootstrapClustering(base, n_bootstraps=8, n_jobs=1).fit(X)
    assert model.assignments_.shape == (150, 8)
    assert adjusted_rand_score(truth, model.partition(1.0)) > 0.95


def test_pandas_keeps_its_index_and_clone_works() -> None:
    X, _ = blobs()
    frame = pd.DataFrame(X, index=[f"SYN-{i}" for i in range(len(X))])
    model = clone(BootstrapClustering(KMeans(3, n_init=1), n_bootstraps=5, n_jobs=1)).fit(frame)
    assert model.partition(1.0).index.equals(frame.index)


def test_progress_counts_replicates() -> None:
    seen: list[int] = []
    model = BootstrapClustering(KMeans(2, n_init=1), n_bootstraps=7, n_jobs=1)
    model.fit(blobs()[0], progress=seen.append)
    assert sum(seen) == 7


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.array([[1.0], [np.nan]]), "contains NaN"),
        (np.array([[1.0], [np.inf]]), "contains infinity"),
        (np.array([[1.0], [2.0]]), "n_samples=2 should be >= n_clusters=3"),
    ],
)
def test_wrong_input(X: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BootstrapClustering(KMeans(3), n_bootstraps=3, n_jobs=1).fit(X)


def test_resolution_zero() -> None:
    model = BootstrapClustering(KMeans(3, n_init=1), n_bootstraps=3, n_jobs=1).fit(blobs()[0])
    with pytest.raises(ValueError, match="resolutions must be above 0"):
        model.partitions([0.0])
