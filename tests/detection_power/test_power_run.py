"""From a table to a page: the study file beside it gives the same table again."""

import pandas as pd
import pytest

import synthcohort as sc
from synthcohort.detection_power import power_run
from synthcohort.detection_power.detection_curves import curves_of
from synthcohort.scene import SceneError, SceneWarning

TINY = {
    "preprocessings": ["zscore"],
    "whiten": [False],
    "base": {"kmeans": [2]},
    "resolutions": [0.8],
    "bootstraps": 4,
}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    X, _, _ = sc.generate("trap_one_cluster", size=150)
    settings = {"name": "mine", "biomarkers": list(X)[:4], "experiment": TINY}
    few = {"shares": ["equal"], "separations": [1.0, 8.0], "repetitions": 3, "workers": 1}
    return sc.power(X, settings, tmp_path_factory.mktemp("power"), **few)


def test_far_groups_are_found_and_near_ones_are_not(done) -> None:
    found = done.tables.summary.query("measure == 'says_clusters'").set_index("separation")["value"]
    assert found[8.0] == 1.0
    assert found[1.0] < 1.0
    assert len(curves_of(done.tables)) == 2
    assert any("80 %" in text for text in done.sentences)
    assert "For the methods section" in done.sentences[-1]


def test_the_page_has_no_script_and_no_person(done) -> None:
    page = done.report.read_text("utf-8")
    assert "<script" not in page
    assert all(text.split(":")[0] in page for text in done.sentences)


def test_a_page_that_fails_costs_nothing(done, monkeypatch) -> None:
    monkeypatch.setattr(power_run, "power_page", lambda *_: 1 / 0)
    X, _, _ = sc.generate("trap_one_cluster", size=150)
    settings = {"name": "mine", "biomarkers": list(X)[:4], "experiment": TINY}
    few = {"shares": ["equal"], "separations": [1.0, 8.0], "repetitions": 3, "workers": 1}
    with pytest.warns(SceneWarning, match="ZeroDivisionError.*all tables are in"):
        again = sc.power(X, settings, done.folder.parent, **few)
    assert str(again.folder) in again.page_failure
    assert not again.report.exists()
    assert {p.name for p in again.folder.iterdir()} == {
        p.name for p in done.folder.iterdir() if p != done.report
    }


def test_the_study_file_gives_the_same_table(done) -> None:
    again = sc.study(done.folder / "study.toml", done.folder.parent, workers=1)
    pd.testing.assert_frame_equal(again.results, done.tables.results)


def test_faults_are_named_at_once(tmp_path) -> None:
    wrong = {"groups": [1], "shares": ["even"], "separations": [], "repetitions": 1, "sizes": [3]}
    with pytest.raises(SceneError) as caught:
        sc.power(pd.DataFrame(), {"biomarkers": ["a"]}, tmp_path, **wrong)
    assert [p.place for p in caught.value.problems] == [
        "groups",
        "shares",
        "sizes",
        "repetitions",
        "separations",
    ]
    assert list(tmp_path.iterdir()) == []
