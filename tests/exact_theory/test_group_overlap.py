"""Overlap: published figures, closed forms, Monte Carlo."""

import itertools

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import load_iris

from synthcohort import theory
from synthcohort.exact_theory import overlap
from synthcohort.exact_theory.group_overlap import misclassification


def test_iris_as_published() -> None:
    """MixSim's iris example: 0.0230 and 0.0263; average 0.0164, largest 0.0493, SD 0.0285.

    Figures as the FSDA documentation of `overlap` prints them (rosa.unipr.it/FSDA/overlap.html).
    """
    X, y = load_iris(return_X_y=True)
    groups = [(1 / 3, X[y == g].mean(axis=0), np.cov(X[y == g].T)) for g in range(3)]
    w = {
        (i, j): misclassification(*groups[i], *groups[j])
        for i, j in itertools.permutations(range(3), 2)
    }
    assert round(w[1, 2], 4) == 0.0230
    assert round(w[2, 1], 4) == 0.0263
    pairs = [w[i, j] + w[j, i] for i, j in itertools.combinations(range(3), 2)]
    found = [round(float(v), 4) for v in (np.mean(pairs), max(pairs), np.std(pairs, ddof=1))]
    assert found == [0.0164, 0.0493, 0.0285]


@pytest.mark.parametrize("seed", range(4))
def test_monte_carlo(seed: int) -> None:
    """200,000 draws, within 4 SE: 8 tests, under 0.1 % of seeds fail."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet([5, 5])
    means = [rng.normal(size=3), rng.normal(size=3)]
    roots = [rng.normal(size=(3, 3)) + 1.5 * np.eye(3) for _ in range(2)]
    covs = [r @ r.T for r in roots]
    for i, j in ((0, 1), (1, 0)):
        x = rng.multivariate_normal(means[i], covs[i], size=200_000)
        own, other = (
            np.log(p[g]) + stats.multivariate_normal(means[g], covs[g]).logpdf(x) for g in (i, j)
        )
        rate = (own < other).mean()
        exact = misclassification(p[i], means[i], covs[i], p[j], means[j], covs[j])
        assert abs(rate - exact) < 4 * np.sqrt(exact * (1 - exact) / len(x)) + 1e-6


def test_equal_covariances_are_the_limit_of_different_ones() -> None:
    mean, cov = np.array([1.0, 2.0]), np.array([[2.0, 0.5], [0.5, 1.0]])
    equal = misclassification(0.7, np.zeros(2), cov, 0.3, mean, cov)
    nearly = misclassification(0.7, np.zeros(2), cov, 0.3, mean, cov * (1 + 1e-7))
    assert equal == pytest.approx(nearly, abs=1e-6)


def test_groups_of_equal_distribution_overlap_wholly() -> None:
    found = overlap("trap_one_cluster", "sex")
    assert found.matrix.loc["male", "female"] == 1.0  # the larger group takes everybody
    assert found.matrix.loc["female", "male"] == 0.0
    assert found.maximum == 1.0


def test_exact_scene_needs_no_simulation() -> None:
    found = theory("trap_equal_means").overlap("type")
    assert (found.standard_error.to_numpy() == 0).all()
    assert found.average == found.maximum
    assert 0.1 < found.maximum < 0.4


def test_a_mixture_is_integrated_with_its_error() -> None:
    found = overlap("haalsi_example", "sex")
    assert 0 < found.standard_error.loc["male", "female"] < 0.002
    assert found.maximum == pytest.approx(0.031, abs=0.006)


def test_unknown_group() -> None:
    with pytest.raises(ValueError, match="got the group 'regoin', allowed: region, sex"):
        overlap("haalsi_example", "regoin")
