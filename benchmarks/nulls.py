"""Error rate and power of the test against null twins: no_clusters against planted_profiles.

python -m benchmarks.nulls [--datasets N] [--planted N] [--size N] [--twins N] [--twin KIND]
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from joblib import Parallel, delayed
from scipy.stats import binom

from synthcohort import generate, load_scene
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.cohort.participants import clustered
from synthcohort.grid.plan import plan_analyses
from synthcohort.grid.reference_comparison import compare_with_nulls

LEVEL = 0.05
PROMISED = (0.02, 0.09)
"""Share of rejections without clusters, of 200 data sets."""


def p_value(name: str, seed: int, size: int, settings: dict[str, object]) -> float:
    scene = with_settings(load_scene(name), size, seed, settings)
    # The test looks at replicates only; the partitions would take most of the time.
    experiment = scene.experiment.model_copy(update={"resolutions": []})
    scene = scene.model_copy(update={"experiment": experiment})
    people = clustered(cohort_of(generate(scene)))
    analyses = plan_analyses(scene.experiment)
    return compare_with_nulls(scene, people, analyses, False, 1, lambda *_: None).p_value


def rejections(name: str, count: int, size: int, workers: int, settings: dict[str, object]) -> int:
    seeds = range(1000, 1000 + count)
    jobs = (delayed(p_value)(name, seed, size, settings) for seed in seeds)
    found = []
    for value in Parallel(n_jobs=workers, return_as="generator")(jobs):
        found.append(value)
        if len(found) % 10 == 0 and len(found) < count:
            so_far = sum(q <= LEVEL + 1e-9 for q in found)
            print(f"{name}: {so_far} of {len(found)} so far", file=sys.stderr, flush=True)
    p = np.array(found)
    rejected = int((p <= LEVEL + 1e-9).sum())
    spread = ", ".join(f"{q:.2f}" for q in np.quantile(p, [0.1, 0.25, 0.5, 0.75, 0.9]))
    text = f"{name:18} rejected {rejected} of {count}; p at 10, 25, 50, 75, 90 %: {spread}"
    print(text, flush=True)
    return rejected


def allowed(count: int) -> tuple[int, int]:
    """Return counts that keep the promise; of few data sets, those that do not break it."""
    if count >= 200:
        return int(np.ceil(PROMISED[0] * count)), int(PROMISED[1] * count)
    return 0, int(binom.ppf(0.999, count, LEVEL))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=200)
    parser.add_argument("--planted", type=int, default=20)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--twins", type=int, default=19)
    parser.add_argument("--twin", default="copula")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    settings: dict[str, object] = {
        "preprocessings": ["zscore"],
        "base": {"kmeans": [2, 4]},
        "bootstraps": 10,
        "nulls": given.twins,
        "null_twin": given.twin,
    }
    low, high = allowed(given.datasets)
    wrong = rejections("no_clusters", given.datasets, given.size, given.workers, settings)
    right = rejections("planted_profiles", given.planted, given.size, given.workers, settings)
    print(f"allowed of no_clusters: {low} to {high}; of planted_profiles: all {given.planted}")
    return 0 if low <= wrong <= high and right == given.planted else 1


if __name__ == "__main__":
    sys.exit(main())
