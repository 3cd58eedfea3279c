"""The ceiling, the dial, rival truths and calibration."""

import itertools

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import adjusted_rand_score

from synthcohort import ceiling, generate, load_scene, tune
from synthcohort.clustering.consensus.sampled_pairs import co_association, sample_pairs
from synthcohort.evaluation.ceilings.difficulty import scaled
from synthcohort.evaluation.ceilings.expected_ceiling import oracle
from synthcohort.evaluation.ceilings.grid_ceilings import oracle_is
from synthcohort.evaluation.metrics.adjusted_agreement import within_ari
from synthcohort.evaluation.metrics.consensus_calibration import brier, reliability
from synthcohort.evaluation.metrics.counted_groupings import Groupings
from synthcohort.evaluation.metrics.expected_agreement import best_labels, expected_ari
from synthcohort.scene import SceneError, to_dict

TWO = {
    "name": "two",
    "groups": {"g": {"probabilities": {"a": 0.5, "b": 0.5}}},
    "biomarkers": {"m": {"shift": {"g": {"b": 2.0}}, "noise": 1.0}},
}


def test_certain_truth_gives_the_usual_index() -> None:
    rng = np.random.default_rng(0)
    labels, truth = rng.integers(4, size=300), rng.integers(3, size=300)
    expected = expected_ari(labels, np.eye(3)[truth])
    assert expected == pytest.approx(adjusted_rand_score(truth, labels), abs=1e-12)


def test_expectation_over_draws() -> None:
    """The mean over 400 drawn truths within 4 SE and the 1/N approximation."""
    rng = np.random.default_rng(1)
    p = rng.dirichlet([0.4, 0.4, 0.4], size=1000)
    labels = p.argmax(axis=1)
    limits = p.cumsum(axis=1)[:, :-1]
    draws = [(rng.random(1000)[:, None] > limits).sum(axis=1) for _ in range(400)]
    found = [adjusted_rand_score(t, labels) for t in draws]
    assert abs(np.mean(found) - expected_ari(labels, p)) < 4 * np.std(found) / 20 + 1e-3


@pytest.mark.parametrize("seed", range(10))
def test_no_labelling_of_few_individuals_is_better(seed: int) -> None:
    """All partitions of 7 individuals into up to 3 clusters are tried."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet([0.5, 0.3, 0.2], size=7)
    top = max(expected_ari(np.array(labels), p) for labels in itertools.product(range(3), repeat=7))
    assert expected_ari(best_labels(p), p) >= top - 0.03


def test_a_rare_overlapping_group_is_still_labelled() -> None:
    """The most probable level would label everybody the same: an ARI of 0."""
    rng = np.random.default_rng(2)
    p = np.where(rng.random(2000) < 0.1, 0.45, 0.02)
    p = np.column_stack([1 - p, p])
    assert (p.argmax(axis=1) == 0).all()
    assert expected_ari(best_labels(p), p) > 0.2


def test_oracle_of_the_example() -> None:
    """0.992 +- 0.004 on the 14 clustering biomarkers, over 40,000 individuals."""
    assert ceiling("haalsi_example", "region").value == pytest.approx(0.992, abs=0.004)


def test_two_normal_groups_by_hand() -> None:
    """Two equal groups 2 SD apart: accuracy a = Phi(1), expected ARI (2a - 1)^2."""
    found = ceiling(TWO, "g")
    assert abs(found.value - (2 * 0.8413447 - 1) ** 2) < 4 * found.standard_error


def test_what_is_known_raises_the_ceiling() -> None:
    plain = ceiling("haalsi_example", "region", size=4000).value
    assert ceiling("haalsi_example", "region", given=["sex"], size=4000).value > plain
    assert ceiling("haalsi_example", "sex", given=["sex"], size=4000).value == 1
    assert ceiling("haalsi_example", "region", biomarkers=["Height"], size=4000).value < 0.01


def test_tune_hits_its_target_on_others() -> None:
    """Two equal groups d SD apart have a ceiling of (2 Phi(d / 2) - 1)^2: here 0.6."""
    tuned = tune(TWO, ceiling=0.6, group="g")
    wanted = 2 * norm.ppf((1 + np.sqrt(0.6)) / 2)
    assert tuned.biomarkers["m"].shift["g"]["b"] == pytest.approx(wanted, rel=0.01)
    population = generate(tuned, size=40_000, seed=5)
    p = oracle(population, "g").to_numpy()
    assert expected_ari(best_labels(p), p) == pytest.approx(0.6, abs=0.01)
    assert tuned.name == "two_tuned"


def test_tune_to_an_overlap() -> None:
    from synthcohort import theory

    tuned = tune("trap_equal_means", overlap=0.3)
    assert theory(tuned).overlap("type").average == pytest.approx(0.3, abs=0.002)


def test_scaling_by_nought_and_one() -> None:
    scene = load_scene("planted_profiles")
    assert scaled(scene, "profile", 1.0) == scene
    assert "profile" not in scaled(scene, "profile", 0.0).acting_groups()
    assert scaled(load_scene("trap_equal_means"), "type", 0.0).acting_groups() == []


def test_tune_says_what_is_wrong() -> None:
    with pytest.raises(SceneError, match=r"got 1\.2, allowed: between 0 and 1"):
        tune("haalsi_example", ceiling=1.2)
    with pytest.raises(SceneError, match="either a ceiling or an overlap"):
        tune("haalsi_example")
    with pytest.raises(SceneError, match="got None, allowed, with an effect: none in this scene"):
        tune("no_clusters", ceiling=0.5)
    with pytest.raises(SceneError, match="can't be reached by scaling the effects of 'subtype'"):
        tune("trap_nested", ceiling=0.1, group="subtype")


def test_agreement_that_another_grouping_explains() -> None:
    """Health follows region; a partition that is the region agrees with both."""
    rng = np.random.default_rng(0)
    region = rng.integers(2, size=2000)
    health = (rng.random(2000) < np.where(region == 1, 0.9, 0.1)).astype(int)
    known = {"region": region, "health": health}
    assert adjusted_rand_score(health, region) > 0.5
    compared = Groupings(known).compare(region)
    value, rival = compared.adjusted("health")
    assert rival == "region"
    assert abs(value) < 0.01
    assert compared.adjusted("region") == (1.0, "health")
    assert Groupings(known).compare(1 - region).adjusted("region") == (1.0, "health")


def test_groupings_that_cannot_be_told_apart() -> None:
    codes = np.array([0, 0, 1, 1])
    assert np.isnan(within_ari(codes, codes, codes))
    value, rival = Groupings({"a": codes, "b": codes}).compare(codes).adjusted("a")
    assert np.isnan(value)
    assert rival == ""


def test_reliability_of_perfect_replicates_is_the_diagonal() -> None:
    """Every replicate is the truth: pairs co-cluster always or never, and are right."""
    truth = np.random.default_rng(0).integers(3, size=400)
    assignments = np.repeat(truth[:, None], 25, axis=1)
    first, second = sample_pairs(400, 5000, seed=0)
    predicted = co_association(assignments, first, second)
    together = (truth[first] == truth[second]).astype(float)
    table = reliability(predicted, together)
    assert np.array_equal(table["co_association"], table["together"])
    assert list(table["co_association"]) == [0.0, 1.0]
    assert brier(predicted, together) == 0


def test_reliability_of_replicates_drawn_from_the_posterior_is_the_diagonal() -> None:
    """Replicates that draw each pair's fate from its probability; 4 SE in every bin."""
    rng = np.random.default_rng(0)
    p = rng.random(20_000)
    together = (rng.random(20_000) < p).astype(float)
    table = reliability(p, together)
    error = np.sqrt(table["together"] * (1 - table["together"]) / table["pairs"])
    assert (np.abs(table["co_association"] - table["together"]) < 4 * error + 1e-9).all()


def test_pairs_are_of_different_individuals() -> None:
    first, second = sample_pairs(3, 1000, seed=1)
    assert (first != second).all()
    assert set(first) == set(second) == {0, 1, 2}
    assert len(sample_pairs(1, 10, seed=1)[0]) == 0


@pytest.mark.parametrize(
    ("part", "value", "kind"),
    [
        ("nothing", None, "exact"),
        ("heaping", {"to": 5, "rate": 0.3}, "approximate"),
        ("outliers", {"rate": 0.01, "factor": 5.0}, "approximate"),
        ("missing", {"variables": ["Weight"], "rate": 0.1, "on": {"Hip": 0.5}}, "approximate"),
        ("missing", {"variables": ["Weight"], "rate": 0.1}, "exact"),
    ],
)
def test_an_oracle_that_leaves_something_out_says_so(part: str, value: object, kind: str) -> None:
    data = to_dict(load_scene("haalsi_example"))
    if part == "missing":
        data["missing"] = {"some": value}
    elif part != "nothing":
        data["biomarkers"]["Weight"]["measurement"][part] = value
    assert oracle_is(load_scene(data)) == kind
