"""A study file: every fault at once, and which scenarios it means."""

import pytest

from synthcohort.scene import SceneError, load_scene
from synthcohort.simulation_study.scenarios import scenarios_of
from synthcohort.simulation_study.scene_parameters import with_parameters
from synthcohort.simulation_study.study_file import bundled, load_study, study_schema

METHODS = {"plain": {"rival": "kmeans"}}


def study(**given):
    return {
        "name": "one",
        "repetitions": 2,
        "scenes": {"profiles": {"scene": "planted_profiles"}},
        "methods": METHODS,
    } | given


def faults(given) -> list[str]:
    with pytest.raises(SceneError) as caught:
        scenarios_of(load_study(given))
    return [str(one) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"repetitions": 0}, "repetitions: got 0, allowed: 1 or more"),
        ({"repetition": 3}, "repetition: unknown key; did you mean 'repetitions'?"),
        ({"factors": {"size": []}}, "factors.size: got [], allowed: at least 1"),
        ({"methods": {}}, "methods: got {}, allowed: at least 1"),
        (
            {"methods": {"a": {"rival": "kmean"}}},
            "methods.a.rival: got 'kmean'; did you mean 'kmeans'?",
        ),
        ({"methods": {"a": {}}}, "methods.a: got neither of experiment and rival, allowed: one of"),
        (
            {"methods": {"a": {"rivals": "kmeans"}}},
            "methods.a.rivals: unknown key; did you mean 'rival'?",
        ),
        (
            {"methods": {"a": {"experiment": {"bootstrap": 3}}}},
            "methods.a.experiment.bootstrap: unknown key; did you mean 'bootstraps'?",
        ),
        (
            {"factors": {"sise": [200]}},
            "sise: names no parameter of the scene; did you mean 'size'?",
        ),
        (
            {"factors": {"factors.adipositi.sd": [1.0]}},
            "names no parameter of the scene; did you mean 'factors.adiposity'?",
        ),
        ({"factors": {"factors.adiposity.sd": [-1.0]}}, "factors.adiposity.sd: got -1.0, allowed"),
        ({"factors": {"ceiling": [1.5]}}, "ceiling: got 1.5, allowed: a number between 0 and 1"),
        ({"scenes": {"x": {"scene": "planted_profile"}}}, "did you mean 'planted_profiles'?"),
        (
            {"scenes": {"x": {"scene": "no_clusters", "only": {"size": [3]}}}},
            "scenes.x.only.size: does not vary in this study",
        ),
        (
            {"methods": {"a": {"rival": "ward", "scenes": ["profile"]}}},
            "methods.a.scenes: got 'profile'; did you mean 'profiles'?",
        ),
        (
            {"factors": {"size": [300]}, "scenarios": [{"size": 200}]},
            "scenarios: got factors as well, allowed: one of them",
        ),
    ],
)
def test_faults_are_named(given, expected) -> None:
    assert any(expected in line for line in faults(study(**given)))


def test_all_faults_at_once() -> None:
    wrong = {"a": {"scene": "nowhere"}, "b": {"scene": "no_clusters", "set": {"sizes": 3}}}
    assert len(faults(study(scenes=wrong))) == 2


def test_grid_fraction_and_table() -> None:
    factors = {"size": [100, 200, 300], "separation": [0.5, 1.0, 1.5]}
    assert len(scenarios_of(load_study(study(factors=factors)))) == 9
    third = scenarios_of(load_study(study(factors=factors, fraction=3)))
    # A fraction of a square: every level of each factor once.
    assert sorted(one.varied["size"] for one in third) == [100, 200, 300]
    assert sorted(one.varied["separation"] for one in third) == [0.5, 1.0, 1.5]
    table = [{"size": 100}, {"size": 200, "null": True}]
    found = scenarios_of(load_study(study(scenarios=table)))
    assert [one.truth for one in found] == ["profile", None]
    assert [one.varied["null"] for one in found] == [None, True]
    only = {"profiles": {"scene": "planted_profiles", "only": {"size": [200]}}}
    assert len(scenarios_of(load_study(study(factors=factors, scenes=only)))) == 3


def test_parameters_by_path() -> None:
    scene = load_scene("planted_profiles")
    found = with_parameters(scene, {"size": 70, "factors.adiposity.sd": 0.9, "separation": 0.5})
    assert (found.size, found.factors["adiposity"].sd) == (70, 0.9)
    before, after = (s.factors["adiposity"].mean["profile"]["wasting"] for s in (scene, found))
    assert after == before / 2
    holed = with_parameters(scene, {"missing_rate": 0.25})
    assert {m.rate for m in holed.missing.values()} == {0.25}
    assert {v for m in holed.missing.values() for v in m.variables} == set(
        scene.experiment.biomarkers
    )


@pytest.mark.parametrize("name", bundled())
def test_bundled_studies_are_valid(name) -> None:
    assert scenarios_of(load_study(name))


def test_the_schema_knows_every_key() -> None:
    assert {"scenes", "factors", "methods"} <= set(study_schema()["properties"])
