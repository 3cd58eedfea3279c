"""Finished tasks are kept whole, and what is torn counts as absent."""

import errno
from pathlib import Path

import pytest

from synthcohort.machine.machine_error import MachineError
from synthcohort.task_store.content_keys import content_key
from synthcohort.task_store.resumable_tasks import finished_task, finished_tasks
from synthcohort.task_store.stored_results import TaskStore


def double(value: int) -> int:
    if value < 0:
        raise ValueError("negative")
    return 2 * value


def test_a_finished_task_is_never_run_twice(tmp_path) -> None:
    store = TaskStore(tmp_path / "store")
    jobs = {f"task {i}": (i,) for i in range(4)}
    store.keep("task 2", "kept")
    expected = {"task 0": 0, "task 1": 2, "task 2": "kept", "task 3": 6}
    assert dict(finished_tasks(double, jobs, 1, store)) == expected
    never = dict.fromkeys(jobs, (-1,))
    assert dict(finished_tasks(double, never, 1, store)) == expected
    assert finished_task("task 3", store, double, -1) == 6


def test_what_was_done_before_a_failure_is_kept(tmp_path) -> None:
    store = TaskStore(tmp_path / "store")
    with pytest.raises(ValueError, match="negative"):
        list(finished_tasks(double, {"a": (1,), "b": (-1,)}, 1, store))
    assert store.found(["a", "b"]) == {"a": 2}


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-1], lambda c: c[:40] + b"x" + c[41:], lambda _: b""]
)
def test_a_torn_or_changed_file_is_absent(tmp_path, spoil) -> None:
    store = TaskStore(tmp_path)
    store.keep("a", list(range(100)))
    [path] = tmp_path.iterdir()
    path.write_bytes(spoil(path.read_bytes()))
    assert store.found(["a"]) == {}


def test_without_a_folder_nothing_is_kept() -> None:
    store = TaskStore()
    store.keep("a", 1)
    assert store.found(["a"]) == {}
    assert store.count == 0


def test_a_full_disk_is_one_message_and_loses_nothing(tmp_path, monkeypatch) -> None:
    store = TaskStore(tmp_path)
    store.keep("a", 1)

    def full(_path: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(MachineError, match="is full"):
            store.keep("b", 2)
    assert store.found(["a", "b"]) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["a.task"]


def test_a_key_depends_on_content_and_order() -> None:
    assert content_key({"a": 1}) == content_key({"a": 1})
    assert content_key({"a": 1}) != content_key({"a": 2})
    assert content_key({"a": 1, "b": 2}) != content_key({"b": 2, "a": 1})
