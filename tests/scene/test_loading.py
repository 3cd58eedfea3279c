"""Loading, resolving and dumping: round trips, the flat format, the catalogue."""

import json
import tomllib
import warnings
from pathlib import Path

import pytest

from synthcohort.scene import (
    SceneError,
    SceneWarning,
    catalogue,
    digest,
    json_schema,
    load_scene,
    to_dict,
    to_json,
    to_toml,
)

FLAT = {
    "seed": 7,
    "N": 500,
    "regions": ["coast", "urban"],
    "region_probs": [2, 6],
    "sexes": ["female", "male"],
    "sex_probs": [0.4, 0.6],
    "X_mu": {"coast": -1.0, "urban": 1.0},
    "Y_mu": {"coast": 0.5, "urban": -0.5},
    "X_sd": 0.3,
    "Y_sd": 0.5,
    "params": {"bps_base": 120, "weight_height_coef": 0.5, "hb_urban_shift": 2.0, "glu_noise": 0},
}


@pytest.mark.parametrize("name", catalogue.names())
def test_round_trips(name: str) -> None:
    scene = load_scene(name)
    assert load_scene(scene) == scene
    assert load_scene(to_dict(scene)) == scene
    assert load_scene(json.loads(to_json(scene))) == scene
    assert load_scene(tomllib.loads(to_toml(scene))) == scene
    assert digest(load_scene(tomllib.loads(to_toml(scene)))) == digest(scene)


def test_hash_depends_on_what_is_generated_only() -> None:
    scene = load_scene("haalsi_example")
    assert digest(scene) != digest(load_scene({**to_dict(scene), "seed": 43}))
    spelled_out = {**tomllib.loads(catalogue.text("haalsi_example"))}
    spelled_out["factors"]["X"]["mean"]["region"].pop("mixed")  # 0 is the default
    assert digest(load_scene(spelled_out)) == digest(scene)


def test_flat_example_is_the_catalogue_scene() -> None:
    flat, own = load_scene("scenes.scene_example"), load_scene("haalsi_example")
    assert flat.biomarkers == own.biomarkers
    assert flat.groups == own.groups
    assert flat.factors == own.factors
    assert flat.experiment == own.experiment


def test_flat_overrides_other_regions_and_probabilities(tmp_path: Path) -> None:
    path = tmp_path / "my_scene.py"
    path.write_text(f"SCENE = {FLAT!r}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scene = load_scene(path)
    assert scene.name == "my_scene"
    assert scene.groups["region"].probabilities == {"coast": 0.25, "urban": 0.75}
    assert scene.biomarkers["BP_systolic"].baseline == 120
    assert scene.biomarkers["Weight"].slopes == {"Height": 0.5}
    assert scene.biomarkers["Hemoglobin"].shift["region"] == {"coast": 0.0, "urban": 2.0}
    assert scene.biomarkers["Blood_Glucose"].noise == 0
    assert scene.biomarkers["Waist"].shift["region"] == {"coast": 0.0, "urban": 8.0}


def test_flat_unknown_key_warns_with_the_nearest() -> None:
    data = {**FLAT, "params": {"wieght_base": 60}}
    with pytest.warns(
        SceneWarning, match="wieght_base: unknown key, ignored; did you mean 'weight_base'"
    ):
        assert load_scene(data).biomarkers["Weight"].baseline == 52


def test_flat_faults_come_all_at_once() -> None:
    data = {**FLAT, "region_probs": [-1, 2], "X_sd": -0.1, "params": {"bps_noise": -2}}
    del data["seed"]
    with pytest.raises(SceneError, match="seed: is missing") as caught:
        load_scene(data)
    places = [p.place for p in caught.value.problems]
    assert places == ["seed", "region_probs.0", "X_sd", "params.bps_noise"]


def test_schema_is_a_schema_that_takes_the_catalogue() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for name in catalogue.names():
        jsonschema.validate(tomllib.loads(catalogue.text(name)), schema)


def test_python_scene_without_scene_dict(tmp_path: Path) -> None:
    (tmp_path / "empty.py").write_text("x = 1")
    with pytest.raises(SceneError, match="SCENE: got nothing, allowed: a dict named SCENE"):
        load_scene(tmp_path / "empty.py")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("haalsi_exmple", "did you mean 'haalsi_example'"),
        ("nowhere.toml", "can't be read"),
        ("no.such.module", "can't be imported"),
    ],
)
def test_missing_scenes(source: str, message: str) -> None:
    with pytest.raises(SceneError, match=message):
        load_scene(source)


def test_the_truth_is_the_same_when_levels_without_a_shift_are_left_out() -> None:
    data = {
        "name": "short",
        "groups": {"sex": {"probabilities": {"female": 0.5, "male": 0.5}}},
        "biomarkers": {"Weight": {"shift": {"sex": {"male": 5.0}}}},
    }
    scene = load_scene(data)
    assert scene.experiment.truth == "sex"
    assert load_scene(scene) == scene


def test_a_hidden_group_without_effect_is_no_truth() -> None:
    half = {"a": 0.5, "b": 0.5}
    data = {
        "name": "inert",
        "groups": {"inert": {"probabilities": half, "hidden": True}},
        "biomarkers": {"Weight": {"noise": 1.0}},
    }
    assert load_scene(data).experiment.truth is None
