"""Planted groups are as far apart as asked, and change nothing else."""

import numpy as np
import pytest
from scipy.stats import norm

from synthcohort import ceiling, generate
from synthcohort.detection_power.planted_groups import (
    COVARIANCE,
    PLANTED,
    Pattern,
    equal_shares,
    planted,
    unequal_shares,
)
from synthcohort.scene import SceneError, load_scene
from synthcohort.simulation_study.scene_parameters import with_parameters

SCENE = load_scene(
    {
        "name": "table",
        "size": 20_000,
        "factors": {"one": {}, "two": {}},
        "biomarkers": {
            "a": {"baseline": 5, "noise": 1, "loadings": {"one": 2, "two": 1}},
            "b": {"baseline": 50, "noise": 3, "loadings": {"one": 1}},
            "c": {"noise": 0.5, "loadings": {"two": -0.5}},
        },
    }
)


@pytest.mark.parametrize("along", ["factors", "b", ("a", "c")])
@pytest.mark.parametrize("distance", [1.0, 3.0])
def test_the_distance_is_that_of_mahalanobis(along, distance) -> None:
    scene = planted(SCENE, Pattern(equal_shares(2), along))
    scene = with_parameters(scene, {"separation": distance})
    X, _, truth = generate(scene)
    first = (truth[PLANTED] == "group_1").to_numpy()
    within = (np.cov(X[first].T) + np.cov(X[~first].T)) / 2
    gap = (X[~first].mean() - X[first].mean()).to_numpy()
    assert np.sqrt(gap @ np.linalg.solve(within, gap)) == pytest.approx(distance, abs=0.06)
    # Two normal groups of one covariance: the oracle errs with a chance of Phi(-distance / 2).
    known = (1 - 2 * norm.cdf(-distance / 2)) ** 2
    assert ceiling(scene, PLANTED, size=20_000).value == pytest.approx(known, abs=0.02)


def test_several_groups_and_none() -> None:
    scene = planted(SCENE, Pattern(unequal_shares(4)))
    _, _, truth = generate(with_parameters(scene, {"separation": 2.0}))
    assert truth[PLANTED].value_counts(normalize=True, sort=False).round(1).tolist() == [
        0.5,
        0.3,
        0.1,
        0.1,
    ]
    none = with_parameters(scene, {"separation": 0.0})
    assert PLANTED not in none.acting_groups()


def test_covariance_leaves_the_means() -> None:
    scene = planted(SCENE, Pattern(equal_shares(2), COVARIANCE))
    X, _, truth = generate(scene)
    means = X.groupby(truth[PLANTED], observed=True).mean()
    assert np.allclose(means.diff().iloc[1] / X.std(), 0, atol=0.06)
    spreads = X.groupby(truth[PLANTED], observed=True)["a"].std()
    assert spreads["group_2"] > 2 * spreads["group_1"]


def test_an_unknown_biomarker_is_named() -> None:
    with pytest.raises(SceneError, match=r"got 'factor'; did you mean 'factors'\?"):
        planted(SCENE, Pattern(equal_shares(2), "factor"))
