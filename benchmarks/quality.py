"""Modularity of the implicit consensus against Leiden on the dense graph, in every cell.

python -m benchmarks.quality [--size N] [--bootstraps B] [--k K ...] [--reference FOLDER]

The dense path takes an hour or more at the default size: `--reference` keeps its results,
by the checksum of the labels, so that a repeated run only computes ours.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.cluster import KMeans

from benchmarks.dense import DenseGraph
from synthcohort import generate
from synthcohort.clustering.consensus import partitions
from synthcohort.clustering.preprocessing import prepare
from synthcohort.scene import load_scene

RESOLUTIONS = [round(0.1 * i, 1) for i in range(1, 12)]
ALLOWED = 1e-6
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
        known["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
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
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(dense_results, labels, known, kept).result()


def compare(name: str, labels: np.ndarray, dense: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """Each resolution's difference and its line of the table."""
    start = time.perf_counter()
    found = partitions(labels, RESOLUTIONS)
    ours = time.perf_counter() - start
    for gamma, partition in found.items():
        expected = dense[str(gamma)]["modularity"]
        gap = partition.modularity - expected
        yield (
            gap,
            f"{name:34} {gamma:5.1f} {partition.n_clusters:8d} {partition.modularity:11.7f} "
            f"{expected:11.7f} {gap:+10.1e}{'' if gap >= -ALLOWED else '  MISSED'}",
        )
    seconds = dense["build_seconds"] + sum(dense[str(g)]["seconds"] for g in RESOLUTIONS)
    print(
        f"{name}: ours {ours:.1f} s; dense {seconds:.0f} s "
        f"({dense['build_seconds']:.0f} s to build), {dense['peak_gb']:.1f} GB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--bootstraps", type=int, default=100)
    parser.add_argument("--k", type=int, nargs="+", default=[3, 8, 40])
    parser.add_argument("--reference", type=Path)
    given = parser.parse_args()
    partitions(np.zeros((9, 2), dtype=np.uint8), [1.0])  # compile first
    print(f"N={given.size} B={given.bootstraps}")
    print(f"{'graph':34} gamma clusters    implicit dense Leiden difference")
    worst = np.inf
    for scene, whiten, k in GRAPHS:
        if k not in given.k:
            continue
        name = f"{scene}{' whitened' if whiten else ''} k={k}"
        labels = replicates(scene, whiten, k, given.size, given.bootstraps)
        for gap, line in compare(name, labels, reference(labels, given.reference)):
            worst = min(worst, gap)
            print(line, flush=True)
    print(f"worst difference {worst:+.1e}, allowed {-ALLOWED:+.0e}")
    if worst < -ALLOWED:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
