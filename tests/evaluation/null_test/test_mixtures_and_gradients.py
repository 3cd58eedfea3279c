"""Mixtures as scikit-learn fits them, gradients as they were planted, columns with peaks."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture
from tests.evaluation.null_test import shapes_drawn

from synthcohort.clustering.reference_data import whitened
from synthcohort.evaluation.null_test.explanations import explain
from synthcohort.evaluation.null_test.mixture_fits import one_more, soft
from synthcohort.evaluation.null_test.mixture_kernels import fit_full, fit_tied
from synthcohort.evaluation.null_test.peaks_of_columns import peaks_of
from synthcohort.evaluation.null_test.separation import seen_from, two_group_divergence


def white_groups(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    means = [[0] * 8, [1.9] * 4 + [0] * 4]
    X, g = shapes_drawn.grouped(np.random.default_rng(seed), 600, [0.5, 0.5], means)
    return whitened(X), g


@pytest.mark.parametrize(("fit", "kind"), [(fit_tied, "tied"), (fit_full, "full")])
def test_the_gain_is_that_of_scikit_learns_mixtures(fit, kind) -> None:
    """From the same start; the floors of variances differ, by less than 2 %."""
    Y, g = white_groups()
    shares = soft(g > 0)
    gain = fit(Y, shares, 300, 1e-6)
    means = np.stack([Y[g == k].mean(axis=0) for k in (0, 1)])
    theirs = GaussianMixture(2, covariance_type=kind, means_init=means, tol=1e-7, max_iter=500)
    one = GaussianMixture(1).fit(Y)
    expected = (theirs.fit(Y).score(Y) - one.score(Y)) * len(Y)
    assert gain == pytest.approx(expected, rel=0.02, abs=0.5)
    assert np.allclose(shares.sum(axis=1), 1)
    assert (shares.argmax(axis=1) == g).mean() > 0.9


def test_a_component_that_is_too_small_gains_nothing() -> None:
    Y, _ = white_groups()
    alone = np.zeros(len(Y), dtype=bool)
    alone[0] = True
    hard = np.where(alone[:, None], [0.0, 1.0], [1.0, 0.0])
    assert fit_tied(Y, hard.copy(), 10, 0.01) == -np.inf
    assert fit_full(Y, hard.copy(), 10, 0.01) == -np.inf


def test_one_more_component_splits_each() -> None:
    Y, g = white_groups()
    starts = one_more(Y, soft(g > 0))
    assert [s.shape for s in starts] == [(600, 3)] * 2
    assert all(np.allclose(s.sum(axis=1), 1) for s in starts)


@pytest.mark.parametrize(
    ("shape", "groups"),
    [
        (shapes_drawn.banana, False),
        (shapes_drawn.half_arc, False),
        (shapes_drawn.fan, False),
        (shapes_drawn.two_in_four_columns, True),
        (shapes_drawn.equal_means, True),
    ],
)
def test_groups_and_gradients_are_told_apart(shape, groups) -> None:
    X = shape(np.random.default_rng(5), 500)
    found = explain(X, np.random.default_rng(0))
    assert (found.groups > found.gradient + 2) == groups
    assert max(found.groups, found.gradient) > 10


def test_the_unit_of_a_column_changes_no_explanation() -> None:
    X = shapes_drawn.three_unequal(np.random.default_rng(1), 300)
    one = explain(X, np.random.default_rng(0))
    other = explain(X * [1, 10, 1e4, 1, 1e-3, 1, 1] + 7, np.random.default_rng(0))
    assert one.groups - one.gradient == pytest.approx(other.groups - other.gradient, abs=0.01)


def test_peaks_of_columns() -> None:
    """Two peaks are far from one; heaps, ties at a limit and levels are no peaks."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(800)
    two = peaks_of(np.where(rng.random(800) < 0.5, x, x + 5))
    flat = [two.flat(rng) for _ in range(200)]
    assert two.own > 2 * max(flat)
    heaps = 130 + 18 * x
    heaps = np.where(rng.random(800) < 0.5, 10 * np.round(heaps / 10), np.round(heaps))
    for one in (x, np.exp(x), rng.random(800), heaps, np.maximum(np.exp(x), 0.8)):
        assert peaks_of(one).own < np.quantile(flat, 0.99)
    assert peaks_of(np.round(x)) is None
    assert peaks_of(np.zeros(800)) is None
    assert peaks_of(x[:30]) is None


def test_the_separation_that_is_seen_falls_with_size() -> None:
    found = [seen_from(n, 15.0, 4.0) for n in (50, 200, 1000, 5000)]
    assert found == sorted(found, reverse=True)
    assert seen_from(10, 1e6, 0.0) == 10
    # Far apart, a mixture of two is log 2 short of one normal of each group.
    far = two_group_divergence(np.array([9.0]))[0]
    assert far == pytest.approx(0.5 * np.log(1 + 81 / 4) - np.log(2), abs=1e-3)
