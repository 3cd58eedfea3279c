"""The contents of a run folder: what is written into it, and reading it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.reopened_table import cohort_again
from synthcohort.population import Population
from synthcohort.population.groupings import known_groupings
from synthcohort.results.findings import Findings, Individuals
from synthcohort.results.formats.run_tables import read_run_table, write_run_table
from synthcohort.results.formats.spreadsheets import write_spreadsheet
from synthcohort.results.formats.statistics_packages import say_renamed
from synthcohort.results.formats.variable_codebook import codebook
from synthcohort.results.formats.variables import variables_of
from synthcohort.results.formats.writers import FORMATS, write_parquet
from synthcohort.results.manifest import check_version, read_manifest, reads_it
from synthcohort.results.schemas.table_schema import TableSchema
from synthcohort.results.tables import SCHEMAS, Tables
from synthcohort.scene import Problem, Scene, SceneError, load_scene
from synthcohort.scene.model import WEIGHT


def write_population(folder: Path, population: Population, formats: Sequence[str]) -> None:
    """Write what a researcher would receive, the truth, and the codebook."""
    data = population.to_frame()
    variables = variables_of(population.scene, data)
    if {"dta", "sav"} & set(formats):
        say_renamed(variables)
    with ThreadPoolExecutor() as pool:  # the writers run outside Python's lock
        jobs = [
            pool.submit(FORMATS[name], data, folder / f"data.{name}", variables) for name in formats
        ]
        jobs.append(pool.submit(write_parquet, population.truth, folder / "truth.parquet"))
        for job in jobs:
            job.result()
    write_spreadsheet(codebook(population.scene, data), folder / "codebook.csv")


def write_table(folder: Path, cohort: Cohort, keep_data: bool) -> None:
    """Write the codebook of a user's table; the individuals themselves only if asked."""
    data = pd.concat([cohort.known, cohort.X], axis=1)
    if cohort.weight is not None:
        data.insert(0, _weight_column(cohort.scene), cohort.weight)
    if keep_data:
        write_parquet(data, folder / "data.parquet", synthetic=False)
    write_spreadsheet(codebook(cohort.scene, data, cohort), folder / "codebook.csv")


def _weight_column(scene: Scene) -> str:
    """Name the survey weight in a copy of a user's table, whose biomarkers may be called so."""
    taken = {*scene.biomarkers, *scene.groups}
    return WEIGHT if WEIGHT not in taken else f"survey_{WEIGHT}"


def write_tables(folder: Path, tables: Tables, synthetic: bool) -> None:
    """Write every table that the run has into its file."""
    for schema in tables.given():
        write_run_table(schema, tables.table(schema), folder, synthetic)


def read_findings(folder: str | Path, table: str | Path | None = None) -> Findings:
    """Open the tables of a run folder; each is read when it is asked for first.

    Parameters
    ----------
    folder, table : str or Path
        As `renew_report` takes them.

    Raises
    ------
    SceneError
        If the folder is not a run folder, or one of another version. Asking for the
        individuals raises it if the folder does not hold them and no table is given.
    """
    root = Path(folder)
    manifest = read_manifest(root)
    check_version(root, manifest)
    scene = load_scene(manifest["scene"])
    return Findings(
        scene=scene,
        individuals=partial(_read_individuals, root, scene, manifest, table),
        tables=_read_tables(root, manifest),
        verdict=_read_back(manifest, "verdict"),
        choice=_read_back(manifest, "choice"),
        complete=_read_back(manifest, "complete"),
        notes=manifest["notes"],
        manifest=manifest,
        synthetic=manifest["synthetic"] == "true",
    )


def _read_tables(root: Path, manifest: Mapping[str, Any]) -> Tables:
    there = {name: s for name, s in SCHEMAS.items() if (root / s.file).exists()}
    return Tables(**{name: partial(_read_table, s, root, manifest) for name, s in there.items()})


def _read_table(schema: TableSchema, root: Path, manifest: Mapping[str, Any]) -> pd.DataFrame:
    try:
        return read_run_table(schema, root)
    except (OSError, ValueError) as error:
        message = f"{error}, allowed: version {schema.version} of the table; {reads_it(manifest)}"
        raise SceneError(str(root), [Problem(schema.file, message)]) from None


def _covariate(name: str, data: pd.DataFrame, truth: pd.DataFrame) -> np.ndarray:
    """Return a covariate before rounding, as the run itself saw it."""
    before = f"{name}_before"
    return (truth[before] if before in truth else data[name]).to_numpy()


def _read_individuals(
    root: Path, scene: Scene, manifest: Mapping[str, Any], table: str | Path | None
) -> Individuals:
    visible = [name for name, group in scene.groups.items() if not group.hidden]
    if manifest["synthetic"] == "true":
        data, truth = (pd.read_parquet(root / f"{name}.parquet") for name in ("data", "truth"))
        numbers = {name: truth[f"factor_{name}"].to_numpy() for name in scene.factors}
        numbers |= {name: _covariate(name, data, truth) for name in scene.covariates}
        known = known_groupings(truth[list(scene.groups)], numbers)
        weight = data[WEIGHT] if scene.sampling is not None else None
        return Individuals(data[list(scene.biomarkers)], data[visible], known, weight)
    if (root / "data.parquet").exists():
        data = pd.read_parquet(root / "data.parquet")
        weighted = manifest["settings"]["weight"] is not None
        weight = data[_weight_column(scene)] if weighted else None
        known = data[manifest["groupings"]]
        return Individuals(data[list(scene.biomarkers)], data[visible], known, weight)
    if table is None:
        message = "holds no copy of the table, so the table has to be given with --table"
        raise SceneError(str(root), [Problem("", message)])
    cohort = cohort_again(manifest, table)
    return Individuals(cohort.X, cohort.groups, cohort.known, cohort.weight)


def _read_back(manifest: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """Read a verdict or the choice back: JSON has null where a number is missing."""
    given = manifest.get(key)
    if given is None:
        return None
    return {
        key: float("nan") if value is None and key != "partition" else value
        for key, value in given.items()
    }
