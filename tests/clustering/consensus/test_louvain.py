"""Louvain's moves on a matrix, numbers of communities, and the Rand index of two partitions."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from synthcohort.clustering.consensus.louvain_moves import (
    communities_graph,
    louvain,
    move_nodes,
)
from synthcohort.clustering.consensus.numbering import by_size, without_gaps
from synthcohort.clustering.rand_index import adjusted_rand


def graph(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    weights = rng.random((n, n))
    weights = weights + weights.T
    np.fill_diagonal(weights, 0.0)
    return weights, weights.sum(axis=1) + rng.random(n)


def value(weights: np.ndarray, strength: np.ndarray, share: float, labels: np.ndarray) -> float:
    gain = weights - share * np.outer(strength, strength)
    np.fill_diagonal(gain, 0.0)
    return float(gain[labels[:, None] == labels[None]].sum())


@pytest.mark.parametrize("initial", ["alone", "together", "some"])
def test_moves_tell_the_sum_before_and_after(initial: str) -> None:
    weights, strength = graph(30, 0)
    rng = np.random.default_rng(1)
    share = 1.0 / strength.sum()
    starts = {"alone": np.arange(30), "together": np.zeros(30), "some": rng.integers(0, 4, 30)}
    membership = without_gaps(starts[initial].astype(np.int32))
    first = membership.copy()
    before, after = move_nodes(weights, strength, share, membership, rng.permutation(30))
    assert before == pytest.approx(value(weights, strength, share, first), rel=1e-12)
    assert after == pytest.approx(value(weights, strength, share, membership), rel=1e-12)
    assert after >= before


@pytest.mark.parametrize("seed", range(3))
def test_louvain_returns_the_sum_of_its_partition(seed: int) -> None:
    weights, strength = graph(40, seed)
    share = 1.02 / strength.sum()
    rng = np.random.default_rng(seed)
    found, membership = louvain(weights, strength, share, np.arange(40, dtype=np.int32), rng)
    assert found == pytest.approx(value(weights, strength, share, membership), rel=1e-10)


def test_the_graph_of_communities_adds_up_links() -> None:
    weights, strength = graph(12, 3)
    membership = np.array([0, 1, 2, 0, 1, 2, 2, 2, 1, 0, 3, 1], dtype=np.int32)
    between, total = communities_graph(weights, strength, membership)
    for a in range(4):
        assert total[a] == pytest.approx(strength[membership == a].sum())
        for b in range(4):
            links = weights[np.ix_(membership == a, membership == b)].sum()
            assert between[a, b] == pytest.approx(0.0 if a == b else links)


@pytest.mark.parametrize("scale", [1, 1_000_000])
def test_numbers_of_communities(scale: int) -> None:
    membership = np.array([7, 2, 2, 9, 7, 0]) * scale
    assert without_gaps(membership).tolist() == [2, 1, 1, 3, 2, 0]
    assert by_size(membership).tolist() == [0, 1, 1, 2, 0, 3]


@pytest.mark.parametrize("clusters", [1, 2, 40, 300])
def test_the_rand_index_is_that_of_scikit_learn(clusters: int) -> None:
    rng = np.random.default_rng(clusters)
    one, other = rng.integers(0, clusters, 300), rng.integers(0, 3, 300)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(one, one) == 1.0
