"""synthcohort: synthetic cohorts with a known truth.

The parts are imported when they are first used, so that the command line starts at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synthcohort import bases as bases
    from synthcohort import metrics as metrics
    from synthcohort import plots as plots
    from synthcohort import preprocessing as preprocessing
    from synthcohort.calibration import Calibration as Calibration
    from synthcohort.calibration.user_file import calibrate as calibrate
    from synthcohort.clustering import BootstrapClustering as BootstrapClustering
    from synthcohort.clustering.stability import Stability as Stability
    from synthcohort.cohort.draft import draft_settings as draft_settings
    from synthcohort.detection_power.power_run import power as power
    from synthcohort.evaluation import ceiling as ceiling
    from synthcohort.evaluation import recovery as recovery
    from synthcohort.evaluation import score as score
    from synthcohort.evaluation import tune as tune
    from synthcohort.exact_theory import Theory as Theory
    from synthcohort.exact_theory import null_scene as null_scene
    from synthcohort.exact_theory import overlap as overlap
    from synthcohort.exact_theory import posterior as posterior
    from synthcohort.exact_theory import theory as theory
    from synthcohort.exact_theory import variance_shares as variance_shares
    from synthcohort.exact_theory import without as without
    from synthcohort.fidelity_check.fidelity_run import fidelity as fidelity
    from synthcohort.machine.machine_error import MachineError as MachineError
    from synthcohort.population import Population as Population
    from synthcohort.population import generate as generate
    from synthcohort.results.manifest import verify as verify
    from synthcohort.results.saving import save_scene as save_scene
    from synthcohort.runs.conductor import Run as Run
    from synthcohort.runs.opened_run import open_run as open_run
    from synthcohort.runs.population_export import export as export
    from synthcohort.runs.scene_run import run as run
    from synthcohort.runs.table_run import cluster as cluster
    from synthcohort.scene import Scene as Scene
    from synthcohort.scene import SceneError as SceneError
    from synthcohort.scene import SceneWarning as SceneWarning
    from synthcohort.scene import describe as describe
    from synthcohort.scene import load_scene as load_scene
    from synthcohort.scene.catalogue import scenes as scenes
    from synthcohort.simulation_study.study_run import study as study

    __version__: str

__all__ = [
    "BootstrapClustering",
    "Calibration",
    "MachineError",
    "Population",
    "Run",
    "Scene",
    "SceneError",
    "SceneWarning",
    "Stability",
    "Theory",
    "bases",
    "calibrate",
    "ceiling",
    "cluster",
    "describe",
    "draft_settings",
    "export",
    "fidelity",
    "generate",
    "load_scene",
    "metrics",
    "null_scene",
    "open_run",
    "overlap",
    "plots",
    "posterior",
    "power",
    "preprocessing",
    "recovery",
    "run",
    "save_scene",
    "scenes",
    "score",
    "study",
    "theory",
    "tune",
    "variance_shares",
    "verify",
    "without",
]

if not TYPE_CHECKING:  # a type checker should know the names above and no others

    def __getattr__(name: str) -> object:
        from synthcohort.public_names import find

        return find(name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__doc__", "__file__", "__name__", "__path__", "__version__"])
