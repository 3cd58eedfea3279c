"""The test against null twins, agreement between partitions, and the choice."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import adjusted_rand_score

from synthcohort import generate
from synthcohort.clustering.null_data import copula_twin
from synthcohort.clustering.pairs import pac
from synthcohort.evaluation.agreement import pairwise_ari
from synthcohort.evaluation.choice import choose
from synthcohort.evaluation.null_test import null_test


def test_agreement_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    labels = np.column_stack([rng.integers(k, size=200) for k in (1, 2, 3, 7)])
    labels = np.column_stack([labels, labels[:, 2]])
    found = pairwise_ari(labels)
    for i in range(5):
        for j in range(5):
            assert found[i, j] == pytest.approx(adjusted_rand_score(labels[:, i], labels[:, j]))


def test_error_rate_of_the_test() -> None:
    """Exchangeable data, 19 twins, 6 settings: rejects in 5 % of 1,000 data sets, 4 SE."""
    rng = np.random.default_rng(0)
    p = [null_test(rng.normal(size=(20, 6)), 1e-9).p_value for _ in range(1000)]
    assert abs(np.mean(np.array(p) <= 0.05) - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 1000)


def test_pac_by_hand() -> None:
    assert pac(np.array([0.05, 0.2, 0.5, 0.95])) == 0.5


def test_a_twin_keeps_what_it_promises() -> None:
    """Rank correlations of 5,000 individuals within 0.07, about 4 SE."""
    X = generate("planted_profiles", size=5000).X
    twin = copula_twin(X, np.random.default_rng(0))
    for column in X:
        assert np.array_equal(np.sort(twin[column]), np.sort(X[column]))
    assert np.abs(spearmanr(X).statistic - spearmanr(twin).statistic).max() < 0.07


def test_a_twin_of_constant_columns() -> None:
    X = pd.DataFrame({"a": [1.0, 1.0, 1.0], "b": [1.0, 2.0, 3.0]})
    assert (copula_twin(X, np.random.default_rng(0))["a"] == 1.0).all()


def labels_and_settings() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(0)
    truth = np.arange(300) % 3
    noisy = np.where(rng.random(300) < 0.1, rng.integers(3, size=300), truth)
    labels = pd.DataFrame({"a1": truth, "a2": noisy, "a3": noisy[::-1] * 0, "b1": noisy})
    for name in ("c1", "c2", "c3"):
        labels[name] = rng.integers(4, size=300)
    settings = pd.DataFrame({"analysis": list("aaabccc")}, index=list(labels))
    settings["z"] = [-4.0, -4.0, -9.0, -0.5, -5.0, -5.0, -5.0]
    return labels, settings


def test_the_choice_agrees_with_the_others_of_its_analysis() -> None:
    labels, settings = labels_and_settings()
    choice = choose(labels, settings, 0.05)
    assert choice.partition in ("a1", "a2")
    assert choice.evidence == 4.0
    assert 0.8 < choice.agreement <= 1


def test_no_clusters_where_the_test_says_so() -> None:
    labels, settings = labels_and_settings()
    choice = choose(labels, settings, 0.1)
    assert choice.partition is None
    assert choice.p_value == 0.1
    one = choose(labels[["a3"]], settings.loc[["a3"]], 0.05)
    assert one.partition is None
