"""References without groups have the margins, ties, correlations and tails of the data."""

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from synthcohort.clustering.reference_data import fit_copula, normal_ranks, whitened
from synthcohort.clustering.reference_data.polychoric import latent_correlation


def pair(r: float, n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).multivariate_normal([0, 0], [[1, r], [r, 1]], n)


def cut(z: np.ndarray, shares: list[float]) -> np.ndarray:
    return np.searchsorted(norm.ppf(np.cumsum(shares)[:-1]), z).astype(float)


@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.9, 0.1], [0.2, 0.5, 0.3]])
@pytest.mark.parametrize("r", [-0.6, 0.0, 0.8])
def test_the_correlation_behind_levels_is_recovered(shares, r) -> None:
    """Of 40,000 pairs, within 0.03: more than 3 standard errors of the rarest cut."""
    z = pair(r, 40_000)
    X = np.column_stack([cut(z[:, 0], shares), z[:, 1]])
    assert abs(latent_correlation(X)[0, 1] - r) < 0.03
    both = np.column_stack([cut(z[:, 0], shares), cut(z[:, 1], [0.4, 0.6])])
    assert abs(latent_correlation(both)[0, 1] - r) < 0.05


def test_references_keep_rank_correlations_after_ties() -> None:
    """The plain fault of Pearson's formula: ties made them weaker, 0.29 for 0.38.

    Mean of 30 references with five yes/no columns of one factor, within 0.02.
    """
    rng = np.random.default_rng(1)
    z = 0.75 * rng.standard_normal((800, 1)) + 0.66 * rng.standard_normal((800, 5))
    X = (z > 0.3).astype(float)
    copula = fit_copula(X, rng)
    drawn = [spearmanr(copula.draw(rng)).statistic for _ in range(30)]
    assert np.abs(np.mean(drawn, axis=0) - spearmanr(X).statistic).max() < 0.02


def test_references_have_exactly_the_values_of_every_column() -> None:
    rng = np.random.default_rng(2)
    X = np.column_stack([pair(0.5, 300), rng.integers(3, size=300)])
    drawn = fit_copula(X, rng).draw(rng)
    assert np.array_equal(np.sort(drawn, axis=0), np.sort(X, axis=0))
    assert (drawn != X).any(axis=1).mean() > 0.9


def test_tails_are_those_of_the_data() -> None:
    rng = np.random.default_rng(3)
    Z = rng.standard_normal((1500, 5))
    t4 = Z / np.sqrt(rng.chisquare(4, (1500, 1)) / 4)
    assert 3 < fit_copula(t4, rng).degrees < 5.5
    assert fit_copula(Z, rng).degrees > 20
    assert fit_copula(rng.random((1500, 5)), rng).degrees > 20


def test_constant_and_dependent_columns() -> None:
    rng = np.random.default_rng(4)
    a = rng.standard_normal(60)
    X = np.column_stack([np.zeros(60), a, 2 * a])
    drawn = fit_copula(X, rng).draw(rng)
    assert (drawn[:, 0] == 0).all()
    assert np.isfinite(latent_correlation(X)).all()
    assert spearmanr(drawn[:, 1], drawn[:, 2]).statistic > 0.99


def test_white_scores() -> None:
    """Ties are broken, and a column that others determine leaves no direction."""
    rng = np.random.default_rng(5)
    X = rng.integers(4, size=(500, 3)).astype(float)
    Z = normal_ranks(X, rng)
    assert all(len(np.unique(z)) == 500 for z in Z.T)
    assert (np.diff(Z[np.argsort(X[:, 0], kind="stable"), 0]) < 0).any()
    assert Z[X[:, 0] == 0, 0].max() < Z[X[:, 0] == 1, 0].min()
    twice = np.column_stack([Z, Z[:, 0] + Z[:, 1]])
    Y = whitened(twice)
    assert Y.shape == (500, 3)
    assert np.allclose(Y.T @ Y / 500, np.eye(3))
    assert whitened(twice, 2).shape == (500, 2)
