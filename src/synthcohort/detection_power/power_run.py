"""From a user's table to detection curves: calibrate, plant, sweep, run the pipeline on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from synthcohort.calibration.user_file import calibrate
from synthcohort.cohort.table_settings import load_settings
from synthcohort.detection_power.detection_page import power_page, power_sentences
from synthcohort.detection_power.planted_groups import (
    FACTORS,
    MOST,
    Pattern,
    equal_shares,
    planted,
    unequal_shares,
)
from synthcohort.machine.fresh_folder import new_folder
from synthcohort.machine.written_files import write_text
from synthcohort.population.progress import Progress, silent
from synthcohort.results.page_files import PAGE
from synthcohort.results.saving import save_scene
from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_dict
from synthcohort.simulation_study.study_file import load_study
from synthcohort.simulation_study.study_folder import write_study
from synthcohort.simulation_study.study_run import draw_page, study_tables
from synthcohort.simulation_study.study_tables import StudyTables

SEPARATIONS = (1.5, 2.5, 3.5, 4.5, 6.0)
REPETITIONS = 20
LEAN = {
    "preprocessings": ["zscore"],
    "whiten": [False, True],
    "base": {"kmeans": [3, 8]},
    "resolutions": [0.6, 0.8, 1.0],
    "bootstraps": 50,
}
"""The pipeline where the settings file has no ``[experiment]``."""
METHOD = "pipeline"


@dataclass(frozen=True)
class Power:
    """Detection curves of a pipeline on tables like the user's.

    Parameters
    ----------
    folder : Path
        With the page, the tables, the scenes and the study file that reproduces them.
    tables : StudyTables
        A row for each draw; ``tables.summary`` has the curves.
    sentences : list of str
        What could and could not have been found.
    page_failure : str, default ""
        Why the page could not be drawn; empty when it was.
    """

    folder: Path
    tables: StudyTables
    sentences: list[str]
    page_failure: str = ""

    @property
    def report(self) -> Path:
        """The page."""
        return self.folder / PAGE


def power(
    table: Any,
    settings: str | Path | Mapping[str, Any],
    out: str | Path = "runs",
    *,
    groups: Sequence[int] = (2,),
    shares: Sequence[str] = ("equal", "unequal"),
    along: Sequence[str] = (FACTORS,),
    separations: Sequence[float] = SEPARATIONS,
    sizes: Sequence[int] = (),
    repetitions: int = REPETITIONS,
    seed: int = 0,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Power:
    """Ask how different groups would have to be before a pipeline finds them in a table.

    Parameters
    ----------
    table : DataFrame, str or Path
        The user's table, as of `cluster`. Only aggregates of it are used, as `calibrate` says.
    settings : str, Path or mapping
        Its settings file; the pipeline is that of its ``[experiment]``, or a lean one where it
        has none. The verdict is asked first, then the evidence picks a partition.
    out : str or Path, default "runs"
        The folder in which the folder of the results is made; see `study`.
    groups : sequence of int, default 2
        How many groups are planted, from 2 to 5.
    shares : sequence of {"equal", "unequal"}
        Whether they are of one size, or each half as large as the one before.
    along : sequence of str, default "factors"
        Where they differ: ``factors`` of the table's own correlations, ``covariance``, or names
        of biomarkers joined by ``+``.
    separations : sequence of float, default 1.5, 2.5, 3.5, 4.5, 6
        Distances from the first group, in SDs within groups.
    sizes : sequence of int, optional
        Numbers of people; that of the table by default.
    repetitions : int, default 20
        Draws at each separation and size.
    seed : int, default 0
    workers, scheduler, progress
        As of `study`.

    Returns
    -------
    Power

    Raises
    ------
    SceneError
        With every problem of the table, the settings and the parameters.
    """
    _check(groups, shares, separations, sizes, repetitions)
    scene = _calibrated(table, settings)
    patterns = [
        Pattern((equal_shares if kind == "equal" else unequal_shares)(number), _place(where))
        for number in groups
        for kind in shares
        for where in along
    ]
    scenes = {pattern.name: planted(scene, pattern) for pattern in patterns}
    factors: dict[str, list[float]] = {"separation": sorted(map(float, set(separations)))}
    factors["size"] = sorted(set(sizes)) or [scene.size]
    files = {name: f"scene_{number}.toml" for number, name in enumerate(scenes, start=1)}
    content = {
        "name": f"power_{scene.name}",
        "description": "How different groups would have to be before the pipeline finds them.",
        "seed": seed,
        "repetitions": repetitions,
        "scenes": {name: {"scene": file} for name, file in files.items()},
        "factors": factors,
        "methods": {METHOD: {"experiment": _experiment(settings)}},
    }
    study = load_study(content)
    with new_folder(Path(out), study.name, datetime.now()) as (started, target):
        for name, one in scenes.items():
            save_scene(one, started / files[name])
        write_text(tomli_w.dumps(content), started / "study.toml")
        tables = study_tables(study, started, Path(out), workers, scheduler, False, progress)
        write_study(started, tables)
    sentences = power_sentences(tables, scene)
    page = partial(power_page, tables, scene, sentences)
    return Power(target, tables, sentences, draw_page(target, page, progress or silent))


def _calibrated(table: Any, settings: str | Path | Mapping[str, Any]) -> Scene:
    """Scene like the table, of which the settings' biomarkers are clustered."""
    made, _ = calibrate(table, settings=settings)
    chosen = dict(_experiment(settings)).get("biomarkers")
    data = to_dict(made.scene)
    kept = [name for name in chosen or data["biomarkers"] if name in data["biomarkers"]]
    data["experiment"] |= {"biomarkers": kept, "truth": None}
    return load_scene(data)


def _experiment(settings: str | Path | Mapping[str, Any]) -> dict[str, Any]:
    """Return settings of the pipeline; no reference data, since the verdict is asked anyway."""
    given = dict(load_settings(settings).parts.get("experiment", {}))
    for name in ("references", "reference_data", "truth"):
        given.pop(name, None)
    return given or dict(LEAN)


def _place(along: str) -> str | tuple[str, ...]:
    return tuple(along.split("+")) if "+" in along else along


def _check(
    groups: Sequence[int],
    shares: Sequence[str],
    separations: Sequence[float],
    sizes: Sequence[int],
    repetitions: int,
) -> None:
    problems = [
        Problem("groups", f"got {number}, allowed: from 2 to {MOST}")
        for number in groups
        if not 2 <= number <= MOST
    ]
    problems += [
        Problem("shares", f"got {kind!r}, allowed: equal, unequal")
        for kind in shares
        if kind not in ("equal", "unequal")
    ]
    problems += [
        Problem("separations", f"got {value:g}, allowed: above 0, up to 64")
        for value in separations
        if not 0 < value <= 64
    ]
    problems += [Problem("sizes", f"got {n}, allowed: from 20") for n in sizes if n < 20]
    if repetitions < 2:
        problems.append(Problem("repetitions", f"got {repetitions}, allowed: from 2"))
    for name, given in (("groups", groups), ("shares", shares), ("separations", separations)):
        if not len(given):
            problems.append(Problem(name, "got none, allowed: at least one"))
    if problems:
        raise SceneError("power", problems)
