"""A run that is stopped goes on where it was, and gives the same bytes."""

from pathlib import Path

import pytest

from synthcohort import cluster, generate, run
from synthcohort.grid import whole_grid
from synthcohort.runs.unfinished_runs import UNFINISHED
from synthcohort.scene import SceneWarning

FEW = {
    "verdict": False,
    "preprocessings": ["zscore"],
    "whiten": [False],
    "base": {"kmeans": [2, 3, 4]},
    "resolutions": [0.8, 1.0],
    "bootstraps": 4,
    "workers": 1,
}
X, _, _ = generate("planted_profiles", size=90)
SETTINGS = {"biomarkers": list(X)}


def stop_at(stage: str, count: int):
    def tell(now: str, done: int, _: int) -> None:
        if (now, done) == (stage, count):
            raise KeyboardInterrupt

    return tell


def stopped(function, *arguments, stage: tuple[str, int], **keywords) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        function(*arguments, progress=stop_at(*stage), **keywords)
    assert "--resume" in caught.value.__notes__[0]


def tables(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix in (".csv", ".parquet")}


@pytest.mark.parametrize(
    ("stage", "cells"),
    [(("cluster", 2), 1), (("reference data sets", 2), 0), (("instability", 1), 0)],
)
def test_a_stopped_run_goes_on(tmp_path, monkeypatch, stage, cells) -> None:
    references = int(stage[0] == "reference data sets")
    straight = cluster(X, SETTINGS, tmp_path / "a", references=references, **FEW)
    out = tmp_path / "b"
    stopped(cluster, X, SETTINGS, out, stage=stage, references=references, **FEW)
    again = []
    real = whole_grid.run_cell
    monkeypatch.setattr(whole_grid, "run_cell", lambda *a: again.append(a) or real(*a))
    done = cluster(X, SETTINGS, out, resume=True, references=references, **FEW)
    assert len(again) == cells
    assert tables(done.folder) == tables(straight.folder)
    assert [p.name for p in out.iterdir()] == [done.folder.name]


def test_a_scene_goes_on(tmp_path) -> None:
    straight = run("planted_profiles", tmp_path / "a", size=90, **FEW)
    stopped(run, "planted_profiles", tmp_path / "b", stage=("cluster", 2), size=90, **FEW)
    done = run("planted_profiles", tmp_path / "b", size=90, resume=True, **FEW)
    assert tables(done.folder) == tables(straight.folder)


def test_a_table_is_known_by_its_values(tmp_path) -> None:
    stopped(cluster, X, SETTINGS, tmp_path, stage=("cluster", 1), **FEW)
    other = X.copy()
    other.iloc[0, 0] += 0.5
    with pytest.warns(SceneWarning, match="nothing to resume"):
        cluster(other, SETTINGS, tmp_path, resume=True, **FEW)
    assert len(list((tmp_path / UNFINISHED).iterdir())) == 1
    with pytest.warns(SceneWarning, match="1 finished task of the same run"):
        cluster(X, SETTINGS, tmp_path, **FEW)
    assert not (tmp_path / UNFINISHED).exists()
