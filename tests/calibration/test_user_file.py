"""From a user's file to a scene file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthcohort import load_scene
from synthcohort.calibration.user_file import calibrate
from synthcohort.machine.written_files import write_text
from synthcohort.scene import SceneError


@pytest.fixture
def path(tmp_path):
    rng = np.random.default_rng(0)
    n = 300
    frame = pd.DataFrame(
        {
            "id": range(1, n + 1),
            "sex": rng.choice(["f", "m"], n),
            "Weight": rng.normal(70, 12, n).round(1),
            "Score": rng.integers(0, 5, n),
            "remark": "text",
            "empty": np.nan,
        }
    )
    frame.to_csv(tmp_path / "cohort.csv", index=False)
    return tmp_path / "cohort.csv"


def test_the_file_is_a_scene_that_says_how_it_was_made(path, tmp_path) -> None:
    made, misfit = calibrate(path, ["sex"])
    assert list(misfit["biomarker"]) == ["Weight", "Score"]
    write_text(made.to_toml(), tmp_path / "scene.toml")
    assert load_scene(tmp_path / "scene.toml") == made.scene
    text = (tmp_path / "scene.toml").read_text()
    assert "left out: id, whole numbers that are all different: an id" in text
    assert "left out: remark, not numbers" in text
    assert "left out: empty, without any value" in text
    assert "# Weight: linear" in text


def test_the_same_file_gives_the_same_bytes(path) -> None:
    assert calibrate(path, ["sex"])[0].to_toml() == calibrate(path, ["sex"])[0].to_toml()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"groups": ["sx"]}, "column 'sx': is not in the table; did you mean 'sex'"),
        ({"biomarkers": ["remark"]}, r"column 'remark': got 'text' in row 1 \(300 values"),
        ({"biomarkers": ["empty"]}, "column 'empty': all 300 values are missing"),
        ({"groups": ["Score"], "biomarkers": ["Score"]}, "is a group and a biomarker"),
        ({"minimum": 1}, "--minimum: got 1, allowed: 5 or more"),
        ({"factors": -1}, "--factors: got -1, allowed: 0 or more"),
        ({"minimum": 290, "groups": ["sex"]}, r"cohort.csv: column 'sex': got 2 levels"),
    ],
)
def test_one_clear_message_each(path, arguments, message: str) -> None:
    with pytest.raises(SceneError, match=message):
        calibrate(path, **arguments)


def test_a_place_that_cannot_be_written(tmp_path) -> None:
    with pytest.raises(SceneError, match="allowed: a file that can be written"):
        write_text("x", tmp_path / "no" / "scene.toml")
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_summaries_is_told_apart(tmp_path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("variable,group,statistic,value\nAge,all,mean,61.7\nAge,all,sd,13.06\n")
    made, figures = calibrate(path)
    assert made.scene.name == "figures"
    assert list(figures["implied"]) == pytest.approx([61.7, 13.06])
    with pytest.raises(SceneError, match="only for a table of people"):
        calibrate(path, ["sex"])


def test_the_example_of_the_guide(tmp_path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
    example = next(b for b in guide.split("```") if b.startswith("\nvariable,group"))
    (tmp_path / "figures.csv").write_text(example.lstrip())
    made, figures = calibrate(tmp_path / "figures.csv")
    assert np.allclose(figures["implied"], figures["target"], rtol=1e-4)
    assert made.scene.groups["sex"].levels == ["female", "male"]
