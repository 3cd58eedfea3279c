"""The run: its folder, its scores, equal analyses, and what is left when it is stopped."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from synthcohort import run, score
from synthcohort.results.manifest import verify, write_manifest
from synthcohort.results.run_folder import read_findings
from synthcohort.runs.report_files import renew_report
from synthcohort.scene import SceneError, load_scene, to_dict

SMALL = {
    "preprocessings": ["zscore"],
    "base": {"kmeans": [2]},
    "resolutions": [1.0],
    "bootstraps": 4,
}


def test_folder_is_whole(small_run) -> None:
    names = {p.name for p in small_run.folder.iterdir()}
    assert {"data.csv", "data.parquet", "truth.parquet", "codebook.csv", "manifest.json"} <= names
    assert {"labels.parquet", "scores.csv", "report.html", "figures"} <= names
    assert verify(small_run.folder) == []
    data = pd.read_csv(small_run.folder / "data.csv")
    assert data["id"].iloc[0] == "SYN-0000001"
    pd.testing.assert_frame_equal(
        data.set_index("id")[["Weight"]],
        pd.read_parquet(small_run.folder / "data.parquet")[["Weight"]],
        check_index_type=False,
    )
    manifest = json.loads((small_run.folder / "manifest.json").read_text())
    assert manifest["synthetic"] == "true"
    assert load_scene(manifest["scene"]) == small_run.findings.scene


def test_scores_are_those_of_the_labels(small_run) -> None:
    scores = small_run.scores
    assert len(scores) == 3 * 2 * 2 * 2 * 4  # preprocessing, whitening, k, resolution, truth
    for row in scores.iloc[::5].itertuples():
        labels = small_run.labels[row.partition].astype(int).to_numpy()
        truth = small_run.findings.people.truths[row.truth].to_numpy()
        assert score(labels, truth)["ari"] == pytest.approx(row.ari)
        assert len(set(labels)) == row.n_clusters


def test_equal_analyses_run_once_and_say_so(small_run) -> None:
    keys = ["k", "resolution", "truth"]
    whitened = small_run.scores[small_run.scores["whitened"]]
    one, two = (
        whitened[whitened["preprocessing"] == name].drop(columns="preprocessing").set_index(keys)
        for name in ("zscore", "minmax")
    )
    pd.testing.assert_frame_equal(one, two)
    assert not any(c.startswith("minmax+whitened") for c in small_run.labels)
    assert any("min-max whitened: not run again" in note for note in small_run.findings.notes)
    assert any(note.startswith("binary: constant") for note in small_run.findings.notes)


def test_workers_change_no_byte(tmp_path) -> None:
    settings = SMALL | {"base": {"kmeans": [2, 3]}}
    one = run("planted_profiles", tmp_path, size=300, workers=1, **settings)
    two = run("planted_profiles", tmp_path, size=300, workers=2, **settings)
    assert one.folder != two.folder
    for name in ("labels.parquet", "scores.csv", "data.csv", "truth.parquet"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()


def test_missing_values_are_counted_not_hidden(tmp_path, monkeypatch) -> None:
    real = sys.modules["synthcohort.runs.scene_run"].generate

    def with_gaps(scene):
        population = real(scene)
        population.measured["Weight"][::10] = np.nan
        return population

    monkeypatch.setattr(sys.modules["synthcohort.runs.scene_run"], "generate", with_gaps)
    done = run("haalsi_example", tmp_path, size=200, workers=1, **SMALL)
    assert done.labels.iloc[::10].isna().all().all()
    assert done.labels.notna().sum().unique().tolist() == [180]
    assert (done.findings.tables.analyses["rows_dropped"] == 20).all()
    assert "20 of 200 individuals have missing values" in done.report.read_text()


def test_report_can_be_made_again_from_the_folder(tmp_path) -> None:
    done = run("haalsi_example", tmp_path, size=200, workers=1, **SMALL)
    before = (done.folder / "figures" / "resolution.svg").read_bytes()
    renew_report(done.folder)
    assert (done.folder / "figures" / "resolution.svg").read_bytes() == before
    assert verify(done.folder) == []
    pd.testing.assert_frame_equal(
        read_findings(done.folder).tables.labels, done.labels, check_index_type=False
    )


def test_any_json_parser_reads_the_manifest(small_run, tmp_path) -> None:
    def refuse(word: str) -> None:
        raise ValueError(word)

    json.loads((small_run.folder / "manifest.json").read_text(), parse_constant=refuse)
    choice = {"partition": None, "p_value": float("nan"), "certainty": float("inf")}
    write_manifest(tmp_path, {"choice": choice, "seconds": 1.5, "notes": [float("nan")]})
    found = json.loads((tmp_path / "manifest.json").read_text(), parse_constant=refuse)
    assert found["choice"] == dict.fromkeys(choice)
    assert found["notes"] == [None]


def test_verify_names_what_changed(tmp_path) -> None:
    done = run("haalsi_example", tmp_path, cluster=False, size=50)
    (done.folder / "data.csv").write_text("changed")
    (done.folder / "new.txt").write_text("x")
    (done.folder / "codebook.csv").unlink()
    assert verify(done.folder) == [
        "codebook.csv: missing",
        "new.txt: not part of the run",
        "data.csv: changed since the run",
    ]


@pytest.mark.parametrize("name", ["../up", "<b>x</b>", "..", "a/b\\c"])
def test_names_are_harmless_in_paths(name: str, tmp_path) -> None:
    scene = {**to_dict(load_scene("haalsi_example")), "name": name}
    done = run(scene, tmp_path / "out", cluster=False, size=20)
    assert done.folder.parent == tmp_path / "out"
    assert "<b>x" not in done.report.read_text()


@pytest.mark.parametrize("there", ["*.partial", "*.partial/codebook.csv"])
def test_killed_runs_leave_no_folder_that_looks_whole(there: str, tmp_path) -> None:
    """Killed without warning once the folder is there, and once it clusters."""
    command = [sys.executable, "-m", "synthcohort.cli", "run", "haalsi_example", "--size", "3000"]
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob(f".{there}")) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.poll() is None, "the run ended before it could be killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert list(tmp_path.glob(f".{there}"))
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == []


def test_an_error_in_the_middle_leaves_nothing(tmp_path, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("disk is full")

    monkeypatch.setattr("synthcohort.runs.conductor.write_tables", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        run("haalsi_example", tmp_path / "new" / "deep", cluster=False, size=20)
    assert list(tmp_path.iterdir()) == []


def test_too_many_clusters_for_the_individuals(tmp_path) -> None:
    with pytest.raises(SceneError, match="got k = 40, allowed: at most the 30 individuals"):
        run("haalsi_example", tmp_path / "out", size=30)
    assert not (tmp_path / "out").exists()
