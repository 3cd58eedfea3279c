"""The main job: one scene through preprocessing x whitening x base k x resolution."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import cpu_count

from synthcohort.experiment import folder as files
from synthcohort.experiment.grid import GridResult, run_grid
from synthcohort.experiment.progress import Progress
from synthcohort.experiment.settings import with_settings
from synthcohort.population import Population, generate
from synthcohort.report.findings import Findings
from synthcohort.scene import Scene, load_scene


@dataclass(frozen=True)
class Run:
    """A finished run: its folder and its tables."""

    folder: Path
    findings: Findings

    @property
    def scores(self) -> pd.DataFrame:
        """One row for each preprocessing x whitened x base x k x resolution x truth."""
        return self.findings.scores

    @property
    def labels(self) -> pd.DataFrame:
        """One column a partition."""
        return self.findings.labels

    @property
    def report(self) -> Path:
        """The page."""
        return self.folder / "report.html"


def run(
    scene: Scene | str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    cluster: bool = True,
    size: int | None = None,
    seed: int | None = None,
    exact: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
    **experiment: Any,
) -> Run:
    """Generate a scene's population, cluster it in every way of its grid, score and show it.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    out : str or Path, default "runs"
        The folder in which the run folder is made.
    cluster : bool, default True
        False only generates.
    size, seed : int, optional
        Override the scene's.
    exact : bool, default False
        Ten restarts of k-means in each replicate instead of pooled starts.
    workers : int, optional
        Processes; all cores by default. The results do not depend on it.
    progress : callable, optional
        Called with the stage, how much is done and how much there is.
    **experiment
        Fields of the scene's experiment to override, such as ``bootstraps=200``.

    Returns
    -------
    Run

    Raises
    ------
    SceneError
        If the scene, a setting or the output folder can't be used; nothing is written then.
    """
    started = time.perf_counter()
    scene = with_settings(load_scene(scene), size, seed, experiment, cluster)
    tell = progress or (lambda *_: None)
    now = datetime.now()
    with files.new_folder(Path(out), scene.name, now) as (partial, target):
        tell("generate", 0, 1)
        population = generate(scene)
        tell("generate", 1, 1)
        grid = run_grid(population, exact, workers or cpu_count(), tell) if cluster else None
        findings = _findings(population, grid)
        findings.manifest.update(
            files.provenance(scene, now),
            exact=exact,
            choice=findings.choice,
            notes=findings.notes,
        )
        files.write_population(partial, population, ["csv", "parquet"])
        if grid is not None:
            files.write_grid(partial, findings)
        tell("report", 0, 1)
        files.write_report(partial, findings)
        tell("report", 1, 1)
        findings.manifest["seconds"] = round(time.perf_counter() - started, 1)
        files.write_manifest(partial, findings.manifest)
    return Run(target, findings)


def _findings(population: Population, grid: GridResult | None) -> Findings:
    nothing = pd.DataFrame()
    found = grid or GridResult(nothing, nothing, nothing, nothing, nothing, None, None, [])
    return Findings(
        scene=population.scene,
        size=population.scene.size,
        seed=population.scene.seed,
        biomarkers=population.X,
        metadata=population.metadata,
        truths=population.known,
        labels=found.labels,
        scores=found.scores,
        recovery=found.recovery,
        analyses=found.analyses,
        reliability=found.reliability,
        nulls=found.nulls.settings if found.nulls else nothing,
        band=found.nulls.band if found.nulls else nothing,
        choice=asdict(found.choice) if found.choice else None,
        notes=found.notes,
    )
