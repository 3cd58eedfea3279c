"""Small grids of catalogue scenes, each computed once for all tests."""

from functools import cache

from synthcohort import Population, generate
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.whole_grid import GridResult, run_grid
from synthcohort.scene import load_scene

SETTINGS = {
    "base": {"kmeans": [2, 3, 16]},
    "resolutions": [0.3, 0.7, 1.0],
    "bootstraps": 20,
    "references": 0,
}


FEW = {"base": {"kmeans": [3, 8]}, "resolutions": [0.7, 1.0], "bootstraps": 5, "references": 0}
"""For what holds for any partition: a fifth of the time."""


@cache
def grid(name: str, size: int = 1500, few: bool = False) -> tuple[Population, GridResult]:
    scene = with_settings(load_scene(name), size, None, FEW if few else SETTINGS)
    population = generate(scene)
    return population, run_grid(cohort_of(population), False, 1, lambda *_: None)


def best(name: str, truth: str, analysis: str | None = None, k: int | None = None) -> float:
    scores = grid(name)[1].scores
    rows = scores[scores["truth"] == truth]
    if analysis:
        rows = rows[rows["analysis"] == analysis]
    if k:
        rows = rows[rows["k"] == k]
    return float(rows["ari"].max())
