"""Where each public name lives, found when it is first used; and names of earlier versions."""

from __future__ import annotations

import warnings
from importlib import import_module
from importlib.metadata import version

from synthcohort.old_names import FUNCTIONS, said

_ROOMS = ("bases", "metrics", "plots", "preprocessing")
_HOMES = {
    "BootstrapClustering": "clustering",
    "Calibration": "calibration",
    "MachineError": "machine.machine_error",
    "Population": "population",
    "Run": "runs.conductor",
    "Scene": "scene",
    "SceneError": "scene",
    "SceneWarning": "scene",
    "Stability": "clustering.stability",
    "Theory": "exact_theory",
    "calibrate": "calibration.user_file",
    "ceiling": "evaluation",
    "cluster": "runs.table_run",
    "describe": "scene",
    "draft_settings": "cohort.draft",
    "export": "runs.population_export",
    "fidelity": "fidelity_check.fidelity_run",
    "generate": "population",
    "load_scene": "scene",
    "null_scene": "exact_theory",
    "open_run": "runs.opened_run",
    "overlap": "exact_theory",
    "posterior": "exact_theory",
    "power": "detection_power.power_run",
    "recovery": "evaluation",
    "run": "runs.scene_run",
    "save_scene": "results.saving",
    "scenes": "scene.catalogue",
    "score": "evaluation",
    "study": "simulation_study.study_run",
    "theory": "exact_theory",
    "tune": "evaluation",
    "variance_shares": "exact_theory",
    "verify": "results.manifest",
    "without": "exact_theory",
}


def find(name: str) -> object:
    """Return the object behind a public name.

    Raises
    ------
    AttributeError
        If there is none.
    """
    if name == "__version__":
        return version("synthcohort")
    if name in FUNCTIONS:
        warnings.warn(said(name, FUNCTIONS[name]), FutureWarning, stacklevel=3)
        name = FUNCTIONS[name]
    if name in _ROOMS:
        return import_module(f"synthcohort.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'synthcohort' has no attribute {name!r}")
    return getattr(import_module(f"synthcohort.{_HOMES[name]}"), name)
