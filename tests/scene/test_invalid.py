"""Wrong scenes: every fault named with its place, all at once, and nothing else."""

import copy
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthcohort.scene import Problem, Scene, SceneError, load_scene

GOOD = tomllib.loads("""
name = "small"
[groups.region]
probabilities = { rural = 0.25, urban = 0.75 }
[groups.sex]
probabilities = { female = 0.5, male = 0.5 }
[groups.profile]
hidden = true
given = "region"
probabilities.rural = { a = 0.8, b = 0.2 }
probabilities.urban = { a = 0.4, b = 0.6 }
[factors.F]
mean.profile = { a = -1, b = 1 }
[biomarkers.A]
loadings = { F = 2.0 }
noise = 1
cutoffs = { low = { female = 1.0, male = 2.0 }, high = 9 }
[biomarkers.B]
slopes = { A = 0.5 }
shift.sex = { male = 1.0 }
noise = 1
measurement = { lower = 0, upper = 5 }
""")

CASES: list[tuple[str, Any, str]] = [
    (
        "groups.region.probabilities.rural",
        -0.25,
        "groups.region.probabilities.rural: got -0.25, allowed: 0 or more",
    ),
    (
        "groups.region.probabilities.rural",
        0.5,
        "groups.region.probabilities: got a sum of 1.25, allowed: a sum of 1",
    ),
    (
        "groups.profile.probabilities.rural.a",
        0.7,
        "groups.profile.probabilities.rural: got a sum of 0.9, allowed: a sum of 1",
    ),
    ("groups.profile.given", "regio", "groups.profile.given: got 'regio'; did you mean 'region'?"),
    (
        "groups.profile.given",
        "profile",
        "groups.profile.given: got the cycle profile -> profile, allowed: no cycle",
    ),
    ("groups.region.hiden", True, "groups.region.hiden: unknown key; did you mean 'hidden'?"),
    ("factors.F.sd", -1, "factors.F.sd: got -1, allowed: 0 or more"),
    ("factors.F.mean.profil", {"a": 1}, "factors.F.mean: got 'profil'; did you mean 'profile'?"),
    ("biomarkers.A.noise", -0.5, "biomarkers.A.noise: got -0.5, allowed: 0 or more"),
    ("biomarkers.A.noise", "1", "biomarkers.A.noise: got '1', allowed: a number"),
    (
        "biomarkers.A.baseline",
        float("inf"),
        "biomarkers.A.baseline: got inf, allowed: a finite number",
    ),
    ("biomarkers.A.loadings.G", 1.0, "biomarkers.A.loadings: got 'G'; allowed: F"),
    ("biomarkers.A.slopes", {"B": 1.0}, "got the cycle"),
    ("biomarkers.B.shift.sex.mal", 1.0, "biomarkers.B.shift.sex: got 'mal'; did you mean 'male'?"),
    (
        "biomarkers.B.measurement.lower",
        6,
        "biomarkers.B.measurement: got lower 6 and upper 5, allowed: lower below upper",
    ),
    (
        "biomarkers.A.cutoffs.low",
        {"female": 1.0},
        "biomarkers.A.cutoffs.low: got female, allowed: exactly the levels",
    ),
    (
        "biomarkers.A.cutoffs.high",
        1.5,
        "biomarkers.A.cutoffs: got low 2 and high 1.5 for male, allowed: low below high",
    ),
    (
        "biomarkers.sex",
        {"noise": 1},
        "biomarkers.sex: got the name of a group, allowed: another name",
    ),
    ("biomarkers", {}, "biomarkers: got {}, allowed: at least 1"),
    ("size", 0, "size: got 0, allowed: 1 or more"),
    ("size", 10.5, "size: got 10.5, allowed: a whole number"),
    ("experiment.resolutions", [0, 1.0], "experiment.resolutions.0: got 0, allowed: above 0"),
    ("experiment.truth", "sexx", "experiment.truth: got 'sexx'; did you mean 'sex'?"),
    ("experiment.biomarkers", ["A", "A"], "experiment.biomarkers: got 'A' twice, allowed: once"),
    ("experiment.base", {"kmeans": [0]}, "experiment.base.kmeans.0: got 0, allowed: 1 or more"),
    ("experiment.missing", "drop", "experiment.missing: got 'drop', allowed: 'complete'"),
]


def changed(place: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    *parents, last = place.split(".")
    branch = data
    for key in parents:
        branch = branch.setdefault(key, {})
    branch[last] = value
    return data


def test_the_good_scene_is_good() -> None:
    assert load_scene(GOOD).experiment.truth == "profile"


@pytest.mark.parametrize(
    ("place", "value", "message"), CASES, ids=[f"{c[0]}={c[1]}" for c in CASES]
)
def test_one_fault_one_line(place: str, value: Any, message: str) -> None:
    with pytest.raises(SceneError, match="small: ") as caught:
        load_scene(changed(place, value))
    lines = str(caught.value).splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_four_faults_at_once() -> None:
    data = changed("biomarkers.A.noise", -1)
    data["biomarkers"]["B"]["slops"] = {}
    data["groups"]["region"]["probabilities"]["rural"] = 0.5
    data["experiment"] = {"resolutions": [0]}
    with pytest.raises(SceneError, match="slops") as caught:
        load_scene(data)
    assert {p.place for p in caught.value.problems} == {
        "biomarkers.A.noise",
        "biomarkers.B.slops",
        "groups.region.probabilities",
        "experiment.resolutions.0",
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
PLACES = sorted({case[0] for case in CASES} | {"groups", "factors", "name", "seed", "experiment"})


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(PLACES), JSON)
def test_any_value_anywhere_gives_a_scene_or_named_faults(place: str, value: Any) -> None:
    faults: list[Problem] = []
    try:
        scene = load_scene(changed(place, value))
    except SceneError as error:
        faults, scene = error.problems, None
    if scene is None:
        assert faults
        assert all(problem.message for problem in faults)
    else:
        assert isinstance(scene, Scene)
        assert load_scene(scene) == scene
