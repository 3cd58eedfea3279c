"""The main job: one scene through preprocessing x whitening x base k x resolution."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.cutoff_table import read_cutoffs
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.population import generate
from synthcohort.population.progress import Progress
from synthcohort.results.formats.writers import check_formats
from synthcohort.results.fresh_folder import new_folder
from synthcohort.results.manifest import provenance
from synthcohort.results.run_folder import write_population
from synthcohort.runs.conductor import Run, conduct
from synthcohort.scene import Scene, load_scene
from synthcohort.scene.clinical import replace_cutoffs


def run(
    scene: Scene | str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    cluster: bool = True,
    size: int | None = None,
    seed: int | None = None,
    formats: Sequence[str] = ("csv", "parquet"),
    cutoffs: str | Path | None = None,
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
    formats : sequence of str
        Of the data, as `export` takes them; Parquet is always among them.
    cutoffs : str or Path, optional
        A table of clinical cut-offs that replaces all of the scene's.
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
    check_formats(formats)
    if cutoffs is not None:
        scene = replace_cutoffs(scene, *read_cutoffs(cutoffs))
    tell = progress or (lambda *_: None)
    now = datetime.now()
    with new_folder(Path(out), scene.name, now) as (partial, target):
        tell("generate", 0, 1)
        population = generate(scene)
        tell("generate", 1, 1)
        write_population(partial, population, list(dict.fromkeys([*formats, "parquet"])))
        findings = conduct(
            partial,
            cohort_of(population),
            provenance(scene, now),
            started,
            cluster=cluster,
            exact=exact,
            workers=workers,
            tell=tell,
        )
    return Run(target, findings)
