"""From a scene to its comparison with published figures, on disk and on the command line."""

import pandas as pd
import pytest

from synthcohort.experiment.fidelity import fidelity, write_fidelity
from synthcohort.scene import SceneError, load_scene


def test_the_folder_holds_the_page_and_the_tables(tmp_path) -> None:
    scene = load_scene("haalsi_example")
    compared = fidelity(scene, size=2000)
    page = write_fidelity(compared, scene, 2000, tmp_path)
    assert page.is_file()
    assert page.parent.name.startswith("haalsi_example__fidelity__")
    written = pd.read_csv(page.parent / "fidelity.csv")
    assert list(written["status"]) == list(compared["status"])
    open_ = pd.read_csv(page.parent / "not_constrained.csv").set_index("biomarker")
    assert open_.loc["Pulse", "location"] == "not constrained"
    assert open_.loc["Hip", "location"] == "only together with others"


def test_a_scene_that_has_nothing_to_compare() -> None:
    scene = {"name": "other", "biomarkers": {"x": {"noise": 1.0}}}
    with pytest.raises(SceneError, match="shares no variable with the reference"):
        fidelity(scene, size=100)
