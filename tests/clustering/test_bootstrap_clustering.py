"""The estimator: scikit-learn's contract, weights, who is assigned, new people, bad input."""

import re

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import clone
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from synthcohort import BootstrapClustering
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.consensus.modularity import coded, partitions
from synthcohort.clustering.consensus.sweeps import Graph
from synthcohort.clustering.replication import make_plan, replicates


@parametrize_with_checks([BootstrapClustering(n_bootstraps=5)])
def test_scikit_learn_contract(estimator, check) -> None:
    check(estimator)


def blobs(n: int = 150, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 3
    return rng.normal(size=(n, 2)) + 8 * np.array([[0, 0], [1, 0], [0, 1]])[truth], truth


def fit(base, X, **settings) -> BootstrapClustering:
    weight = settings.pop("survey_weight", None)
    return BootstrapClustering(base, n_bootstraps=15, n_jobs=1, **settings).fit(
        X, survey_weight=weight
    )


@pytest.mark.parametrize(
    "base",
    [
        KMeans(3, n_init=1),
        PooledKMeans(3, n_pool=4),
        GaussianMixture(3),
        AgglomerativeClustering(3),
        HDBSCAN(min_cluster_size=10, copy=True),
        make_pipeline(StandardScaler(), PCA(2, whiten=True), KMeans(3, n_init=1)),
    ],
    ids=lambda base: type(base).__name__,
)
@pytest.mark.parametrize("assign", ["all", "in_bag", "out_of_bag"])
def test_any_clusterer_finds_blobs_and_assigns_new_people(base, assign) -> None:
    X, truth = blobs()
    model = fit(base, X, assign=assign)
    assert adjusted_rand_score(truth, model.labels_) > 0.9
    new, of = blobs(seed=9)
    assert adjusted_rand_score(of, model.predict(new)) > 0.9


def test_predict_puts_the_fitted_where_they_are() -> None:
    X, _ = blobs()
    model = fit(KMeans(3, n_init=1), X)
    assert np.array_equal(model.predict(X), model.labels_)


def test_who_is_assigned() -> None:
    X, _ = blobs()
    by = {a: fit(KMeans(3, n_init=1), X, assign=a).assignments_ for a in ("in_bag", "out_of_bag")}
    everybody = fit(KMeans(3, n_init=1), X).assignments_
    drawn = by["in_bag"] >= 0
    assert 0.55 < drawn.mean() < 0.7  # 1 - 1/e of the individuals
    assert np.array_equal(drawn, by["out_of_bag"] < 0)
    assert np.array_equal(np.where(drawn, by["in_bag"], by["out_of_bag"]), everybody)


def test_modularity_with_absent_and_weighted_people_is_that_of_the_dense_graph() -> None:
    rng = np.random.default_rng(1)
    assignments = rng.integers(-1, 4, (60, 11))
    membership = rng.integers(0, 3, 60).astype(np.int32)
    weight = rng.random(60) + 0.2
    present = assignments >= 0
    A = np.zeros((60, 60))
    for b in range(11):
        column = assignments[:, b]
        together = (column[:, None] == column[None, :]) & present[:, b, None] & present[None, :, b]
        A += together * np.outer(weight, weight)
    np.fill_diagonal(A, 0)
    d = A.sum(axis=1)
    same = membership[:, None] == membership[None, :]
    labels, k = coded(assignments)
    for gamma in (0.5, 1.2):
        expected = ((A - gamma * np.outer(d, d) / d.sum()) * same).sum() / d.sum()
        assert Graph(labels, k, weight).modularity(membership, gamma) == pytest.approx(expected)


def test_a_weight_of_two_is_two_people_in_the_graph() -> None:
    """But for the edge between the two, which vanishes with the number of people."""
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 3, (200, 1)).repeat(9, axis=1) ^ (rng.random((200, 9)) < 0.1)
    twice = np.vstack([labels, labels[:50]])
    weight = np.where(np.arange(200) < 50, 2.0, 1.0)
    one = partitions(labels, [1.0], weight=weight)[1.0].labels
    two = partitions(twice, [1.0])[1.0].labels[:200]
    assert adjusted_rand_score(one, two) > 0.95


def test_weights_undo_an_over_sampled_region() -> None:
    """One group five times over-represented; the weighted draws are the population again.

    The share of draws from the group within 4 SE.
    """
    X, truth = blobs(600)
    keep = np.concatenate([np.flatnonzero(truth == 0), np.flatnonzero(truth > 0)[::5]])
    weight = np.where(truth[keep] == 0, 1.0, 5.0)
    model = fit(KMeans(3, n_init=1), X[keep], survey_weight=weight, assign="in_bag")
    drawn = model.assignments_ >= 0
    expected = 1 - np.exp(-len(keep) * weight / weight.sum())
    for group in range(3):
        rows = truth[keep] == group
        share, p = drawn[rows].mean(), expected[rows].mean()
        assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / drawn[rows].size)


def test_order_and_scale_of_weights() -> None:
    X, _ = blobs()
    weight = np.linspace(0.5, 2, len(X))
    one, two = (fit(KMeans(3, n_init=1), X, survey_weight=w) for w in (weight, 100 * weight))
    assert np.array_equal(one.assignments_, two.assignments_)
    assert np.array_equal(one.labels_, two.labels_)


def test_pickle_clone_index_and_pipeline(tmp_path) -> None:
    X, truth = blobs()
    frame = pd.DataFrame(X, index=[f"SYN-{i}" for i in range(len(X))], columns=["a", "b"])
    model = clone(BootstrapClustering(KMeans(3, n_init=1), n_bootstraps=5, n_jobs=1)).fit(frame)
    joblib.dump(model, tmp_path / "model")
    again = joblib.load(tmp_path / "model")
    assert again.predict(frame).equals(model.predict(frame))
    assert model.predict(frame).index.equals(frame.index)
    assert again.partition(0.5).equals(model.partition(0.5))
    whole = make_pipeline(StandardScaler(), clone(model)).fit(X)
    assert adjusted_rand_score(truth, whole[-1].labels_) == 1.0
    assert adjusted_rand_score(truth, whole.predict(X)) == 1.0


GOOD = np.arange(12.0).reshape(6, 2)


@pytest.mark.parametrize(
    ("X", "base", "changed", "message"),
    [
        ([[1.0], [np.nan]], KMeans(2), {}, "contains NaN"),
        ([[1.0], [np.inf]], KMeans(2), {}, "contains infinity"),
        ([[2e150], [0.0], [1.0]], KMeans(2), {}, r"got values beyond 1e\+150, allowed: those"),
        ([["a"], ["b"]], KMeans(2), {}, "could not convert string to float"),
        ([[1.0]], KMeans(2), {}, "1 sample"),
        ([[1.0], [2.0]], KMeans(3), {}, "n_samples=2 should be >= n_clusters=3"),
        (np.ones((9, 2)), KMeans(3), {}, "got 1 distinct rows, allowed: n_clusters=3 or more"),
        (GOOD, KMeans(2), {"assign": "out"}, "got assign='out', allowed: all, in_bag, out_of_bag"),
        (GOOD, KMeans(2), {"resolution": 0}, "got resolution=0, allowed: above 0"),
        (GOOD, KMeans(2), {"survey_weight": [1, 2]}, r"got survey_weight of shape \(2,\)"),
        (GOOD, KMeans(2), {"survey_weight": [-1, 1, 1, 1, 1, 1]}, "allowed are numbers from 0"),
        (GOOD, KMeans(2), {"survey_weight": [0] * 6}, "not all of them 0"),
        (GOOD, KMeans(2), {"survey_weight": [np.nan] * 6}, "allowed are numbers from 0"),
        (GOOD, KMeans(2), {"survey_weight": ["1"] * 6}, "allowed: 6 numbers"),
    ],
)
def test_bad_input(X, base, changed, message) -> None:
    with pytest.raises(ValueError, match=message):
        fit(base, X, **changed)


CLEAR = "|".join(
    [
        "contains NaN",
        "contains infinity",
        r"got values beyond 1e\+150, allowed: those whose squares are numbers",
        "minimum of 2 is required",
        r"n_samples=\d+ should be >= n_clusters=\d+",
        r"got \d+ distinct rows, allowed: n_clusters=\d+ or more",
        "survey_weight: allowed are numbers from 0, not all of them 0",
    ]
)
NUMBERS = st.sampled_from([0.0, 1.0, 2.0, -3.5, 1e-300, 1e150, -1e300, np.nan, np.inf])
WEIGHTS = st.sampled_from([0.0, 1.0, 0.5, 1e-300, 1e300, -1.0, np.nan, np.inf])


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 9).flatmap(
        lambda n: st.tuples(
            arrays(float, st.tuples(st.just(n), st.integers(1, 3)), elements=NUMBERS),
            st.none() | arrays(float, n, elements=WEIGHTS),
        )
    ),
    st.integers(1, 4),
    st.integers(1, 3),
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_any_input_ends_with_a_clear_error_or_a_community_for_everybody(table, k, b) -> None:
    X, weight = table
    model = BootstrapClustering(PooledKMeans(k, n_pool=2), n_bootstraps=b, n_jobs=1)
    refused = ""
    try:
        model.fit(X, survey_weight=weight)
    except ValueError as error:
        refused = str(error)
    if refused:
        assert re.search(CLEAR, refused)
        return
    sizes = np.bincount(model.labels_, minlength=1)
    assert len(model.labels_) == len(X)
    assert (np.diff(sizes) <= 0).all()
    assert model.assignments_.shape == (len(X), b)
    assert model.assignments_.max() < k


def test_no_replicates() -> None:
    with pytest.raises(ValueError, match="got n_bootstraps=0, allowed: 1 or more"):
        BootstrapClustering(KMeans(2), n_bootstraps=0).fit(GOOD)


def test_edges_that_have_a_result() -> None:
    """One replicate; a constant column; as many clusters as individuals."""
    one = BootstrapClustering(KMeans(2, n_init=1), n_bootstraps=1).fit(blobs()[0])
    assert adjusted_rand_score(one.assignments_[:, 0], one.labels_) == 1.0
    X, truth = blobs()
    constant = np.column_stack([X, np.ones(len(X))])
    assert adjusted_rand_score(truth, fit(KMeans(3, n_init=1), constant).labels_) == 1.0
    plan = make_plan(PooledKMeans(6, n_pool=3), GOOD, None, "in_bag", 0)
    for column in replicates(plan, range(15))[0].T:  # no more clusters than individuals drawn
        drawn = column[column >= 0]
        assert len(set(drawn)) == len(drawn)
