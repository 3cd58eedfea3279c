"""Scores against brute force, and their invariances."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthcohort import score
from synthcohort.evaluation import METRICS, recovery
from synthcohort.evaluation.metrics.contingency import Contingency

PARTITIONS = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(st.integers(0, 3), min_size=n, max_size=n),
    )
)


def pairs(labels, truth):
    """Pairs that are together in both, in labels only, in truth only, in neither."""
    counts = np.zeros((2, 2))
    for i, j in itertools.combinations(range(len(labels)), 2):
        counts[int(labels[i] == labels[j]), int(truth[i] == truth[j])] += 1
    return counts


@settings(max_examples=100, deadline=None, derandomize=True)
@given(PARTITIONS)
def test_pair_counting(both) -> None:
    labels, truth = both
    got = score(labels, truth)
    (neither, only_truth), (only_labels, together) = pairs(labels, truth)
    top = 2 * (together * neither - only_labels * only_truth)
    bottom = (together + only_truth) * (only_truth + neither)
    bottom += (together + only_labels) * (only_labels + neither)
    assert got["ari"] == pytest.approx(top / bottom if bottom else 1.0)
    expected = (
        together / math.sqrt((together + only_labels) * (together + only_truth)) if together else 0
    )
    assert got["fowlkes_mallows"] == pytest.approx(expected)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(PARTITIONS)
def test_element_centric_from_its_definition(both) -> None:
    """Gates et al. 2019, equation 3: 1 - |p_A - p_B| / (2 alpha), with alpha = 0.9."""
    labels, truth = np.array(both[0]), np.array(both[1])
    alpha, n = 0.9, len(labels)

    def affinity(values):
        same = values[:, None] == values[None, :]
        return alpha * same / same.sum(axis=1, keepdims=True) + (1 - alpha) * np.eye(n)

    distance = np.abs(affinity(labels) - affinity(truth)).sum(axis=1)
    expected = (1 - distance / (2 * alpha)).mean()
    assert score(labels, truth)["element_centric"] == pytest.approx(expected)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(PARTITIONS)
def test_best_match_jaccard_by_sets(both) -> None:
    labels, truth = both
    members = [
        [{i for i, v in enumerate(values) if v == level} for level in sorted(set(values))]
        for values in (labels, truth)
    ]
    best = [max(len(t & c) / len(t | c) for c in members[0]) for t in members[1]]
    table = recovery(labels, truth)
    assert table["jaccard"].tolist() == pytest.approx(best)
    assert table["size"].tolist() == [len(t) for t in members[1]]
    assert score(labels, truth)["jaccard"] == pytest.approx(np.mean(best))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(PARTITIONS, st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(both, random) -> None:
    labels, truth = both
    order = list(range(len(labels)))
    random.shuffle(order)
    renamed = [f"cluster {9 - labels[i]}" for i in order]
    moved = pd.Series([truth[i] for i in order]).astype("category")
    a, b = score(labels, truth), score(renamed, moved)
    assert a.astype(float).to_numpy() == pytest.approx(b.astype(float).to_numpy())


def test_perfect_and_chance() -> None:
    """Chance: 20,000 random labels give ARI and AMI of 0 within 0.002 (SD about 0.0002)."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 20_000)
    perfect = score(truth + 1, truth)
    assert perfect["n_clusters"] == 4
    assert [perfect[m] for m in METRICS if m != "n_clusters"] == pytest.approx([1.0] * 8)
    chance = score(rng.integers(0, 4, 20_000), truth)
    assert abs(chance["ari"]) < 0.002
    assert abs(chance["ami"]) < 0.002


@pytest.mark.parametrize("metric", sorted(set(METRICS) - {"ami", "n_clusters"}))
def test_a_billion_people_score_as_ten_thousand_do(metric: str) -> None:
    """Products of numbers of pairs pass 64 bits. (The loop of AMI's chance is as long as N.)"""
    few = np.array([[4000, 1000], [500, 4500]])
    one, other = (Contingency.counted(t, t, [0, 1], [0, 1]) for t in (few, few * 10**5))
    assert METRICS[metric](other) == pytest.approx(METRICS[metric](one), abs=2e-4)


@pytest.mark.parametrize(
    ("labels", "truth", "message"),
    [
        ([0, 1], [0, 1, 1], "got 2 labels for 3 individuals"),
        ([], [], "labels is empty"),
        ([0, None], [0, 1], "labels has 1 missing values"),
        (pd.Series([0, 1]), pd.Series([0, 1], index=[1, 0]), "different indexes"),
    ],
)
def test_wrong_input(labels, truth, message) -> None:
    with pytest.raises(ValueError, match=message):
        score(labels, truth)


def test_unknown_metric() -> None:
    with pytest.raises(ValueError, match="did you mean 'ari'"):
        score([0, 1], [0, 1], metrics=["arii"])
