"""synthcohort: synthetic cohorts with a known truth.

The parts are imported when they are first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthcohort.clustering import BootstrapClustering
    from synthcohort.evaluation import ceiling, score, tune
    from synthcohort.exact_theory import null_twin, posterior, theory, without
    from synthcohort.population import Population, generate
    from synthcohort.runs.conductor import Run
    from synthcohort.runs.scene_run import run
    from synthcohort.runs.table_run import cluster
    from synthcohort.scene import Scene, SceneError, SceneWarning, load_scene

__version__ = "0.1.0"

_ROOMS = {
    "BootstrapClustering": "clustering",
    "Population": "population",
    "Run": "runs.conductor",
    "Scene": "scene",
    "SceneError": "scene",
    "SceneWarning": "scene",
    "ceiling": "evaluation",
    "cluster": "runs.table_run",
    "generate": "population",
    "load_scene": "scene",
    "null_twin": "exact_theory",
    "posterior": "exact_theory",
    "run": "runs.scene_run",
    "score": "evaluation",
    "theory": "exact_theory",
    "tune": "evaluation",
    "without": "exact_theory",
}

__all__ = [
    "BootstrapClustering",
    "Population",
    "Run",
    "Scene",
    "SceneError",
    "SceneWarning",
    "ceiling",
    "cluster",
    "generate",
    "load_scene",
    "null_twin",
    "posterior",
    "run",
    "score",
    "theory",
    "tune",
    "without",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'synthcohort' has no attribute {name!r}")
    return getattr(import_module(f"synthcohort.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
