"""A run on a Dask cluster: a scheduler and two workers in processes of their own on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sklearn.cluster import Birch
from sklearn.preprocessing import FunctionTransformer

from synthcohort import run
from synthcohort.bases import BASES, register_base
from synthcohort.grid.scheduler import on_cluster
from synthcohort.preprocessing import PREPROCESSINGS, register_preprocessing
from synthcohort.scene import SceneError

distributed = pytest.importorskip("distributed")
SETTINGS = {
    "preprocessings": ["zscore", "cubed"],
    "whiten": [False],
    "base": {"kmeans": [2, 4], "birch": [3]},
    "resolutions": [0.8, 1.0],
    "bootstraps": 10,
    "references": 0,
}
FILES = ("labels.parquet", "scores.csv")


def start(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    local = ["--host", "127.0.0.1"]
    address = ["--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    process = start("dask_scheduler", *local, *address, folder=folder)
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
        yield client, folder
    stop(process)


@pytest.fixture
def workers(scheduler):
    client, folder = scheduler
    address = client.scheduler_info()["address"]
    alone = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    both = [start("dask_worker", address, *alone, folder=folder) for _ in range(2)]
    client.wait_for_workers(2, timeout=60)
    yield address, both, client
    for process in both:
        stop(process)
    while client.nthreads():
        time.sleep(0.1)


@pytest.fixture
def registered():
    """Entries that the workers don't know by themselves."""
    register_preprocessing("cubed", FunctionTransformer(lambda x: x**3))
    register_base("birch", Birch(threshold=0.01))
    yield
    del PREPROCESSINGS["cubed"], BASES["birch"]


def bytes_of(done) -> list[bytes]:
    return [(done.folder / name).read_bytes() for name in FILES]


@pytest.mark.usefixtures("registered")
def test_a_cluster_changes_no_byte_also_when_a_worker_is_killed(workers, tmp_path) -> None:
    address, both, client = workers
    here = run("planted_profiles", tmp_path, size=300, workers=1, **SETTINGS)
    stages = []

    def kill_one(stage: str, done: int, _: int) -> None:
        stages.append(stage)
        if stage == "cluster" and done == 1 and both[0].poll() is None:
            os.killpg(both[0].pid, signal.SIGKILL)

    with on_cluster(address):
        assert len(client.nthreads()) == 2
        there = run("planted_profiles", tmp_path, size=300, progress=kill_one, **SETTINGS)
    assert both[0].poll() is not None
    assert stages.count("cluster") == 7  # the start and every cell
    assert bytes_of(here) == bytes_of(there)


def test_a_worker_with_threads_is_refused(scheduler) -> None:
    client, folder = scheduler
    address = client.scheduler_info()["address"]
    arguments = ["--nthreads", "2", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    process = start("dask_worker", address, *arguments, folder=folder)
    client.wait_for_workers(1, timeout=60)
    message = "has 2 threads, allowed: dask worker --nthreads 1"
    with pytest.raises(SceneError, match=message), on_cluster(address):
        pass
    stop(process)
    while client.nthreads():
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("tcp://127.0.0.1:1", "got 'tcp://127.0.0.1:1', no answer in 1 s; allowed: the address"),
        ("nonsense", r"got 'nonsense' \(missing port number in address 'nonsense'\), allowed"),
        ("tcp://127.0.0.1:port", r"got 'tcp://127.0.0.1:port' \(.*\), allowed: the address"),
        ("foo://host:1", r"got 'foo://host:1' \(unknown address scheme 'foo'.*, allowed"),
    ],
)
def test_nobody_answers(address: str, message: str, monkeypatch) -> None:
    monkeypatch.setattr("synthcohort.grid.scheduler._TIMEOUT", 1)
    with pytest.raises(SceneError, match=f"--scheduler: {message}"), on_cluster(address):
        pass


def test_something_else_answers(monkeypatch) -> None:
    """A port that takes connections and never says what a scheduler says."""
    monkeypatch.setattr("synthcohort.grid.scheduler._TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(SceneError, match="no answer in 1 s"), on_cluster(address):
            pass


def test_without_the_extra(monkeypatch) -> None:
    monkeypatch.setattr("synthcohort.grid.scheduler.find_spec", lambda _: None)
    message = r"--scheduler: needs Dask, allowed after: pip install 'synthcohort\[dask\]'"
    with pytest.raises(SceneError, match=message), on_cluster("tcp://127.0.0.1:8786"):
        pass
