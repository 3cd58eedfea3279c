"""Reference data sets keep what they promise, exactly, and the test against them is calibrated."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest, spearmanr

from synthcohort import generate
from synthcohort.clustering.reference_data import (
    copula_reference,
    gaussian_reference,
    normal_scores,
)
from synthcohort.evaluation.metrics.compactness import within_share
from synthcohort.evaluation.null_test.statistic import null_test


@pytest.fixture(scope="module")
def X() -> pd.DataFrame:
    return generate("planted_profiles", size=800).X


def scores(X: pd.DataFrame, seed: int = 0) -> np.ndarray:
    return normal_scores(*X.shape, np.random.default_rng(seed))


def test_normal_scores_are_white_and_normal(X) -> None:
    """Of 16 columns the smallest Kolmogorov-Smirnov p-value, Bonferroni at 1e-4."""
    normal = scores(X)
    assert np.allclose(normal.mean(axis=0), 0, atol=1e-12)
    assert np.allclose(normal.T @ normal / len(X), np.eye(X.shape[1]), atol=1e-10)
    assert min(kstest(column, "norm").pvalue for column in normal.T) > 1e-4 / 16


def test_fewer_individuals_than_columns() -> None:
    assert np.isfinite(normal_scores(3, 5, np.random.default_rng(0))).all()


def test_a_gaussian_reference_has_the_means_and_covariances_of_the_data(X) -> None:
    reference = gaussian_reference(X, scores(X))
    assert np.allclose(reference.mean(), X.mean())
    assert np.allclose(
        np.corrcoef(reference, rowvar=False), np.corrcoef(X, rowvar=False), atol=1e-8
    )
    assert np.allclose(reference.std(), X.std())
    assert abs(np.corrcoef(reference["Weight"], X["Weight"])[0, 1]) < 4 / np.sqrt(len(X))


def test_a_copula_reference_has_the_values_and_rank_correlations_of_the_data(X) -> None:
    """Rank correlations within 0.03: the sample's own, not those of a second sample."""
    reference = copula_reference(X, scores(X))
    for column in X:
        assert np.array_equal(np.sort(reference[column]), np.sort(X[column]))
    assert np.abs(spearmanr(X).statistic - spearmanr(reference).statistic).max() < 0.03


@pytest.mark.parametrize("make", [copula_reference, gaussian_reference])
def test_constant_and_dependent_columns_stay_so(make) -> None:
    a = np.random.default_rng(1).normal(size=60)
    X = pd.DataFrame({"zero": 0.0, "seven": 7.0, "a": a, "double": 2 * a}, index=range(5, 65))
    reference = make(X, scores(X))
    assert (reference["zero"] == 0).all()
    assert (reference["seven"] == 7).all()
    assert np.allclose(reference["double"], 2 * reference["a"], atol=1e-6)
    assert reference.index.equals(X.index)


def test_one_column() -> None:
    X = pd.DataFrame({"a": np.arange(30.0)})
    assert np.isclose(gaussian_reference(X, scores(X))["a"].std(), X["a"].std())
    assert sorted(copula_reference(X, scores(X))["a"]) == list(range(30))


def test_the_test_against_gaussian_references_is_exact_for_normal_data() -> None:
    """1,000 data sets of correlated normals, 19 reference data sets: rejects in 5 %, within 4 SE.

    The measure, variance within the two halves along one axis, depends on the covariances,
    so references with those of a second sample would scatter more than the data.
    """
    rng = np.random.default_rng(0)
    root = np.linalg.cholesky(np.array([[1, 0.8, 0.5], [0.8, 1, 0.2], [0.5, 0.2, 1]]))

    def measure(X: np.ndarray) -> float:
        return within_share(X, (X[:, :1] > X[:, 0].mean()).astype(int))

    rejected = 0
    for _ in range(1000):
        X = pd.DataFrame(rng.normal(size=(25, 3)) @ root.T)
        references = [
            gaussian_reference(X, normal_scores(25, 3, rng)).to_numpy() for _ in range(19)
        ]
        values = np.array([[measure(data)] for data in (X.to_numpy(), *references)])
        rejected += null_test(values, 1e-9).p_value <= 0.05
    assert abs(rejected / 1000 - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 1000)
