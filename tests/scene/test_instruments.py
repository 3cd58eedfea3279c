"""A scene with every part of the measurement layer: its forms, its defaults, its words."""

import json
import tomllib

import pytest
from tests.measurement.test_recording import SCENE

from synthcohort import load_scene, without
from synthcohort.scene import describe, digest, json_schema, to_dict, to_json, to_toml


def test_toml_and_json_give_the_same_scene() -> None:
    scene = load_scene(SCENE)
    for again in (tomllib.loads(to_toml(scene)), json.loads(to_json(scene)), to_dict(scene)):
        assert load_scene(again) == scene
        assert digest(load_scene(again)) == digest(scene)


def test_defaults_are_filled_in() -> None:
    scene = load_scene(SCENE)
    assert scene.covariates["Age"].centre == 60
    assert scene.biomarkers["Triglycerides"].spread["sex"] == {"female": 1.0, "male": 1.5}
    assert scene.missing["blood"].on["sex"] == {"female": 0.0, "male": 0.4}
    assert scene.acting_covariates() == ["Age"]
    # Sex acts by its ages, a slope by level and a spread.
    assert scene.acting_groups() == ["sex", "profile"]
    assert without(scene, "Age").acting_groups() == ["sex", "profile"]


@pytest.mark.parametrize(
    "words",
    [
        "Age: 40 to 80 years, acts as its distance from 60, 0 decimals",
        "sex male: 40-50 0.5, 50-60 0.3, 60-80 0.2",
        "+0.01 (Age - 60) if female -0.01 (Age - 60) if male",
        "noise SD by sex: male x 1.5, all this the logarithm of the value, "
        "below 0.6 reported as half the limit, 2 decimals",
        "at least 80, at most 170 (truncated), 0.3 of them heaped on multiples of 10",
        "a score of 0 to 4 by thresholds",
        "0.02 of them with noise x 6, 1 decimal\n",
        "blood: Triglycerides in 0.1 of individuals (MAR; log odds +0.5 for one SD of Age, "
        "+0.4 if male)",
        "scale: Weight, Pressure in 0.2 of individuals (MNAR;",
        "form: Symptoms in 0.05 of individuals (MCAR)",
        "inclusion by profile: healthy 0.2, ill 0.8",
    ],
)
def test_in_words(words: str) -> None:
    assert words in describe(load_scene(SCENE))


def test_the_schema_knows_every_part() -> None:
    parts = json_schema()["$defs"]
    for name in ("Covariate", "Measurement", "Heaping", "Detection", "Outliers", "Missing"):
        fields = parts[name]["properties"]
        assert all(field.get("description") for field in fields.values())
