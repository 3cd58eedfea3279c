"""Compare a scene, or a user's file, with published figures; write the page if asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from synthcohort.fidelity_check import compare, haalsi_wave1, unconstrained
from synthcohort.fidelity_check.fidelity_report import fidelity_page
from synthcohort.population import generate
from synthcohort.population.progress import silent
from synthcohort.results.formats.spreadsheets import write_spreadsheet
from synthcohort.scene import Problem, Scene, SceneError, load_scene

SIZE = 1_000_000
"""Individuals, so many that the generated sample's own error hardly counts."""


def fidelity(
    scene: Scene | str | Path | Mapping[str, Any],
    size: int = SIZE,
    seed: int | None = None,
    workers: int = 1,
) -> pd.DataFrame:
    """Compare the population of a scene with the published figures of HAALSI.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    size : int, default 1,000,000
        Individuals to generate.
    seed : int, optional
        The scene's own by default.
    workers : int, default 1
        Threads that generate.

    Returns
    -------
    DataFrame
        A row for each published figure, see `synthcohort.fidelity_check.comparison`.

    Raises
    ------
    SceneError
        If the scene can't be used, or shares no variable with the reference.
    """
    scene = load_scene(scene)
    population = generate(scene, size=size, seed=seed, workers=workers)
    compared = compare(population.to_frame(), haalsi_wave1())
    if (compared["status"] == "not used").all():
        message = "shares no variable with the reference, so nothing can be compared"
        raise SceneError(scene.name, [Problem("biomarkers", message)])
    return compared


def write_fidelity(
    compared: pd.DataFrame, scene: Scene, size: int, out: str | Path, now: datetime | None = None
) -> Path:
    """Write the page and its table to a new folder.

    Parameters
    ----------
    compared : DataFrame
        As `fidelity` returns it.
    scene : Scene
        The scene that was compared.
    size : int
        Individuals that were generated.
    out : str or Path
        The folder in which the new folder is made.
    now : datetime, optional
        For the folder's name.

    Returns
    -------
    Path
        The page; the folder, with a warning, if it could not be drawn.
    """
    from synthcohort.machine.fresh_folder import new_folder
    from synthcohort.machine.written_files import write_text
    from synthcohort.results.page_files import page_failure

    open_ = unconstrained(haalsi_wave1(), list(scene.biomarkers))
    stamp = now or datetime.now()
    with new_folder(Path(out), f"{scene.name}__fidelity", stamp) as (partial, target):
        write_spreadsheet(compared, partial / "fidelity.csv")
        write_spreadsheet(open_, partial / "not_constrained.csv")
    page = target / "fidelity.html"
    again = f"the tables are in {target}; the same command draws it"
    failure = page_failure(
        lambda: write_text(fidelity_page(scene.name, size, compared, open_), page), again, silent
    )
    return target if failure else page
