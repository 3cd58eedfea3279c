"""Run folders: whole or not there, and each run its own whatever else starts in its second."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

from synthcohort.machine.claims import LOCK
from synthcohort.machine.fresh_folder import new_folder
from synthcohort.machine.machine_error import MachineWarning
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


def test_what_a_dead_run_left_is_cleared_and_what_lives_is_not(tmp_path) -> None:
    dead = tmp_path / ".old__20250101_000000.partial"
    page = tmp_path / "whole" / ".page.partial"
    for folder in (dead, page):
        folder.mkdir(parents=True)
        (folder / LOCK).write_text("")
        (folder / "half").write_text("x")
    with pytest.warns(MachineWarning, match=r"cleared .*: \.old.*, \.page"):  # noqa: SIM117
        with new_folder(tmp_path, "alive", NOW) as (alive, _), new_folder(tmp_path, "s", NOW):
            assert alive.is_dir()
    assert {p.name for p in tmp_path.iterdir()} == {"whole", STEM, "alive__20260102_030405"}
    assert list((tmp_path / "whole").iterdir()) == []
    assert list((tmp_path / STEM).iterdir()) == []


def test_what_has_no_lock_is_cleared_when_it_is_old(tmp_path) -> None:
    (tmp_path / ".old.partial").mkdir()
    os.utime(tmp_path / ".old.partial", (0, 0))
    with pytest.warns(MachineWarning, match="cleared"), new_folder(tmp_path, "s", NOW):
        pass
    assert {p.name for p in tmp_path.iterdir()} == {STEM}


def test_a_link_to_a_folder_that_is_not_there_yet(tmp_path) -> None:
    (tmp_path / "runs").symlink_to(tmp_path / "elsewhere")
    with new_folder(tmp_path / "runs", "s", NOW):
        pass
    assert (tmp_path / "elsewhere" / STEM).is_dir()


def test_a_name_too_long_for_a_file(tmp_path) -> None:
    with new_folder(tmp_path, "s" * 400, NOW) as (_, target):
        pass
    assert target.is_dir()


def test_a_file_in_the_place_of_the_folder(tmp_path) -> None:
    (tmp_path / "out").write_text("")
    with (
        pytest.raises(SceneError, match=r"--out: got .*out', allowed: a writable folder"),
        new_folder(tmp_path / "out", "s", NOW),
    ):
        pass
