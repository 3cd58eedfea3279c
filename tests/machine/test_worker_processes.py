"""Worker processes end with their parent and are silent; a killed one is a sentence."""

import subprocess
import sys
from pathlib import Path

import psutil

from synthcohort.machine import shared_maps
from synthcohort.machine.claims import LOCK

WORK = """
import os, signal, sys, time, warnings
import numpy as np
from joblib import delayed
from synthcohort.machine.machine_error import MachineError
from synthcohort.machine.worker_processes import in_processes

def job(x, array):
    warnings.warn("raw words of a library")
    if {dies} and x == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep({seconds})
    return x + int(array[0])

if __name__ == "__main__":
    array = np.zeros(200_000)
    try:
        for done in in_processes((delayed(job)(x, array) for x in range(4)), 2):
            print(done, flush=True)
    except MachineError as error:
        print(error)
"""


def started(folder: Path, dies: bool = False, seconds: float = 0) -> subprocess.Popen[str]:
    path = folder / "work.py"
    path.write_text(WORK.format(dies=dies, seconds=seconds))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, path], start_new_session=True, **pipes)


def test_results_in_order_and_no_raw_warning(tmp_path) -> None:
    out, error = started(tmp_path).communicate(timeout=120)
    assert (out.split(), error) == (["0", "1", "2", "3"], "")


def test_a_killed_worker_is_one_sentence(tmp_path) -> None:
    out, error = started(tmp_path, dies=True).communicate(timeout=120)
    assert out.splitlines()[-1].startswith("a worker process was killed or died")
    assert "Traceback" not in error


def test_workers_end_with_a_killed_parent(tmp_path) -> None:
    parent = started(tmp_path, seconds=0.5)
    assert parent.stdout is not None
    parent.stdout.readline()  # the workers are there
    workers = psutil.Process(parent.pid).children(recursive=True)
    assert len(workers) >= 2
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs(workers, timeout=5)
    alive = [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]
    assert alive == []


def test_folders_of_dead_processes_are_cleared(tmp_path, monkeypatch) -> None:
    dead = tmp_path / "synthcohort-maps-dead"
    dead.mkdir()
    (dead / LOCK).write_text("")
    (dead / "array").write_bytes(b"x" * 100)
    monkeypatch.setattr(shared_maps, "_MEMORY", tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shared_maps.maps_folder.cache_clear()
    try:
        mine = shared_maps.maps_folder()
        assert [str(p) for p in tmp_path.iterdir()] == [mine]
    finally:
        shared_maps.maps_folder.cache_clear()


def test_a_small_shared_memory_is_no_place(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(shared_maps, "_ENOUGH", 1 << 62)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shared_maps.maps_folder.cache_clear()
    try:
        assert Path(shared_maps.maps_folder() or "").parent == tmp_path
    finally:
        shared_maps.maps_folder.cache_clear()


def test_signals_raise_where_they_arrive() -> None:
    code = """
import os, signal, sys
from synthcohort.machine.ending_signals import Terminated, signals_as_interrupts
with signals_as_interrupts():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except KeyboardInterrupt as error:
        print(type(error).__name__, error, signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)
print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["Terminated", "SIGTERM", "False", "True"]
