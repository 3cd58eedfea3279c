"""Wrong scenes: every fault named with its place, all at once, and nothing else."""

import copy
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthcohort.scene import Problem, Scene, SceneError, load_scene

GOT = "got female, male, allowed: exactly the levels of"
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
[covariates.Age]
edges = [40, 60, 80]
given = "sex"
shares = { female = [0.5, 0.5], male = [0.4, 0.6] }
[biomarkers.C]
slopes.Age = { female = 0.1, male = 0.2 }
noise = 1
spread.sex = { male = 2 }
[biomarkers.C.measurement]
scale = "log"
decimals = 1
heaping = { to = 5, rate = 0.1 }
detection = { lower = 1, report = "half" }
outliers = { rate = 0.1, factor = 3 }
[biomarkers.D]
noise = 1
measurement = { thresholds = [0, 1, 2] }
[missing.blood]
variables = ["A", "C"]
rate = 0.1
on = { Age = 0.5, sex = { male = 0.2 }, A = 1.0 }
[sampling]
by = "region"
probabilities = { rural = 0.5, urban = 0.1 }
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
    (
        "covariates.Age.edges",
        [40, 40, 80],
        "covariates.Age.edges: got 40, 40, 80, allowed: ascending numbers",
    ),
    (
        "covariates.Age.shares.male",
        [0.4, 0.7],
        "covariates.Age.shares.male: got a sum of 1.1, allowed: a sum of 1",
    ),
    (
        "covariates.Age.shares.male",
        [1],
        "covariates.Age.shares.male: got 1 shares, allowed: 2, one a bin",
    ),
    (
        "covariates.Age.shares",
        [0.5, 0.5],
        "covariates.Age.shares: got another form, allowed: one list for each level of `given`",
    ),
    (
        "covariates.Age.shares",
        {"female": [0.5, 0.5]},
        "covariates.Age.shares: got female, allowed: exactly female, male",
    ),
    ("covariates.Age.given", "sexx", "covariates.Age.given: got 'sexx'; did you mean 'sex'?"),
    ("covariates.Age.bins", 1, "covariates.Age.bins: unknown key; allowed: edges"),
    (
        "covariates.B",
        {"edges": [0, 1], "shares": [1]},
        "biomarkers.B: got the name of a covariate, allowed: another name",
    ),
    (
        "biomarkers.weight",
        {"noise": 1},
        "biomarkers.weight: got the name of the survey weight, allowed: another name",
    ),
    ("factors.F.slopes", {"A": 1}, "factors.F.slopes: got 'A'; allowed: Age"),
    (
        "biomarkers.C.slopes.Age",
        {"female": 0.1},
        "biomarkers.C.slopes.Age: got female, allowed: exactly the levels of one group",
    ),
    (
        "biomarkers.C.slopes.A",
        {"female": 0.1, "male": 1},
        "biomarkers.C.slopes.A: got one by level, allowed: a number",
    ),
    (
        "biomarkers.C.spread.sex.mal",
        2,
        "biomarkers.C.spread.sex: got 'mal'; did you mean 'male'?",
    ),
    (
        "biomarkers.C.measurement.scale",
        "lg",
        "biomarkers.C.measurement.scale: got 'lg', allowed: 'linear' or 'log'",
    ),
    (
        "biomarkers.C.measurement.upper",
        -1,
        "biomarkers.C.measurement.upper: got -1, allowed: above 0, as all values of a log scale",
    ),
    (
        "biomarkers.C.measurement.beyond",
        "truncate",
        "biomarkers.C.measurement.beyond: got 'truncate', allowed: only with `lower` or `upper`",
    ),
    (
        "biomarkers.C.measurement.heaping.rate",
        1.5,
        "biomarkers.C.measurement.heaping.rate: got 1.5, allowed: 1 or less",
    ),
    (
        "biomarkers.C.measurement.heaping.too",
        1,
        "biomarkers.C.measurement.heaping.too: unknown key; did you mean 'to'?",
    ),
    (
        "biomarkers.C.measurement.outliers.factor",
        0.5,
        "biomarkers.C.measurement.outliers.factor: got 0.5, allowed: 1 or more",
    ),
    (
        "biomarkers.C.noise",
        0,
        "biomarkers.C.measurement.outliers: got outliers of a noise of 0",
    ),
    (
        "biomarkers.C.measurement.decimals",
        -1,
        "biomarkers.C.measurement.decimals: got -1, allowed: 0 or more",
    ),
    (
        "biomarkers.C.measurement.detection",
        {"report": "limit"},
        "biomarkers.C.measurement.detection: got no limit, allowed: `lower`, `upper` or both",
    ),
    (
        "biomarkers.C.measurement.detection",
        {"lower": 3, "upper": 2},
        "biomarkers.C.measurement.detection: got lower 3 and upper 2, allowed: lower below upper",
    ),
    (
        "biomarkers.C.measurement.detection",
        {"upper": 2, "report": "half"},
        "biomarkers.C.measurement.detection.report: got 'half', allowed: only with a `lower`",
    ),
    (
        "biomarkers.D.measurement.thresholds",
        [0, 2, 1],
        "biomarkers.D.measurement.thresholds: got 0, 2, 1, allowed: ascending numbers",
    ),
    (
        "biomarkers.D.measurement.lower",
        0,
        "biomarkers.D.measurement: got both thresholds and lower, allowed: one of them",
    ),
    ("missing.blood.rate", 1.5, "missing.blood.rate: got 1.5, allowed: below 1"),
    ("missing.blood.rate", -0.1, "missing.blood.rate: got -0.1, allowed: 0 or more"),
    ("missing.blood.variables", [], "missing.blood.variables: got [], allowed: at least 1"),
    (
        "missing.blood.variables",
        ["AA", "C"],
        "missing.blood.variables: got 'AA'; did you mean 'A'?",
    ),
    (
        "missing.blood.variables",
        ["A", "A"],
        "missing.blood.variables: got 'A' twice, allowed: once",
    ),
    ("missing.blood.on", {"age": 1}, "missing.blood.on: got 'age'; did you mean 'Age'?"),
    (
        "missing.blood.on.Age",
        {"a": 1},
        "missing.blood.on.Age: got a table, allowed: a number, the log odds for one SD",
    ),
    (
        "missing.blood.on.sex",
        1,
        "missing.blood.on.sex: got 1, allowed: a table of log odds by level",
    ),
    (
        "missing.blood.on.sex.mal",
        1,
        "missing.blood.on.sex: got 'mal'; did you mean 'male'?",
    ),
    (
        "missing.detection limit",
        {"variables": ["A"], "rate": 0.1},
        "missing.detection limit: got the name of detection limits' reason",
    ),
    ("sampling.by", "regio", "sampling.by: got 'regio'; did you mean 'region'?"),
    (
        "sampling.probabilities",
        {"rural": 0.5},
        "sampling.probabilities: got rural, allowed: exactly rural, urban",
    ),
    (
        "sampling.probabilities.rural",
        0,
        "sampling.probabilities.rural: got 0, allowed: above 0",
    ),
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


def test_two_groups_with_the_levels_of_a_cutoff_and_a_slope() -> None:
    """Neither takes the first of the two, and both say what to do."""
    data = changed("groups.other", {"probabilities": {"male": 0.4, "female": 0.6}})
    way_out = "not of both sex and other; name the levels of one differently, such as other_female"
    with pytest.raises(SceneError) as caught:
        load_scene(data)
    assert [(p.place, p.message) for p in caught.value.problems] == [
        ("biomarkers.C.slopes.Age", f"{GOT} one group, {way_out}"),
        ("biomarkers.A.cutoffs.low", f"{GOT} one visible group, {way_out}"),
    ]
    data["groups"]["other"]["hidden"] = True
    with pytest.raises(SceneError, match=r"slopes\.Age") as caught:
        load_scene(data)
    assert len(caught.value.problems) == 1


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
