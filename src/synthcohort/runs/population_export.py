"""A population on disk, without clustering: data, truth and codebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from joblib import cpu_count

from synthcohort.machine.fresh_folder import new_folder
from synthcohort.population import generate, with_overrides
from synthcohort.population.progress import Progress
from synthcohort.results.formats.writers import IN_PARTS, check_formats
from synthcohort.results.manifest import provenance, write_manifest
from synthcohort.results.population_parts import write_parts
from synthcohort.results.run_folder import write_population
from synthcohort.runs.room_needed import check_disk
from synthcohort.scene import Scene, load_scene


def export(
    scene: Scene | str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    size: int | None = None,
    seed: int | None = None,
    formats: Sequence[str] = ("csv", "parquet"),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Path:
    """Generate a population and write it to a new folder.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    out : str or Path, default "runs"
        The folder in which the new folder is made.
    size, seed : int, optional
        Override the scene's.
    formats : sequence of str
        Of the data: ``csv``, ``parquet``, ``dta`` (Stata), ``sav`` (SPSS). The truth is
        always Parquet. Without the latter two the memory does not grow with the size.
    workers : int, optional
        Threads that generate; all cores by default. They change the time and nothing else.
    progress : callable, optional
        Called with the stage, how much is done and how much there is.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    SceneError
        If the scene, a format or the output folder can't be used; nothing is written then.
    """
    scene = with_overrides(load_scene(scene), size=size, seed=seed)
    check_formats(formats)
    tell = progress or (lambda *_: None)
    check_disk(scene, formats, Path(out))
    now = datetime.now()
    with new_folder(Path(out), scene.name, now) as (partial, target):
        threads = workers or cpu_count()
        if set(formats) <= set(IN_PARTS):
            write_parts(partial, scene, formats, threads, tell)
        else:
            tell("generate", 0, 1)
            write_population(partial, generate(scene, workers=threads), formats)
            tell("generate", 1, 1)
        write_manifest(partial, provenance(scene, now) | {"notes": []})
    return target
