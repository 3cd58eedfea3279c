"""A study from file to folder: paired people, each task once, failures that stop nothing."""

import numpy as np
import pandas as pd
import pytest

from synthcohort import study
from synthcohort.scene import SceneError, SceneWarning
from synthcohort.simulation_study import study_run, study_tasks
from synthcohort.simulation_study.study_folder import read_study
from synthcohort.simulation_study.study_run import TASKS, forecast
from synthcohort.task_store.exclusive_use import alone_in

TINY = {
    "preprocessings": ["zscore"],
    "whiten": [False],
    "base": {"kmeans": [4]},
    "resolutions": [0.8],
    "bootstraps": 5,
}
SMALL = {
    "name": "small",
    "repetitions": 3,
    "scenes": {"profiles": {"scene": "planted_profiles"}, "none": {"scene": "no_clusters"}},
    "factors": {"size": [80, 120]},
    "methods": {
        "kmeans": {"rival": "kmeans"},
        "ours": {"experiment": TINY, "pick": "modularity"},
    },
}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return study(SMALL, tmp_path_factory.mktemp("studies"), workers=1)


def test_one_row_a_task_and_the_same_people(done) -> None:
    results = done.results
    assert len(results) == 2 * 2 * 3 * 2
    assert (results["error"] == "").all()
    assert (results.groupby(["scene", "size", "repetition"])["ceiling"].nunique() <= 1).all()
    assert (results.groupby("repetition")["seed"].nunique() == 1).all()
    assert results["seed"].nunique() == 3
    nothing = results[results["scene"] == "none"]
    assert nothing["ari"].isna().all()
    assert (nothing["n_truth"] == 1).all()


def test_summary_and_differences_are_those_of_the_rows(done) -> None:
    rows = done.results.query("scene == 'profiles' and size == 120")
    ari = rows.pivot(index="repetition", columns="method", values="ari")
    summary = done.summary.query("scene == 'profiles' and size == 120 and measure == 'ari'")
    assert summary.set_index("method")["value"].to_dict() == pytest.approx(ari.mean().to_dict())
    pair = done.differences.query("scene == 'profiles' and size == 120 and measure == 'ari'")
    paired = ari["kmeans"] - ari["ours"]
    assert pair["difference"].item() == pytest.approx(paired.mean())
    assert pair["mcse"].item() == pytest.approx(paired.std() / np.sqrt(3))
    false = done.summary.query("measure == 'false_discovery'")
    assert set(false["scene"]) == {"none"}


def test_the_page_and_the_tables_are_in_the_folder(done) -> None:
    page = done.report.read_text("utf-8")
    assert "<script" not in page
    for name in ("kmeans", "ours"):
        assert name in page
    again = read_study(done.folder)
    pd.testing.assert_frame_equal(again.results, done.results)
    assert len(pd.read_csv(done.folder / "summary.csv")) == len(done.summary)


def test_a_stopped_study_goes_on_to_the_same_bytes(done, tmp_path, monkeypatch) -> None:
    def stop(stage: str, finished: int, _: int) -> None:
        if stage == "study" and finished >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        study(SMALL, tmp_path, workers=1, progress=stop)
    assert "10 finished tasks" in caught.value.__notes__[0]
    run = []
    real = study_tasks.draw_outcomes
    monkeypatch.setattr(study_tasks, "draw_outcomes", lambda *a: run.append(a[2]) or real(*a))
    again = study(SMALL, tmp_path, workers=1)
    assert sum(map(len, run)) == 24 - 10
    for name in ("results.parquet", "summary.csv", "differences.csv"):
        assert (again.folder / name).read_bytes() == (done.folder / name).read_bytes()
    run.clear()
    more = {**SMALL, "name": "other", "methods": SMALL["methods"] | {"ward": {"rival": "ward"}}}
    study(more, tmp_path, workers=1)
    assert {method.rival for some in run for method in some.values()} == {"ward"}


def test_a_page_that_fails_costs_nothing(done, monkeypatch) -> None:
    monkeypatch.setattr(study_run, "page_of", lambda _: 1 / 0)
    with pytest.warns(SceneWarning, match="ZeroDivisionError.*all tables are in"):
        again = study(SMALL, done.folder.parent, workers=1)
    assert str(again.folder) in again.page_failure
    assert not again.report.exists()
    pd.testing.assert_frame_equal(again.results, done.results)


def test_a_failed_task_is_kept_and_stops_nothing(tmp_path, monkeypatch) -> None:
    one = {**SMALL, "repetitions": 2, "factors": {"size": [80]}}
    one["scenes"] = {"profiles": SMALL["scenes"]["profiles"]}
    with monkeypatch.context() as patch:
        fail = "synthcohort.simulation_study.draw_outcome.partitions_only"
        patch.setattr(fail, lambda _: (_ for _ in ()).throw(ValueError("no fit")))
        with pytest.warns(SceneWarning, match="2 tasks failed.*no fit"):
            done = study(one, tmp_path, workers=1)
    assert done.results["error"].tolist() == ["", "ValueError: no fit"] * 2
    assert "Tasks that failed" in done.report.read_text("utf-8")
    with pytest.warns(SceneWarning, match="failed"):
        study(one, tmp_path, workers=1)
    assert (study(one, tmp_path, workers=1, retry=True).results["error"] == "").all()


def test_two_studies_in_one_folder(tmp_path) -> None:
    with alone_in(tmp_path / TASKS), pytest.raises(SceneError, match="another study is running"):
        study(SMALL, tmp_path, workers=1)
    assert [p.name for p in tmp_path.iterdir()] == [TASKS]


def test_a_forecast_counts_and_runs_nothing_twice(done) -> None:
    found = forecast({**SMALL, "repetitions": 5}, done.folder.parent, workers=1)
    assert (found.tasks, found.finished, found.draws) == (40, 24, 4)
    assert found.seconds > 0
    assert "40 tasks, 24 of them finished" in str(found)
