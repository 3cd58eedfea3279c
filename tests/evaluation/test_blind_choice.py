"""The test against reference data sets, agreement between partitions, and the choice."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from synthcohort.clustering.consensus.sampled_pairs import pac
from synthcohort.evaluation import blind_choice
from synthcohort.evaluation.blind_choice import choose, no_clusters
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
    """Exchangeable data, 19 references, 6 settings: rejects in 5 % of 1,000 data sets, 4 SE."""
    rng = np.random.default_rng(0)
    p = [null_test(rng.normal(size=(20, 6)), 1e-9).p_value for _ in range(1000)]
    assert abs(np.mean(np.array(p) <= 0.05) - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 1000)


def test_pac_by_hand() -> None:
    assert pac(np.array([0.05, 0.2, 0.5, 0.95])) == 0.5


def test_p_values_by_rank() -> None:
    values = np.array([[1.0, 5.0, np.nan], [2.0, 1.0, 1.0], [3.0, 2.0, 2.0], [4.0, np.nan, 3.0]])
    assert p_values(values)[:2].tolist() == [0.25, 0.75]
    assert np.isnan(p_values(values)[2])


def test_relative_index_is_zero_for_reference_data() -> None:
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


def planted(n: int = 300, distance: float = 5.0) -> tuple[np.ndarray, np.ndarray]:
    """Three groups in two of four columns."""
    rng = np.random.default_rng(0)
    truth = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    values = rng.normal(size=(n, 4))
    values[:, :2] += distance * np.array([[0, 0], [1, 0], [0, 1]])[truth]
    return values, truth


def noisy(truth: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Return labels of whom some are put anywhere."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random(len(truth)) < share, rng.integers(3, size=len(truth)), truth)


def partitions_of(values: np.ndarray, truth: np.ndarray) -> tuple[pd.DataFrame, dict[str, str]]:
    """Lay out the planted groups beside coarser, finer and other ones."""
    labels = pd.DataFrame(
        {
            "planted": truth,
            "noisy": noisy(truth, 0.2, 1),
            "merged": np.minimum(truth, 1),
            "cut": 2 * truth + (values[:, 2] > 0),
            "other": (values[:, 3] > 0).astype(int),
            "one": truth * 0,
        }
    )
    for i in range(5):  # many votes for nonsense
        labels[f"again {i}"] = np.where(np.arange(len(truth)) == i, 1, labels["other"])
    return labels, {name: str(name).split()[0] for name in labels}


def test_the_planted_groups_are_chosen_whatever_the_votes() -> None:
    values, truth = planted()
    labels, sources = partitions_of(values, truth)
    choice = choose(values * [1e-3, 1e3, 1, 1], labels, sources, 0)
    assert choice.partition == "planted"
    assert choice.n_clusters == 3
    assert choice.agreement > 0.95
    assert choice.certainty > 0.95
    assert choice.alternatives["source"].iloc[0] == "planted"
    assert "one" not in set(choice.alternatives["source"])
    assert not set(choice.ties) & {"merged", "cut", "other", "again"}


def test_a_rare_group_survives() -> None:
    rng = np.random.default_rng(2)
    truth = rng.choice(3, 500, p=[0.9, 0.07, 0.03])
    values = rng.normal(size=(500, 5))
    values[:, :2] += 6 * np.array([[0, 0], [1, 0], [0, 1]])[truth]
    halves = (values[:, 0] + values[:, 1] > 0).astype(int)
    labels = pd.DataFrame({"rare": truth, "halves": halves, "coarse": np.minimum(truth, 1)})
    assert choose(values, labels, dict(zip(labels, labels, strict=True)), 0).partition == "rare"


def test_a_nuisance_does_not_win() -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(3, size=400)
    values = rng.normal(size=(400, 6))
    values[:, :2] += 5 * np.array([[0, 0], [1, 0], [0, 1]])[truth]
    values[:, 2:] = 0.4 * values[:, 2:] + rng.normal(size=(400, 1)) * [1.0, -1.0, 1.0, -1.0]
    nuisance = np.digitize(values[:, 2], [-0.5, 0.5])
    labels = pd.DataFrame({"groups": noisy(truth, 0.05, 4), "nuisance": nuisance})
    assert choose(values, labels, dict(zip(labels, labels, strict=True)), 0).partition == "groups"


def test_skewed_groups_are_no_reason_for_more_of_them() -> None:
    values, truth = planted(400, 4.0)
    labels, sources = partitions_of(values, truth)
    choice = choose(np.exp(values), labels, sources, 0)
    assert choice.partition == "planted"
    assert "4 columns by logarithm" in choice.model


def test_what_can_not_be_told_apart_is_tied() -> None:
    values, truth = planted(300, 2.6)
    labels = pd.DataFrame(
        {
            "a": truth,
            "b": np.where(np.arange(300) < 2, (truth + 1) % 3, truth),
            "c": (values[:, 3] > 0).astype(int),
        }
    )
    choice = choose(values, labels, {"a": "min-max", "b": "z-score", "c": "binary"}, 0)
    assert set(choice.ties) == {"min-max", "z-score"}
    assert choice.summary()["partition"] in ("a", "b")


def test_what_the_choice_expects_of_itself_comes_true() -> None:
    """Ten draws each of two groups that overlap much and little; 0.1 is 4 SE of the mean."""
    for distance in (2.6, 4.0):
        found, expected = [], []
        for seed in range(10):
            rng = np.random.default_rng(seed)
            truth = rng.integers(2, size=300)
            values = rng.normal(size=(300, 3))
            values[:, 0] += distance * truth
            labels = pd.DataFrame({"a": (values[:, 0] > distance / 2).astype(int)})
            choice = choose(values, labels, {"a": "a"}, seed)
            found.append(adjusted_rand_score(truth, labels["a"]))
            expected.append(choice.expected)
        assert np.mean(expected) == pytest.approx(np.mean(found), abs=0.1)


def test_nothing_to_choose_from() -> None:
    values, truth = planted(60)
    labels = pd.DataFrame({"one": truth * 0, "all": np.arange(60)})
    choice = choose(values, labels, {"one": "a", "all": "b"}, 0, 0.01)
    assert choice.summary() == pytest.approx(no_clusters(0.01).summary(), nan_ok=True)
    assert choice.partition is None
    assert choice.ties == []


def test_many_people_are_judged_by_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    values, truth = planted(600)
    labels, sources = partitions_of(values, truth)
    monkeypatch.setattr(blind_choice, "INDIVIDUALS", 200)
    assert choose(values, labels, sources, 0).partition == "planted"
    assert choose(values, labels, sources, 1).partition == "planted"


def test_more_partitions_than_are_compared_at_a_time() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=(50, 70))
    found = pairwise_ari(labels)
    assert found[3, 66] == pytest.approx(adjusted_rand_score(labels[:, 3], labels[:, 66]))
    assert np.allclose(found, found.T)
