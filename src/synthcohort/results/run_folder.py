"""The contents of a run folder: what is written into it, and reading it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.reopened_table import cohort_again
from synthcohort.population import Population
from synthcohort.population.groupings import known_groupings
from synthcohort.results.findings import Findings
from synthcohort.results.formats.statistics_packages import say_renamed
from synthcohort.results.formats.variable_codebook import codebook
from synthcohort.results.formats.variables import variables_of
from synthcohort.results.formats.writers import FORMATS, write_parquet
from synthcohort.results.manifest import read_manifest
from synthcohort.scene import Problem, Scene, SceneError, load_scene
from synthcohort.scene.model import WEIGHT

_OPTIONAL = (
    "reliability",
    "stability",
    "stability_clusters",
    "consensus",
    "instability",
    "nulls",
    "band",
    "rivals",
    "alternatives",
)
_INDIVIDUALS = "stability_individuals.parquet"


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
    codebook(population.scene, data).to_csv(folder / "codebook.csv", index=False)


def write_table(folder: Path, cohort: Cohort, keep_data: bool) -> None:
    """Write the codebook of a user's table; the individuals themselves only if asked."""
    data = pd.concat([cohort.known, cohort.X], axis=1)
    if cohort.weight is not None:
        data.insert(0, _weight_column(cohort.scene), cohort.weight)
    if keep_data:
        write_parquet(data, folder / "data.parquet", synthetic=False)
    codebook(cohort.scene, data, synthetic=False).to_csv(folder / "codebook.csv", index=False)


def _weight_column(scene: Scene) -> str:
    """Name the survey weight in a copy of a user's table, whose biomarkers may be called so."""
    taken = {*scene.biomarkers, *scene.groups}
    return WEIGHT if WEIGHT not in taken else f"survey_{WEIGHT}"


def write_grid(folder: Path, findings: Findings) -> None:
    """Write labels, scores, recovery, analyses, and what there is of all other tables."""
    write_parquet(findings.labels, folder / "labels.parquet", findings.synthetic)
    findings.scores.to_csv(folder / "scores.csv", index=False)
    findings.recovery.to_csv(folder / "recovery.csv", index=False)
    findings.analyses.to_csv(folder / "analyses.csv", index=False)
    for name in _OPTIONAL:
        table = getattr(findings, name)
        if not table.empty:
            table.to_csv(folder / f"{name}.csv", index=False)
    if not findings.stability_individuals.empty:
        write_parquet(findings.stability_individuals, folder / _INDIVIDUALS, findings.synthetic)


def read_findings(folder: str | Path, table: str | Path | None = None) -> Findings:
    """Read the tables of a run folder back.

    Parameters
    ----------
    folder, table : str or Path
        As `renew_report` takes them.

    Raises
    ------
    SceneError
        If the folder is not a run folder, or holds no data and no table is given.
    """
    root = Path(folder)
    manifest = read_manifest(root)
    scene = load_scene(manifest["scene"])
    biomarkers, metadata, truths, weight = _read_individuals(root, scene, manifest, table)
    optional = {name: _read_optional(root / f"{name}.csv") for name in _OPTIONAL}
    clustered = (root / "labels.parquet").exists()
    return Findings(
        scene=scene,
        size=scene.size,
        seed=scene.seed,
        biomarkers=biomarkers,
        metadata=metadata,
        truths=truths,
        labels=pd.read_parquet(root / "labels.parquet") if clustered else pd.DataFrame(),
        scores=_read_scores(root) if clustered else pd.DataFrame(),
        recovery=pd.read_csv(root / "recovery.csv") if clustered else pd.DataFrame(),
        analyses=_read_analyses(root) if clustered else pd.DataFrame(),
        stability_individuals=_read_optional(root / _INDIVIDUALS),
        **optional,
        verdict=_read_back(manifest, "verdict"),
        choice=_read_back(manifest, "choice"),
        notes=manifest["notes"],
        manifest=manifest,
        weight=weight,
        synthetic=manifest["synthetic"] == "true",
    )


def _covariate(name: str, data: pd.DataFrame, truth: pd.DataFrame) -> np.ndarray:
    """Return a covariate before rounding, as the run itself saw it."""
    before = f"{name}_before"
    return (truth[before] if before in truth else data[name]).to_numpy()


def _read_individuals(
    root: Path, scene: Scene, manifest: Mapping[str, Any], table: str | Path | None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.Series | None]:
    """Biomarkers, visible groups, known groupings and survey weights."""
    visible = [name for name, group in scene.groups.items() if not group.hidden]
    if manifest["synthetic"] == "true":
        data, truth = (pd.read_parquet(root / f"{name}.parquet") for name in ("data", "truth"))
        numbers = {name: truth[f"factor_{name}"].to_numpy() for name in scene.factors}
        numbers |= {name: _covariate(name, data, truth) for name in scene.covariates}
        known = known_groupings(truth[list(scene.groups)], numbers)
        weight = data[WEIGHT] if scene.sampling is not None else None
        return data[list(scene.biomarkers)], data[visible], known, weight
    if (root / "data.parquet").exists():
        data = pd.read_parquet(root / "data.parquet")
        weighted = manifest["settings"]["weight"] is not None
        weight = data[_weight_column(scene)] if weighted else None
        return data[list(scene.biomarkers)], data[visible], data[manifest["groupings"]], weight
    if table is None:
        message = "holds no copy of the table, so the table has to be given with --table"
        raise SceneError(str(root), [Problem("", message)])
    cohort = cohort_again(manifest, table)
    return cohort.X, cohort.groups, cohort.known, cohort.weight


def _read_back(manifest: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """Read the verdict or the choice back: JSON has null where a number is missing."""
    given = manifest.get(key)
    if given is None:
        return None
    return {
        key: float("nan") if value is None and key != "partition" else value
        for key, value in given.items()
    }


def _read_optional(path: Path) -> pd.DataFrame:
    read = pd.read_parquet if path.suffix == ".parquet" else pd.read_csv
    return read(path) if path.exists() else pd.DataFrame()


def _read_scores(root: Path) -> pd.DataFrame:
    words = dict.fromkeys(["truth", "within", "ceiling_is"], object)  # words even if none is there
    return pd.read_csv(root / "scores.csv", dtype=words)


def _read_analyses(root: Path) -> pd.DataFrame:
    return pd.read_csv(root / "analyses.csv", keep_default_na=False)
