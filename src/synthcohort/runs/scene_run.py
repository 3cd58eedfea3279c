"""The main job: one scene through preprocessing x whitening x base k x resolution."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Unpack

from joblib import cpu_count

from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.cutoff_table import read_cutoffs
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.scheduler import on_cluster
from synthcohort.grid.verdict_of_grid import is_asked
from synthcohort.machine.fresh_folder import new_folder
from synthcohort.population import generate
from synthcohort.population.progress import Progress
from synthcohort.results.formats.writers import check_formats
from synthcohort.results.manifest import provenance
from synthcohort.results.run_folder import write_population
from synthcohort.runs.conductor import Run, conduct, finished
from synthcohort.runs.keyword_signature import shows_settings
from synthcohort.runs.keywords import RunKeywords
from synthcohort.runs.room_needed import check_disk, check_memory_of_grid
from synthcohort.runs.unfinished_runs import resumable
from synthcohort.scene import Scene, load_scene
from synthcohort.scene.clinical import replace_cutoffs
from synthcohort.scene.problems import together_with
from synthcohort.scene.run_settings import QUICK_PEOPLE, given_settings


@shows_settings
def run(
    scene: Scene | str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    progress: Progress | None = None,
    **settings: Unpack[RunKeywords],
) -> Run:
    """Generate a scene's population, cluster it in every way of its grid, score and show it.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    out : str or Path, default "runs"
        The folder in which the run folder is made.
    progress : callable, optional
        Called with the stage, how much is done and how much there is.
    **settings

    Returns
    -------
    Run

    Raises
    ------
    SceneError
        If the scene, a setting or the output folder can't be used; nothing is written then.
    """
    started = time.perf_counter()
    given = given_settings("run", settings)
    options, loaded = given.options, load_scene(scene)
    with together_with(given.problems, loaded.name):
        size = options.size
        if options.quick and size is None:
            size = min(loaded.size, QUICK_PEOPLE)
        loaded = with_settings(loaded, size, options.seed, given.experiment, options.cluster)
    check_formats(options.formats)
    if options.cutoffs is not None:
        loaded = replace_cutoffs(loaded, *read_cutoffs(options.cutoffs))
    check_disk(loaded, options.formats, Path(out))
    if options.cluster:
        check_memory_of_grid(loaded, loaded.size, options.workers or cpu_count())
    tell = progress or (lambda *_: None)
    now = datetime.now()
    with (
        on_cluster(options.scheduler),
        resumable(Path(out), loaded, options.exact, options.resume) as store,
        new_folder(Path(out), loaded.name, now) as (partial, target),
    ):
        tell("generate", 0, 1)
        population = generate(loaded)
        tell("generate", 1, 1)
        write_population(partial, population, list(dict.fromkeys([*options.formats, "parquet"])))
        findings = conduct(
            partial,
            cohort_of(population),
            provenance(loaded, now),
            started,
            cluster=options.cluster,
            ask=is_asked(loaded.experiment, options.verdict),
            exact=options.exact,
            workers=options.workers,
            tell=tell,
            store=store,
        )
    return finished(target, findings, tell)
