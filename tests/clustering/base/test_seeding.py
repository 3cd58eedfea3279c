"""Greedy k-means++: against scikit-learn's, on planted groups, and on rows that are equal."""

import numpy as np
import pytest
from sklearn.cluster import kmeans_plusplus
from sklearn.metrics import pairwise_distances

from synthcohort.clustering.base.seeding import plus_plus, trials


def seeds(X: np.ndarray, k: int, seed: int) -> np.ndarray:
    uniforms = np.random.default_rng(seed).random((k, trials(k)))
    return plus_plus(np.ascontiguousarray(X.T, dtype=np.float32), uniforms)


def inertia(X: np.ndarray, centers: np.ndarray) -> float:
    return float((pairwise_distances(X, centers).min(axis=1) ** 2).sum())


@pytest.mark.parametrize("k", [2, 8, 30])
def test_starts_are_as_good_as_scikit_learns(k: int) -> None:
    """Mean inertia of 200 starts each, on fixed seeds: within 4 standard errors."""
    X = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    ours = np.array([inertia(X, seeds(X, k, s)) for s in range(200)])
    theirs = np.array([inertia(X, kmeans_plusplus(X, k, random_state=s)[0]) for s in range(200)])
    error = np.sqrt((ours.var() + theirs.var()) / 200)
    assert abs(ours.mean() - theirs.mean()) < 4 * error


def test_groups_far_apart_get_one_each() -> None:
    X = np.repeat(np.eye(5) * 1000, 20, axis=0)
    X = X + np.random.default_rng(0).normal(size=X.shape)
    for seed in range(50):
        assert sorted(seeds(X, 5, seed).argmax(axis=1)) == [0, 1, 2, 3, 4]


def test_centres_are_rows_and_change_with_the_draws() -> None:
    X = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    one, two = seeds(X, 4, 0), seeds(X, 4, 1)
    assert {tuple(c) for c in one} <= {tuple(row) for row in X}
    assert not np.array_equal(one, two)


def test_one_centre_is_any_row_alike() -> None:
    """4,000 draws from 4 rows: chi-squared below 16.3, passed by 99.9 % of fair draws."""
    X = np.arange(4.0)[:, None]
    counts = np.bincount([int(seeds(X, 1, s)[0, 0]) for s in range(4000)], minlength=4)
    assert ((counts - 1000) ** 2 / 1000).sum() < 16.3


def test_equal_rows_do_not_stop_it() -> None:
    assert seeds(np.ones((6, 2)), 3, 0).tolist() == [[1, 1]] * 3


@pytest.mark.parametrize("n", [63, 64, 65, 200])
def test_draws_are_in_proportion_to_squared_distances(n: int) -> None:
    """The second of two centres, one candidate each, by the formula written out."""
    X = np.random.default_rng(n).normal(size=(n, 3)).astype(np.float32)
    for seed in range(20):
        uniforms = np.random.default_rng(seed).random((2, 1))
        first = X[int(uniforms[0, 0] * n)].astype(float)
        heights = ((X.astype(float) - first) ** 2).sum(axis=1).cumsum()
        expected = X[np.searchsorted(heights, uniforms[1, 0] * heights[-1], side="right")]
        centers = plus_plus(np.ascontiguousarray(X.T), uniforms)
        assert np.array_equal(centers, [first, expected])


@pytest.mark.parametrize("n", [65, 130])
def test_of_several_candidates_the_best_is_taken(n: int) -> None:
    X = np.random.default_rng(n).normal(size=(n, 2)).astype(np.float32)
    uniforms = np.random.default_rng(0).random((2, 6))
    uniforms[0] = uniforms[0, 0]  # one first centre for all
    columns = np.ascontiguousarray(X.T)
    alone = [inertia(X, plus_plus(columns, uniforms[:, t : t + 1].copy())) for t in range(6)]
    assert len(set(alone)) > 1
    assert inertia(X, plus_plus(columns, uniforms)) == pytest.approx(min(alone), rel=1e-6)
