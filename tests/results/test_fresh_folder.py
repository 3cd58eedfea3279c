"""Run folders: whole or not there, and each run its own whatever else starts in its second."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

from synthcohort.results.fresh_folder import new_folder
from synthcohort.scene import SceneError

NOW = datetime(2026, 1, 2, 3, 4, 5)
STEM = "s__20260102_030405"


def test_eight_runs_of_one_second_each_have_a_folder(tmp_path) -> None:
    together = Barrier(8)

    def one(number: int) -> None:
        together.wait()
        with new_folder(tmp_path / "out", "s", NOW) as (partial, _):
            (partial / "who").write_text(str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    found = {p.name: (p / "who").read_text() for p in (tmp_path / "out").iterdir()}
    assert set(found) == {STEM, *(f"{STEM}_{number}" for number in range(2, 9))}
    assert sorted(found.values()) == list("01234567")


def test_a_run_within_another_of_the_same_second(tmp_path) -> None:
    with new_folder(tmp_path, "s", NOW) as (one, _), new_folder(tmp_path, "s", NOW) as (two, _):
        assert one != two
    assert {p.name for p in tmp_path.iterdir()} == {STEM, f"{STEM}_2"}


def test_what_a_killed_run_left_is_left_alone(tmp_path) -> None:
    (tmp_path / f".{STEM}.partial").mkdir()
    with new_folder(tmp_path, "s", NOW) as (_, target):
        pass
    assert target.name == f"{STEM}_2"
    assert target.is_dir()


def test_a_file_in_the_place_of_the_folder(tmp_path) -> None:
    (tmp_path / "out").write_text("")
    with (
        pytest.raises(SceneError, match=r"--out: got .*out', allowed: a writable folder"),
        new_folder(tmp_path / "out", "s", NOW),
    ):
        pass
