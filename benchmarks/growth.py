"""Time and memory of the consensus step as the number of individuals grows.

python -m benchmarks.growth [--sizes N ...] [--bootstraps B] [--k K] [--threads T] [--folder F]

The labels are on disk, as a memory map. They come from k-means centres, fitted on small
bootstrap samples, to which everybody is assigned: cheap to make, and of the same kind.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from synthcohort import generate
from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.clustering.preprocessing import prepare
from synthcohort.scene import load_scene

RESOLUTIONS = [round(0.1 * i, 1) for i in range(1, 12)]
EXPONENT, SECONDS, BEYOND_GB, RESIDENT_GB = 1.1, 150.0, 2.5, 3.0
_FITTED_ON = 2000
_ROWS = 2000


def make_labels(path: Path, size: int, bootstraps: int, k: int) -> None:
    """Write labels, shape (size, bootstraps), as a NumPy file."""
    scene = load_scene("haalsi_example")
    population = generate(scene, size=size)
    X = population.X[scene.experiment.biomarkers]
    prepared = prepare(X, "zscore", True, {}, population.metadata).values
    values = np.asarray(prepared, dtype=np.float32)
    rng = np.random.default_rng(scene.seed)
    centres = []
    for _ in range(bootstraps):
        sample = values[rng.integers(0, size, _FITTED_ON)]
        model = KMeans(k, n_init=1, random_state=int(rng.integers(2**31))).fit(sample)
        centres.append(model.cluster_centers_)
    stacked = np.concatenate(centres).astype(np.float32)
    half_norm = (stacked**2).sum(axis=1) / 2
    kept = np.lib.format.open_memmap(path, "w+", np.uint8, (size, bootstraps))
    for first in range(0, size, _ROWS):
        near = values[first : first + _ROWS] @ stacked.T - half_norm
        kept[first : first + _ROWS] = near.reshape(len(near), bootstraps, k).argmax(axis=2)
    kept.flush()


def consensus(path: Path, threads: int, done: Connection) -> None:
    """Partition the labels on disk, after compiling, and send the seconds."""
    partitions(np.zeros((9, 2), dtype=np.uint8), [1.0], n_jobs=threads)
    labels = np.load(path, mmap_mode="r")
    done.send("start")
    start, cpu = time.perf_counter(), time.process_time()
    found = partitions(labels, RESOLUTIONS, n_jobs=threads)
    done.send((time.perf_counter() - start, time.process_time() - cpu))
    done.send([one.n_clusters for one in found.values()])


def memory_gb(pid: int) -> tuple[float, float]:
    """Resident memory of a process, and the part of it that is not backed by a file."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kilobytes = {line.split()[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return kilobytes["Rss:"] / 2**20, kilobytes["Anonymous:"] / 2**20


def measure(path: Path, threads: int) -> tuple[float, float, float, float, list[int]]:
    """Wall and processor seconds, peak resident and anonymous GB, and numbers of clusters."""
    context = get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=consensus, args=(path, threads, there))
    child.start()
    there.close()
    here.recv()
    resident = anonymous = 0.0
    while not here.poll(0.2):
        now = memory_gb(child.pid or 0)
        resident, anonymous = max(resident, now[0]), max(anonymous, now[1])
    seconds, cpu = here.recv()
    clusters = here.recv()
    child.join()
    return seconds, cpu, resident, anonymous, clusters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--bootstraps", type=int, default=1000)
    parser.add_argument("--k", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where labels are kept for the next time")
    given = parser.parse_args()
    print(f"B={given.bootstraps} k={given.k}, 11 resolutions, {given.threads} threads")
    print(f"{'N':>9} {'seconds':>8} {'CPU':>8} {'labels GB':>9} {'resident GB':>11} {'own GB':>7}")
    seconds, missed = [], []
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        for size in given.sizes:
            path = folder / f"labels-{size}-{given.bootstraps}-{given.k}.npy"
            if not path.exists():
                make_labels(path, size, given.bootstraps, given.k)
            wall, cpu, resident, own, clusters = measure(path, given.threads)
            seconds.append(wall)
            print(
                f"{size:9d} {wall:8.1f} {cpu:8.1f} {size * given.bootstraps / 2**30:9.2f} "
                f"{resident:11.2f} {own:7.2f}  clusters {clusters}",
                flush=True,
            )
            if own > BEYOND_GB or resident > RESIDENT_GB:
                missed.append(
                    f"memory at {size}: {own:.2f} GB beyond labels, {resident:.2f} in all"
                )
    if len(seconds) > 1:
        exponent = np.log(seconds[-1] / seconds[0]) / np.log(given.sizes[-1] / given.sizes[0])
        print(f"time grows as N^{exponent:.2f}, allowed: N^{EXPONENT}")
        if exponent > EXPONENT:
            missed.append(f"exponent {exponent:.2f}")
    if seconds[-1] > SECONDS:
        missed.append(f"{seconds[-1]:.0f} s, allowed: {SECONDS:.0f}")
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
