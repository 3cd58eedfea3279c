"""Pooled starts of k-means against ten restarts, on the same bootstrap samples.

python -m benchmarks.pooled [--size N] [--bootstraps B] [--k 3 8 40]

Prints the inertia, the time, and the mean pairwise adjusted Rand index between replicates
(pooled starts overstate it a little). Exit 1 where the mean inertia is more than 0.05 %
above that of ten restarts.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from sklearn.cluster import KMeans

from synthcohort import generate
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.preprocessing import prepare
from synthcohort.clustering.replication import make_plan, replicates
from synthcohort.evaluation.metrics.pairwise_agreement import pairwise_ari

ALLOWED = 0.05


def fits(base: object, values: np.ndarray, bootstraps: int) -> tuple[np.ndarray, float, float]:
    """Inertia of each replicate, CPU milliseconds of one, mean pairwise ARI between them."""
    plan = make_plan(base, values, None, "all", 0)
    start = time.process_time()
    labels, models, _ = replicates(plan, range(bootstraps))
    each = 1000 * (time.process_time() - start) / bootstraps
    agreement = pairwise_ari(labels.astype(np.int64))
    mean = agreement[np.triu_indices(bootstraps, 1)].mean()
    return np.array([model.inertia_ for model in models]), each, float(mean)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--bootstraps", type=int, default=20)
    parser.add_argument("--k", type=int, nargs="+", default=[3, 8, 40])
    given = parser.parse_args()
    population = generate("haalsi_example", size=given.size)
    X = population.X[population.scene.experiment.biomarkers]
    fits(PooledKMeans(2), np.eye(4), 2)  # compile first
    print(f"N={given.size}, {given.bootstraps} bootstrap samples, z-score; ms of one core")
    print(f"{'':10} {'k':>3} {'inertia':>9} {'SE':>8} ", end="")
    print(f"{'ms':>6} {'of ten':>7} {'ratio':>6} {'ARI':>6} {'of ten':>7}")
    gaps = []
    for whiten in (False, True):
        values = prepare(X, "zscore", whiten, {}, population.metadata).values
        for k in given.k:
            pooled, fast, one = fits(PooledKMeans(k), values, given.bootstraps)
            ten, slow, other = fits(KMeans(k, n_init=10), values, given.bootstraps)
            gap = 100 * (pooled / ten - 1)
            gaps.append(gap.mean())
            name = "whitened" if whiten else "plain"
            error = gap.std(ddof=1) / np.sqrt(len(gap))
            print(
                f"{name:10} {k:3d} {gap.mean():+8.3f}% {error:8.3f} {fast:6.1f} {slow:7.1f} "
                f"{slow / fast:6.1f} {one:6.3f} {other:7.3f}"
            )
    print(f"mean inertia above ten restarts: {np.mean(gaps):+.3f} %, allowed: {ALLOWED} %")
    if np.mean(gaps) > ALLOWED:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
