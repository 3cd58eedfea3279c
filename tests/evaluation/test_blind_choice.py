"""The test against null twins, agreement between partitions, and the choice."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from synthcohort.clustering.consensus.sampled_pairs import pac
from synthcohort.evaluation.blind_choice import choose, told_apart
from synthcohort.evaluation.metrics.compactness import within_share
from synthcohort.evaluation.metrics.pairwise_agreement import pairwise_ari
from synthcohort.evaluation.null_test.statistic import (
    null_test,
    p_values,
    redrawn_z,
    relative_index,
)


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


def test_p_values_by_rank() -> None:
    values = np.array([[1.0, 5.0, np.nan], [2.0, 1.0, 1.0], [3.0, 2.0, 2.0], [4.0, np.nan, 3.0]])
    assert p_values(values)[:2].tolist() == [0.25, 0.75]
    assert np.isnan(p_values(values)[2])


def test_relative_index_is_zero_for_a_twin() -> None:
    pac_of = np.array([0.2, 0.0, 0.02])
    assert relative_index(pac_of, np.array([0.2, 0.0, 0.2]), 1e-4).round(9).tolist() == [0, 0, 1]


def test_redrawn_z_scatters_around_z() -> None:
    rng = np.random.default_rng(0)
    values = np.vstack([[-3.0, 0.0], rng.normal(size=(40, 2))])
    z = redrawn_z(values, 1e-9, 500, rng)
    assert z.shape == (500, 2)
    assert np.abs(z.mean(axis=0) - null_test(values, 1e-9).z).max() < 0.3
    assert redrawn_z(values[:2], 0.5, 3, rng).shape == (3, 2)


def test_variance_within_clusters_by_hand_and_by_k_means() -> None:
    X = np.random.default_rng(0).normal(size=(200, 3)) + 5
    model = KMeans(4, n_init=1, random_state=0).fit(X)
    total = ((X - X.mean(axis=0)) ** 2).sum()
    found = within_share(X, np.asarray(model.labels_)[:, None])
    assert found == pytest.approx(model.inertia_ / total)
    assert within_share(X, np.zeros((200, 2), dtype=int)) == pytest.approx(1)
    assert within_share(X, np.arange(200)[:, None]) == pytest.approx(0)


def test_noise_is_left_out_of_the_variance_within() -> None:
    X = np.array([[0.0], [2.0], [8.0], [10.0], [500.0]])
    labels = np.array([[0, 0, 1, 1, -1]]).T
    assert within_share(X, labels) == pytest.approx(4 / 68)
    assert np.isnan(within_share(X, np.full((5, 1), -1)))


def grid_of_partitions() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Analysis a has the truth with some noise, b one single cluster, c nonsense."""
    rng = np.random.default_rng(0)
    truth = np.arange(300) % 3
    noisy = np.where(rng.random(300) < 0.1, rng.integers(3, size=300), truth)
    labels = pd.DataFrame({"a1": truth, "a2": noisy, "b1": truth * 0})
    for name in ("c1", "c2", "c3", "c4"):
        labels[name] = rng.integers(4, size=300)
    settings = pd.DataFrame({"analysis": list("aabcccc")}, index=list(labels))
    settings["evidence"] = [4.0, 4.0, 90.0, 1.0, 1.0, 1.0, -5.0]
    settings["contrast"] = [0.9, 0.8, np.nan, 0.2, 0.2, -0.1, 0.2]
    return labels, settings


def test_the_choice_is_what_the_evidence_agrees_with() -> None:
    labels, settings = grid_of_partitions()
    choice = choose(labels, settings, 0.05)
    assert choice.partition == "a1"
    assert choice.evidence == 4.0
    assert 0.7 < choice.agreement <= 1
    assert choice.certainty == 1
    table = choice.alternatives
    assert table["analysis"].tolist() == ["a", "c"]
    assert table["ari_with_choice"].iloc[0] == 1
    assert table["share"].sum() == pytest.approx(1)
    apart = labels.apply(told_apart)
    of_a = 4 * 0.9**2 * apart["a1"] + 4 * 0.8**2 * apart["a2"]
    of_c = 0.2**2 * (apart["c1"] + apart["c2"])
    assert table["share"].iloc[0] == pytest.approx(of_a / (of_a + of_c))


def test_as_clear_a_partition_that_tells_more_people_apart_wins() -> None:
    fine = np.arange(300) % 3
    labels = pd.DataFrame({"coarse": np.minimum(fine, 1), "fine": fine})
    settings = pd.DataFrame(
        {"analysis": "a", "evidence": 5.0, "contrast": 0.9}, index=["coarse", "fine"]
    )
    assert choose(labels, settings, 0.05).partition == "fine"
    assert told_apart(labels["fine"]) == pytest.approx(2 / 3)


def test_evidence_and_contrast_both_count() -> None:
    labels, settings = grid_of_partitions()
    nonsense = settings.assign(evidence=[0, 0, 0, 0, 3.0, 0, 0])
    assert choose(labels, nonsense, 0.05).partition == "c2"
    unstable = settings.assign(contrast=[0, 0, 0, 0.5, 0, 0, 0])
    assert choose(labels, unstable, 0.05).partition == "c1"


def test_certainty_is_how_often_other_twins_agree() -> None:
    labels, settings = grid_of_partitions()
    evidence = settings["evidence"].to_numpy()
    other = np.where(settings["analysis"] == "c", 50.0, 0.0) * (settings.index == "c1")
    redrawn = np.array([evidence, evidence, evidence, other])
    found = choose(labels, settings, 0.05, redrawn)
    with_other = adjusted_rand_score(labels["a1"], labels["c1"])
    assert found.certainty == pytest.approx((3 + with_other) / 4)


def test_no_clusters_where_the_test_says_so() -> None:
    labels, settings = grid_of_partitions()
    choice = choose(labels, settings, 0.1)
    assert choice.partition is None
    assert choice.p_value == 0.1
    assert choice.alternatives.empty
    assert choose(labels, settings, float("nan")).partition is None


def test_no_clusters_where_nothing_is_beyond_the_twins() -> None:
    labels, settings = grid_of_partitions()
    assert choose(labels[["b1"]], settings.loc[["b1"]], 0.05).partition is None
    assert choose(labels, settings.assign(evidence=-1.0), 0.05).partition is None


def test_more_partitions_than_are_compared_at_a_time() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=(50, 70))
    found = pairwise_ari(labels)
    assert found[3, 66] == pytest.approx(adjusted_rand_score(labels[:, 3], labels[:, 66]))
    assert np.allclose(found, found.T)
