"""The search for partitions: against igraph, brute force, and itself in other forms."""

from collections.abc import Iterator

import igraph
import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from tests.clustering.consensus.dense_graph import dense_leiden

from synthcohort import BootstrapClustering
from synthcohort.clustering.consensus.louvain_moves import louvain
from synthcohort.clustering.consensus.micro_groups import embed, piece_graph, pieces_of
from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.clustering.consensus.search import Search
from synthcohort.clustering.consensus.sweeps import Graph

RESOLUTIONS = [0.3, 0.6, 0.9, 1.0, 1.1]


def noisy(n: int, b: int, k: int, seed: int, keep: float = 0.7) -> np.ndarray:
    """Labels that follow k planted groups with a given probability."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    labels = np.where(rng.random((n, b)) < keep, truth[:, None], rng.integers(0, k, (n, b)))
    return labels.astype(np.uint8)


def all_partitions(n: int) -> Iterator[np.ndarray]:
    """Every partition of n individuals, as restricted growth strings."""

    def grow(start: list[int]) -> Iterator[np.ndarray]:
        if len(start) == n:
            yield np.array(start, dtype=np.int32)
            return
        for c in range(max(start) + 2):
            yield from grow([*start, c])

    yield from grow([0])


@pytest.mark.parametrize("weighted", [False, True])
def test_sweep_returns_the_modularity_that_igraph_computes(weighted: bool) -> None:
    rng = np.random.default_rng(0)
    labels = noisy(40, 9, 4, 0)
    weight = rng.integers(1, 5, 40).astype(float) if weighted else np.ones(40, dtype=np.int32)
    graph = Graph(labels, 4, weight)
    memberships = [rng.integers(0, 5, 40).astype(np.int32) for _ in RESOLUTIONS]
    values = graph.sweep(memberships, RESOLUTIONS)
    # A person of weight w is w people, who are together with each other too.
    people = np.repeat(np.arange(40), weight.astype(int))
    n = len(people)
    A = (labels[people][:, None] == labels[people][None]).mean(axis=2)
    for i in range(40):
        A[np.ix_(people == i, people == i)] = 0
    full = igraph.Graph.Full(n)
    for gamma, membership, value in zip(RESOLUTIONS, memberships, values, strict=True):
        expected = full.modularity(
            membership[people].tolist(), weights=A[np.triu_indices(n, 1)], resolution=gamma
        )
        assert value == pytest.approx(expected, abs=1e-10)


def test_after_a_sweep_no_single_move_gains() -> None:
    labels = noisy(60, 8, 4, 1, keep=0.4)
    one = np.ones(60, dtype=np.int32)
    graph = Graph(labels, 4, one)
    graph = Graph(labels, 4, one)
    membership = np.random.default_rng(2).integers(0, 6, 60).astype(np.int32)
    (value,) = graph.sweep([membership], [1.0])
    for i in range(60):
        for c in range(membership.max() + 2):
            other = membership.copy()
            other[i] = c
            assert graph.modularity(other, 1.0) <= value + 1e-12


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("gamma", [0.7, 1.0, 1.3])
def test_reaches_the_optimum_over_all_partitions(seed: int, gamma: float) -> None:
    labels = noisy(8, 5, 3, seed, keep=0.4)
    one = np.ones(8, dtype=np.int32)
    graph = Graph(labels, 3, one)
    best = max(graph.modularity(m, gamma) for m in all_partitions(8))
    assert partitions(labels, [gamma])[gamma].modularity == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize(("k", "keep"), [(3, 0.0), (8, 0.3), (25, 0.5)])
def test_never_below_leiden_on_the_dense_graph(k: int, keep: float) -> None:
    for seed in range(2):
        labels = noisy(250, 20, k, seed, keep)
        reference = dense_leiden(labels, RESOLUTIONS)
        for gamma, found in partitions(labels, RESOLUTIONS).items():
            assert found.modularity >= reference[gamma] - 1e-6


def test_order_of_rows_and_names_of_base_clusters_do_not_matter() -> None:
    labels = noisy(200, 15, 5, 3)
    rng = np.random.default_rng(4)
    order = rng.permutation(200)
    renamed = np.column_stack([rng.permutation(5)[column] for column in labels.T])
    one = partitions(labels, [1.0])[1.0]
    for rows, other in ((order, labels), (np.arange(200), renamed)):
        two = partitions(other[rows], [1.0])[1.0]
        assert two.modularity == pytest.approx(one.modularity, abs=1e-9)
        assert adjusted_rand_score(one.labels[rows], two.labels) == 1.0


def test_a_memory_map_and_threads_give_the_same(tmp_path) -> None:
    labels = noisy(2500, 8, 3, 5, keep=0.6)
    np.save(tmp_path / "labels.npy", labels)
    kept = np.load(tmp_path / "labels.npy", mmap_mode="r")
    one = partitions(labels, [0.8, 1.1])
    two = partitions(kept, [0.8, 1.1], n_jobs=2)
    for gamma, found in one.items():
        assert found.modularity == two[gamma].modularity
        assert np.array_equal(found.labels, two[gamma].labels)


def test_a_large_input_is_searched_on_a_sample_and_still_settles(monkeypatch) -> None:
    monkeypatch.setattr("synthcohort.clustering.consensus.modularity._ROWS", 150)
    monkeypatch.setattr("synthcohort.clustering.consensus.modularity._COLUMNS", 20)
    labels = noisy(600, 40, 4, 6, keep=0.4)
    reference = dense_leiden(labels, [1.0])
    assert partitions(labels, [1.0])[1.0].modularity >= reference[1.0] - 1e-6


def test_starts_that_agree_say_so_and_noise_says_that_they_do_not() -> None:
    clear = partitions(noisy(300, 20, 3, 7), [1.0], starts=3)[1.0]
    assert (clear.n_starts, clear.reached_best, clear.agreement) == (3, 1.0, 1.0)
    noise = partitions(noisy(300, 20, 8, 8, keep=0.0), [1.0], starts=3)[1.0]
    assert noise.reached_best < 1.0
    assert noise.agreement < 0.9


def test_more_starts_are_never_worse() -> None:
    labels = noisy(300, 20, 8, 9, keep=0.0)
    few, many = (partitions(labels, [1.0], starts=n)[1.0] for n in (1, 8))
    assert many.modularity >= few.modularity - 1e-9


def test_no_starts() -> None:
    with pytest.raises(ValueError, match="got starts=0, allowed: 1 or more"):
        partitions(noisy(9, 3, 2, 0), [1.0], starts=0)
    with pytest.raises(ValueError, match="got starts=0, allowed: 1 or more"):
        BootstrapClustering(n_bootstraps=2, starts=0).fit(np.arange(20.0)[:, None])


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (2, 1), (3, 2)])
def test_few_individuals_and_replicates(shape: tuple[int, int]) -> None:
    for labels in (np.zeros(shape, dtype=np.uint8), np.full(shape, -1)):
        found = partitions(labels, [0.5, 1.0, 2.0])
        assert all(len(one.labels) == shape[0] for one in found.values())


def test_the_graph_of_pieces_adds_up_the_pairs() -> None:
    labels = noisy(30, 6, 3, 10)
    graph = Graph(labels, 3, np.ones(30, dtype=np.int32))
    pieces = np.random.default_rng(0).integers(0, 5, 30).astype(np.int32)
    weights, strength = piece_graph(graph, pieces)
    pairs = (labels[:, None] == labels[None]).sum(axis=2)
    for p in range(5):
        assert strength[p] == (pairs.sum(axis=1) - 6)[pieces == p].sum()
        for q in range(5):
            expected = 0 if p == q else pairs[np.ix_(pieces == p, pieces == q)].sum()
            assert weights[p, q] == expected


def test_louvain_finds_two_cliques() -> None:
    weights = np.kron(np.eye(2), np.ones((4, 4))) + 0.01
    np.fill_diagonal(weights, 0)
    strength = weights.sum(axis=1)
    share = 1 / strength.sum()
    alone = np.arange(8, dtype=np.int32)
    value, membership = louvain(weights, strength, share, alone, np.random.default_rng(0))
    assert membership.tolist() in ([0] * 4 + [1] * 4, [1] * 4 + [0] * 4)
    same = membership[:, None] == membership[None]
    np.fill_diagonal(same, False)
    assert value == pytest.approx(((weights - share * np.outer(strength, strength)) * same).sum())


def test_equal_rows_are_embedded_equally_and_pieces_are_intersections() -> None:
    labels = np.repeat(noisy(20, 7, 3, 11), 2, axis=0)
    coordinates = embed(labels, 3, np.random.default_rng(0))
    assert np.array_equal(coordinates[::2], coordinates[1::2])
    first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 0])
    assert pieces_of([first, second], 9).tolist() == [0, 1, 2, 2]
    assert pieces_of([first, second], 2).tolist() == [0, 0, 1, 1]


def test_a_resolution_on_which_all_starts_agree_is_not_searched_again(monkeypatch) -> None:
    searched: list[list[int]] = []
    shake = Search._shake

    def shaken(self: Search, step: int, doubtful: list[int]) -> None:
        searched.append(list(doubtful))
        shake(self, step, doubtful)

    monkeypatch.setattr(Search, "_shake", shaken)
    partitions(noisy(300, 20, 3, 7), [0.9, 1.0])
    assert searched == []
    partitions(noisy(300, 20, 3, 7), [0.9, 1.0], starts=1)  # alone, a start proves nothing
    assert searched[0] == [0, 1]
    searched.clear()
    partitions(noisy(300, 20, 8, 8, keep=0.0), [0.01, 1.0])
    assert searched
    assert all(places == [1] for places in searched)
