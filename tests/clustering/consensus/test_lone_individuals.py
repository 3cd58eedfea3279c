"""Individuals who are alone in every best partition: by brute force over pairs, and its use."""

import numpy as np
import pytest

from synthcohort.clustering.consensus import lone_individuals as place
from synthcohort.clustering.consensus import sweeps
from synthcohort.clustering.consensus.lone_individuals import loners
from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.clustering.consensus.sweeps import Graph


def one_large_cluster(seed: int, n: int = 240, b: int = 12) -> np.ndarray:
    """Replicates in which nearly everybody is together; some are absent from some."""
    rng = np.random.default_rng(seed)
    kinds = (rng.random((9, b)) < 0.12).astype(np.uint8)
    kinds[8, :3] = 2
    return kinds[rng.integers(0, 9, n)]


def pair_values(graph: Graph, gamma: float) -> np.ndarray:
    """What each two individuals add to the modularity if they are together."""
    labels = graph.labels
    same = (labels[:, None] == labels[None]) & (labels[:, None] < graph.k)
    values = same.sum(axis=2) - gamma / graph.two_m * np.outer(graph.degree, graph.degree)
    np.fill_diagonal(values, -np.inf)
    return values


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_loners_lose_with_everybody_and_others_gain_with_somebody(seed, weighted, monkeypatch):
    monkeypatch.setattr(place, "_FEWEST", 0)
    labels = one_large_cluster(seed)
    rng = np.random.default_rng(seed)
    weight = rng.uniform(0.5, 2, len(labels)) if weighted else np.ones(len(labels), dtype=np.int32)
    graph = Graph(labels, 2, weight)
    gamma = 1.1
    alone = loners(labels, 2, graph.degree, graph.present, gamma / graph.two_m)
    gains = (pair_values(graph, gamma) > 1e-9).any(axis=1)
    assert alone is not None
    assert not gains[alone].any()
    assert weighted or gains[~alone].all()


@pytest.mark.parametrize("seed", range(5))
def test_without_loners_the_search_is_as_good_and_the_modularity_is_that_of_all(seed, monkeypatch):
    labels = one_large_cluster(seed)
    plain = partitions(np.where(labels == 2, -1, labels.astype(int)), [1.0, 1.1])
    monkeypatch.setattr(place, "_FEWEST", 0)
    found = partitions(np.where(labels == 2, -1, labels.astype(int)), [1.0, 1.1])
    graph = Graph(labels, 2, np.ones(len(labels), dtype=np.int32))
    for gamma, one in found.items():
        values = pair_values(graph, gamma)
        together = one.labels[:, None] == one.labels[None]
        np.fill_diagonal(together, False)
        own = gamma * (graph.degree**2).sum() / graph.two_m**2
        assert one.modularity == pytest.approx(values[together].sum() / graph.two_m - own)
        assert one.modularity >= plain[gamma].modularity - 1e-12
    alone = loners(labels, 2, graph.degree, graph.present, 1.1 / graph.two_m)
    sizes = np.bincount(found[1.1].labels)
    assert (sizes[found[1.1].labels[alone]] == 1).all()


@pytest.mark.parametrize("limit", ["_MOST_KINDS", "_FEWEST"])
def test_nobody_is_looked_for_where_it_would_not_pay(limit: str, monkeypatch) -> None:
    monkeypatch.setattr(place, "_FEWEST", 0)
    monkeypatch.setattr(place, limit, 5 if limit == "_MOST_KINDS" else 10_000)
    graph = Graph(one_large_cluster(0), 2, np.ones(240, dtype=np.int32))
    assert loners(graph.labels, 2, graph.degree, graph.present, 1.1 / graph.two_m) is None


def test_where_all_are_alone_nothing_is_swept(monkeypatch) -> None:
    monkeypatch.setattr(place, "_FEWEST", 0)
    monkeypatch.setattr(sweeps._Stack, "settled", lambda _: pytest.fail("swept"))
    graph = Graph(np.zeros((30, 4), dtype=np.uint8), 1, np.ones(30, dtype=np.int32))
    membership = np.zeros(30, dtype=np.int32)
    [value] = graph.sweep([membership], [1.2])
    assert sorted(membership) == list(range(30))
    assert value == pytest.approx(-1.2 / 30)
