"""The implicit consensus against igraph's Leiden on the dense co-association graph, side by side.

python -m benchmarks.consensus [--size N] [--bootstraps B] [--k K]
"""

from __future__ import annotations

import argparse
import time

from sklearn.cluster import KMeans

from benchmarks.dense import dense_leiden
from synthcohort import BootstrapClustering, generate
from synthcohort.clustering.consensus import partitions
from synthcohort.clustering.preprocessing import prepare
from synthcohort.scene import load_scene

RESOLUTIONS = [round(0.1 * i, 1) for i in range(1, 12)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--bootstraps", type=int, default=100)
    parser.add_argument("--k", type=int, default=8)
    given = parser.parse_args()
    scene = load_scene("haalsi_example")
    population = generate(scene, size=given.size)
    X = population.X[scene.experiment.biomarkers]
    values = prepare(X, "zscore", True, {}, population.metadata).values
    base = KMeans(given.k, n_init=1)
    labels = BootstrapClustering(base, n_bootstraps=given.bootstraps).fit(values).assignments_
    partitions(labels[:200], [1.0])  # compile first
    start = time.perf_counter()
    found = partitions(labels, RESOLUTIONS)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    reference = dense_leiden(labels, RESOLUTIONS)
    dense = time.perf_counter() - start
    print(f"N={given.size} B={given.bootstraps} k={given.k}, whitened z-score")
    print(f"{'gamma':>6} {'clusters':>8} {'implicit':>12} {'dense Leiden':>12} {'difference':>12}")
    worst = 0.0
    for gamma, partition in found.items():
        gap = partition.modularity - reference[gamma]
        worst = min(worst, gap)
        print(
            f"{gamma:6.1f} {partition.n_clusters:8d} {partition.modularity:12.7f} "
            f"{reference[gamma]:12.7f} {gap:+12.2e}"
        )
    print(f"seconds: implicit {ours:.2f}, dense {dense:.2f}, ratio {dense / ours:.1f}")
    if worst < -1e-4:
        raise SystemExit(f"modularity misses the dense graph's by {-worst:.2e}, allowed: 1e-4")


if __name__ == "__main__":
    main()
