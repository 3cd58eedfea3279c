"""k-means with pooled starts: the same optimum as scikit-learn's, weights, edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import pairwise_distances_argmin
from sklearn.utils.estimator_checks import parametrize_with_checks

from synthcohort.clustering.base.lloyd_iterations import lloyd, nearest
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans


def on_purpose(_: object) -> dict[str, str]:
    reason = "the pool is that of all rows, whatever their weight"
    return {"check_sample_weight_equivalence_on_dense_data": reason}


@parametrize_with_checks([PooledKMeans(n_clusters=3, n_pool=3)], expected_failed_checks=on_purpose)
def test_scikit_learn_contract(estimator, check) -> None:
    check(estimator)


def noise(n: int = 400, p: int = 4) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(n, p))


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_iterations_end_where_scikit_learns_do(k: int) -> None:
    """From the same start, to convergence, with weights; 32 bits against 64."""
    X, weight = noise(), np.random.default_rng(2).integers(1, 4, 400)
    start = X[:k]
    theirs = KMeans(k, init=start, n_init=1, tol=0).fit(X, sample_weight=weight)
    ours, _ = lloyd(X.astype(np.float32), weight.astype(float), start.astype(np.float32), 300, 0)
    np.testing.assert_allclose(ours, theirs.cluster_centers_, atol=1e-5)
    labels, squares = nearest(X.astype(np.float32), ours)
    assert np.array_equal(labels, theirs.labels_)
    assert weight @ squares == pytest.approx(theirs.inertia_, rel=1e-5)


def test_over_relaxed_iterations_end_in_an_optimum_too() -> None:
    X = noise().astype(np.float32)
    centers, steps = lloyd(X, np.ones(400), X[:7], 300, 1e-9, 1.5)
    assert steps < 300
    labels, _ = nearest(X, centers)
    means = np.array([X[labels == c].mean(axis=0) for c in range(7)])
    np.testing.assert_allclose(centers, means, atol=1e-3)


def test_a_loose_tolerance_stops_early_at_nearly_the_same_inertia() -> None:
    X = noise(3000).astype(np.float32)
    one, few = lloyd(X, np.ones(3000), X[:20], 300, 1e-3)
    two, many = lloyd(X, np.ones(3000), X[:20], 300, 1e-7)
    assert few < many / 2
    inertia = [nearest(X, c)[1].sum() for c in (one, two)]
    assert 1 < inertia[0] / inertia[1] < 1.05


def test_rows_of_weight_0_change_nothing_but_get_labels() -> None:
    X, weight = noise(), np.arange(400) % 3
    model = PooledKMeans(4).fit(X, sample_weight=weight)
    for c, center in enumerate(model.cluster_centers_):
        own = model.labels_ == c
        mean = np.average(X[own], axis=0, weights=weight[own])
        np.testing.assert_allclose(center, mean, atol=0.02)
    assert len(model.labels_) == 400


def test_it_reaches_ten_restarts() -> None:
    """Within 0.5 % on data without clusters, where optima are many."""
    X = noise(2000)
    ten = KMeans(8, n_init=10, random_state=0).fit(X).inertia_
    assert PooledKMeans(8).fit(X).inertia_ < 1.005 * ten


@pytest.mark.parametrize("unit", [1e-300, 1e-100, 1e-8, 1e8, 1e100])
def test_units_and_origin_do_not_matter(unit: float) -> None:
    X = noise()
    one, two = PooledKMeans(5).fit(X), PooledKMeans(5).fit((X + 3) * unit)
    assert np.mean(one.labels_ == two.labels_) > 0.99
    assert two.inertia_ == pytest.approx(one.inertia_ * unit**2, rel=1e-4)


def test_predict_is_the_nearest_centre() -> None:
    X, new = noise(), np.random.default_rng(7).normal(size=(100, 4))
    model = PooledKMeans(5).fit(X)
    assert np.array_equal(model.predict(X), model.labels_)
    assert np.array_equal(
        model.predict(new), pairwise_distances_argmin(new, model.cluster_centers_)
    )


def test_a_pool_of_one_preprocessing_starts_another() -> None:
    X = noise()
    pool = PooledKMeans(5).make_pool(X)
    turned = X @ np.linalg.qr(np.random.default_rng(3).normal(size=(4, 4)))[0]
    one, two = PooledKMeans(5).fit(X, pool=pool), PooledKMeans(5).fit(turned, pool=pool)
    assert one.inertia_ == pytest.approx(two.inertia_, rel=1e-5)


def test_fitting_the_pools_own_rows_again_is_the_same_without_the_checks() -> None:
    X, counts = noise(), np.random.default_rng(4).integers(0, 3, 400)
    pool = PooledKMeans(5).make_pool(X)
    one = PooledKMeans(5).fit(X, sample_weight=counts, pool=pool)
    two = PooledKMeans(5).fit_again(pool, counts)
    assert np.array_equal(one.labels_, two.labels_)
    assert one.inertia_ == two.inertia_
    assert np.array_equal(one.predict(X[:9] + 0.1), two.predict(X[:9] + 0.1))


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.int8, st.tuples(st.integers(6, 30), st.integers(1, 3)), elements=st.integers(0, 2)),
    st.integers(1, 6),
)
def test_few_distinct_rows_still_give_labels(values: np.ndarray, k: int) -> None:
    """More clusters than distinct rows leaves some empty; equal rows stay together."""
    model = PooledKMeans(k, n_pool=2).fit(values.astype(float))
    assert set(model.labels_) <= set(range(k))
    distinct, group = np.unique(values, axis=0, return_inverse=True)
    for g in range(len(distinct)):
        assert len(set(model.labels_[group.ravel() == g])) == 1
    if len(distinct) <= k:
        assert model.inertia_ == pytest.approx(0, abs=1e-6)


def test_iterations_that_do_not_end_are_said(monkeypatch) -> None:
    monkeypatch.setattr("synthcohort.clustering.base.pooled_kmeans._MAX_ITER", 1)
    with pytest.warns(ConvergenceWarning, match="k-means did not converge in 1 iterations"):
        PooledKMeans(8, n_pool=1, tol=0).fit(noise())


@pytest.mark.parametrize(
    ("weight", "message"),
    [([1.0], r"sample_weight.shape"), (-np.ones(400), "Negative values"), ("a", "could not")],
)
def test_bad_weights(weight, message) -> None:
    with pytest.raises(ValueError, match=message):
        PooledKMeans(2).fit(noise(), sample_weight=weight)
