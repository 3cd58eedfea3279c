"""The implicit consensus against Leiden on the dense graph: modularity, time and memory.

python -m benchmarks.quality [--size N] [--bootstraps B] [--k K ...] [--reference FOLDER]

The dense path takes an hour or more at the default size. `--reference` keeps its results by
the checksum of the labels, so that a repeated run computes only ours and what is not there;
`benchmarks/dense_results` has those of all graphs at the default size. Times that were kept are of
another run, perhaps of a busy machine: they are printed as such and promise nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans

from benchmarks.dense import DenseGraph
from synthcohort import generate
from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.clustering.preprocessing import prepare
from synthcohort.scene import load_scene

RESOLUTIONS = [round(0.1 * i, 1) for i in range(1, 12)]
ALLOWED = 1e-6
FASTER, SMALLER = 50, 15
# Below this, what either path needs is lost in what Python needs.
_LARGE_GB = 1.0
# The hardest first.
GRAPHS = [
    (scene, whiten, k)
    for whiten in (True, False)
    for k in (40, 8, 3)
    for scene in ("haalsi_example", "planted_profiles")
]


def replicates(scene_name: str, whiten: bool, k: int, size: int, bootstraps: int) -> np.ndarray:
    """Labels of plain k-means, one start each, on bootstrap samples."""
    scene = load_scene(scene_name)
    population = generate(scene, size=size)
    X = population.X[scene.experiment.biomarkers]
    values = np.asarray(prepare(X, "zscore", whiten, {}, population.metadata).values)
    labels = np.empty((size, bootstraps), dtype=np.uint8)
    for b in range(bootstraps):
        rng = np.random.default_rng([scene.seed, b])
        counts = rng.multinomial(size, np.full(size, 1 / size))
        inside = np.flatnonzero(counts)
        model = KMeans(k, n_init=1, random_state=int(rng.integers(2**31)))
        model.fit(values[inside], sample_weight=counts[inside].astype(float))
        labels[:, b] = model.predict(values)
    return labels


def dense_results(labels: np.ndarray, known: dict[str, Any], kept: Path | None) -> dict[str, Any]:
    """Add what is missing to the dense path's results; write them after every resolution."""
    if all(str(gamma) in known for gamma in RESOLUTIONS):
        return known
    start = time.perf_counter()
    graph = DenseGraph(labels)
    known["build_seconds"] = time.perf_counter() - start
    for gamma in RESOLUTIONS[::-1]:
        if str(gamma) in known:
            continue
        start = time.perf_counter()
        value, _ = graph.leiden(gamma)
        known[str(gamma)] = {"modularity": value, "seconds": time.perf_counter() - start}
        known["peak_gb"] = peak_gb()
        if kept is not None:
            kept.write_text(json.dumps(known))
    return known


def reference(labels: np.ndarray, folder: Path | None) -> dict[str, Any]:
    """Results of the dense path, in a process of its own so that its memory is its own."""
    kept = None
    known: dict[str, Any] = {}
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / f"{hashlib.sha256(labels.tobytes()).hexdigest()[:16]}.json"
        known = json.loads(kept.read_text()) if kept.exists() else {}
    return apart(dense_results, labels, known, kept) | {"earlier": bool(known)}


def apart(function: Callable[..., Any], *arguments: object) -> Any:
    """Call in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def peak_gb() -> float:
    """Most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def our_results(labels: np.ndarray) -> dict[str, Any]:
    """Modularity and communities at each resolution, seconds, and peak memory."""
    partitions(np.zeros((9, 2), dtype=np.uint8), [1.0])  # compile first
    imported, start = peak_gb(), time.perf_counter()
    found = partitions(labels, RESOLUTIONS)
    seconds = time.perf_counter() - start
    cells = {gamma: (one.modularity, one.n_clusters) for gamma, one in found.items()}
    return {"cells": cells, "seconds": seconds, "imported_gb": imported, "peak_gb": peak_gb()}


def compare(name: str, ours: dict[str, Any], dense: dict[str, Any]) -> Iterator[str]:
    """Print a graph's part of the table, and yield what it misses."""
    for gamma, (value, clusters) in ours["cells"].items():
        expected = dense[str(gamma)]["modularity"]
        gap = value - expected
        print(f"{name:34} {gamma:5.1f} {clusters:8d} {value:11.7f} {expected:11.7f} {gap:+10.1e}")
        if gap < -ALLOWED:
            yield f"{name} at {gamma}: {gap:.1e}"
    seconds = dense["build_seconds"] + sum(dense[str(g)]["seconds"] for g in RESOLUTIONS)
    # What both import is no part of either path.
    own, other = (one["peak_gb"] - ours["imported_gb"] for one in (ours, dense))
    faster, smaller = seconds / ours["seconds"], other / max(own, 1e-3)
    run = "dense in an earlier run" if dense["earlier"] else "dense"
    print(
        f"{name}: {ours['seconds']:.1f} s and {own:.2f} GB; {run} {seconds:.0f} s "
        f"and {other:.1f} GB; {faster:.0f} times faster, {smaller:.0f} times smaller",
        flush=True,
    )
    if dense["earlier"]:
        return
    if other > _LARGE_GB and (faster < FASTER or smaller < SMALLER):
        yield f"{name}: {faster:.0f} times faster, {smaller:.0f} times smaller"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--bootstraps", type=int, default=100)
    parser.add_argument("--k", type=int, nargs="+", default=[3, 8, 40])
    parser.add_argument("--reference", type=Path)
    given = parser.parse_args()
    print(f"N={given.size} B={given.bootstraps}")
    print(f"{'graph':34} gamma clusters    implicit dense Leiden difference")
    missed: list[str] = []
    for scene, whiten, k in GRAPHS:
        if k not in given.k:
            continue
        name = f"{scene}{' whitened' if whiten else ''} k={k}"
        labels = replicates(scene, whiten, k, given.size, given.bootstraps)
        missed += compare(name, apart(our_results, labels), reference(labels, given.reference))
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
