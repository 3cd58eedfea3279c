"""Weighted scores against brute force over pairs, repeated rows, and chance."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthcohort import score
from synthcohort.evaluation import METRICS, recovery
from synthcohort.evaluation.metrics.adjusted_agreement import within_ari
from synthcohort.evaluation.metrics.expected_agreement import best_labels, expected_ari

BY_SHARE = ["homogeneity", "completeness", "v_measure", "element_centric", "jaccard"]
"""Metrics of proportions: a weight of 2 is two equal rows."""

CASES = st.integers(3, 30).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 3), min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.integers(1, 4), min_size=n, max_size=n),
    )
)


def numbers(found: pd.Series) -> np.ndarray:
    return found.astype(float).to_numpy()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CASES, st.floats(0.01, 100))
def test_equal_weights_change_nothing(case, factor) -> None:
    labels, truth, _ = case
    exact = [m for m in METRICS if m != "ami"]
    plain = score(labels, truth, exact)
    weighted = score(labels, truth, exact, weight=[factor] * len(truth))
    assert numbers(weighted) == pytest.approx(numbers(plain), abs=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CASES)
def test_a_pair_counts_with_the_product_of_its_weights(case) -> None:
    labels, truth, weight = case
    counts = np.zeros((2, 2))
    for i, j in itertools.combinations(range(len(labels)), 2):
        both = int(labels[i] == labels[j]), int(truth[i] == truth[j])
        counts[both] += weight[i] * weight[j]
    together, everybody = counts[1, 1], counts.sum()
    in_labels, in_truth = counts[1].sum(), counts[:, 1].sum()
    chance = in_labels * in_truth / everybody
    room = (in_labels + in_truth) / 2 - chance
    got = score(labels, truth, ["ari", "fowlkes_mallows"], weight=weight)
    assert got["ari"] == pytest.approx((together - chance) / room if room > 1e-9 else 1.0)
    expected = together / np.sqrt(in_labels * in_truth) if together else 0.0
    assert got["fowlkes_mallows"] == pytest.approx(expected)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CASES)
def test_whole_weights_are_repeated_rows_where_shares_count(case) -> None:
    labels, truth, weight = (np.array(c) for c in case)
    repeated = score(labels.repeat(weight), truth.repeat(weight), BY_SHARE)
    assert numbers(score(labels, truth, BY_SHARE, weight=weight)) == pytest.approx(
        numbers(repeated), abs=1e-9
    )
    one, many = (
        recovery(labels, truth, weight),
        recovery(np.repeat(labels, weight), truth.repeat(weight)),
    )
    assert one["jaccard"].tolist() == pytest.approx(many["jaccard"].tolist())
    assert one["size"].to_numpy() * weight.mean() == pytest.approx(many["size"].to_numpy())


def test_repeated_rows_differ_by_the_pairs_of_a_row_with_itself() -> None:
    """Which are 1 of N: 2,000 people, each twice."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 2000)
    labels = np.where(rng.random(2000) < 0.7, truth, rng.integers(0, 3, 2000))
    weight = rng.integers(1, 4, 2000)
    one = score(labels, truth, ["ari", "ami"], weight=weight)
    many = score(labels.repeat(weight), truth.repeat(weight), ["ari", "ami"])
    assert numbers(one) == pytest.approx(numbers(many), abs=2e-3)
    assert one["ari"] != many["ari"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(CASES, st.randoms(use_true_random=False))
def test_names_order_and_scale_of_weights_do_not_matter(case, random) -> None:
    labels, truth, weight = case
    order = list(range(len(labels)))
    random.shuffle(order)
    moved = score(
        [f"c{9 - labels[i]}" for i in order],
        [truth[i] for i in order],
        weight=[7.5 * weight[i] for i in order],
    )
    there = score(labels, truth, weight=weight)
    exact = [m for m in METRICS if m != "ami"]
    assert numbers(moved[exact]) == pytest.approx(numbers(there[exact]), abs=1e-9)
    same = [[values[i] for i in order] for values in (labels, truth, weight)]
    shuffled = score(same[0], same[1], ["ami"], weight=same[2])
    assert shuffled["ami"] == pytest.approx(there["ami"], abs=1e-9)


def test_ami_of_equal_weights_is_that_without() -> None:
    """Within the error of 30 random orders, 0.0005 here (4 SE)."""
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 5, 2000)
    labels = np.where(rng.random(2000) < 0.5, truth, rng.integers(0, 5, 2000))
    plain = score(labels, truth, ["ami"])["ami"]
    assert score(labels, truth, ["ami"], weight=[3] * 2000)["ami"] == pytest.approx(plain, abs=5e-4)


def test_chance_is_zero_with_very_unequal_weights() -> None:
    """Random labels, 200 times, 200 people in 10 groups: means within 4 SE of 0.

    The weights are worth 60 equal people: what chance gives to 200 equal ones would leave
    the mean AMI at 0.1, a hundred SE away.
    """
    rng = np.random.default_rng(1)
    weight = rng.lognormal(0, 1.1, 200)
    found = []
    for _ in range(200):
        labels, truth = rng.integers(0, 10, (2, 200))
        found.append(numbers(score(labels, truth, ["ari", "ami"], weight=weight)))
    error = np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0)) < 4 * error).all()


def test_nobody_has_no_say() -> None:
    rng = np.random.default_rng(2)
    labels, truth = rng.integers(0, 4, 50), rng.integers(0, 3, 50)
    weight = np.where(labels == 3, 0.0, rng.random(50) + 0.1)
    keep = weight > 0
    assert numbers(score(labels, truth, weight=weight)) == pytest.approx(
        numbers(score(labels[keep], truth[keep], weight=weight[keep]))
    )
    assert score(labels, truth, weight=weight)["n_clusters"] == 3


def test_perfect_stays_perfect() -> None:
    truth = np.repeat([0, 1, 2], 10)
    found = score(2 - truth, truth, weight=np.linspace(0.1, 5, 30))
    assert [found[m] for m in METRICS if m != "n_clusters"] == pytest.approx([1.0] * 8)


def test_within_the_levels_of_another_grouping() -> None:
    rng = np.random.default_rng(3)
    labels, truth, strata = (rng.integers(0, 3, 80) for _ in range(3))
    weight = rng.random(80) + 0.1
    value, total = 0.0, 0.0
    for level in range(3):
        rows = strata == level
        w = weight[rows]
        pairs = w.sum() ** 2 - (w**2).sum()
        value += pairs * score(labels[rows], truth[rows], ["ari"], weight=w)["ari"]
        total += pairs
    assert within_ari(labels, truth, strata, weight) == pytest.approx(value / total)


def test_ceiling_is_in_the_same_currency() -> None:
    """A certain truth has the weighted ARI itself; the best labels then are the truth."""
    rng = np.random.default_rng(4)
    labels, truth = rng.integers(0, 3, 60), rng.integers(0, 3, 60)
    weight = rng.random(60) + 0.1
    certain = np.eye(3)[truth]
    expected = score(labels, truth, ["ari"], weight=weight)["ari"]
    assert expected_ari(labels, certain, weight) == pytest.approx(expected)
    blurred = 0.8 * certain + 0.2 * rng.dirichlet([1, 1, 1], 60)
    ours, unweighted = best_labels(blurred, weight), best_labels(blurred)
    assert expected_ari(ours, blurred, weight) >= expected_ari(unweighted, blurred, weight)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([1, 1], r"got weight of shape \(2,\), allowed: 3 numbers"),
        (["a", "b", "c"], "got weight that are no numbers, allowed: 3 numbers"),
        ([1, -1, 1], "weight: allowed are numbers from 0, not all of them 0"),
        ([1, np.nan, 1], "weight: allowed are numbers from 0"),
        ([1, np.inf, 1], "weight: allowed are numbers from 0"),
        ([0, 0, 0], "not all of them 0"),
        (pd.Series([1, 1, 1], index=[2, 1, 0]), "truth and weight have different indexes"),
    ],
)
def test_wrong_weights(weight, message) -> None:
    with pytest.raises(ValueError, match=message):
        score([0, 1, 1], pd.Series([0, 1, 1]), weight=weight)
