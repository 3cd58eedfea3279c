"""Files by the door: whole or not there, devices and links left as they are."""

import os
import stat
import threading
from pathlib import Path

import pytest

from synthcohort.machine import disk_faults
from synthcohort.machine.claims import claim
from synthcohort.machine.machine_error import MachineError
from synthcohort.machine.written_files import scratch_folder, write_text, written
from synthcohort.scene import SceneError


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_link_is_followed_and_permissions_stay(tmp_path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to("real")
    write_text("new", link)
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    (tmp_path / "dangling").symlink_to("made")
    write_text("x", tmp_path / "dangling")
    assert names(tmp_path) == ["dangling", "link", "made", "real"]


def test_a_pipe_is_written_to(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()))
    reader.start()
    write_text("through", tmp_path / "pipe")
    reader.join(5)
    assert read == ["through"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_devices_are_written_to() -> None:
    write_text("x", "/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(MachineError, match="full could not be written: the disk of /dev is full"):
        write_text("x", "/dev/full")


def test_standard_output(capfd, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_text("one\n", "-")
    write_text("two\n", "/dev/stdout")
    assert capfd.readouterr().out == "one\ntwo\n"
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", ["missing folder", "a folder", "a file as folder", "long name"])
def test_places_that_do_not_serve(kind: str, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    target = {
        "missing folder": tmp_path / "no" / "x",
        "a folder": tmp_path,
        "a file as folder": tmp_path / "file" / "x",
        "long name": tmp_path / ("x" * 300),
    }[kind]
    with pytest.raises(SceneError, match=r"--out: got .*, allowed: a file that can be written"):
        write_text("x", target)
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [ValueError("other"), KeyboardInterrupt()])
def test_what_fails_leaves_the_old_file(error: BaseException, tmp_path) -> None:
    (tmp_path / "x").write_text("old")
    with pytest.raises(type(error)):  # noqa: PT012, SIM117
        with written(tmp_path / "x") as path:
            path.write_text("half")
            raise error
    assert names(tmp_path) == ["x"]
    assert (tmp_path / "x").read_text() == "old"


def test_a_library_that_hides_a_full_disk(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(disk_faults, "_free", lambda _: (512, 9))
    with (
        pytest.raises(MachineError, match=r"x could not be written: the disk of .*\(0.0 MB"),
        written(tmp_path / "x"),
    ):
        raise RuntimeError("Unable to write data")
    monkeypatch.setattr(disk_faults, "_free", lambda _: (1 << 40, 0))
    with pytest.raises(MachineError, match="no inodes are free"), written(tmp_path / "x"):
        raise RuntimeError("Unable to write data")
    assert names(tmp_path) == []


def test_what_a_killed_writer_left_is_cleared_and_a_living_one_is_not(tmp_path) -> None:
    (tmp_path / ".x.dead.partial").write_text("half")
    living = claim(tmp_path / ".x.alive.partial")
    write_text("whole", tmp_path / "x")
    assert names(tmp_path) == [".x.alive.partial", "x"]
    assert living is not None
    os.close(living)


def test_many_at_once_leave_one_whole_file(tmp_path) -> None:
    texts = [str(number) * 100_000 for number in range(8)]
    writers = [threading.Thread(target=write_text, args=(t, tmp_path / "x")) for t in texts]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert (tmp_path / "x").read_text() in texts
    assert names(tmp_path) == ["x"]


def test_scratch_folders_go(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch_folder() as folder:
        (folder / "x").write_text("x")
    assert names(tmp_path) == []
