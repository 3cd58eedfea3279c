"""From a user's file to a scene: read, choose the columns, calibrate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from synthcohort.calibration import (
    Calibration,
    calibrate_summary,
    calibrate_table,
    is_summary,
    misfit,
    misfit_warnings,
)
from synthcohort.calibration.observed_groups import complete
from synthcohort.cohort.files import Reading, Table, from_frame, read_table
from synthcohort.cohort.files.reading import reading_problems
from synthcohort.cohort.individuals import index_as_columns
from synthcohort.cohort.mapping import doubts_about
from synthcohort.cohort.numeric_values import numbers
from synthcohort.cohort.raw_columns import RawColumn, raw_column
from synthcohort.cohort.table_settings import TableSettings, load_settings
from synthcohort.cohort.understood import Understood, understand
from synthcohort.scene import Problem, Scene, SceneError, load_scene

WEIGHTS = "the survey weight"
_MOSTLY = 0.5


def calibrate(
    table: pd.DataFrame | str | Path,
    groups: Sequence[str] = (),
    biomarkers: Sequence[str] = (),
    *,
    weight: str | None = None,
    settings: str | Path | Mapping[str, Any] | None = None,
    factors: int | None = None,
    minimum: int = 20,
    name: str | None = None,
    reading: Mapping[str, Any] | None = None,
    strict: bool = False,
) -> tuple[Calibration, pd.DataFrame]:
    """Make a scene from a table of people, or from published summaries.

    Parameters
    ----------
    table : DataFrame, str or Path
        A table of pandas or polars, or a file of text, Excel, Parquet, Feather, Stata, SPSS or
        SAS: one row a person, or one row a figure with the columns ``variable``, ``group``,
        ``statistic``, ``value``.
    groups : sequence of str
        Columns of categories that shift the biomarkers.
    biomarkers : sequence of str
        Numeric columns; by default all that are no group, no weight, no id and have a value.
    weight : str, optional
        Column of survey weights: the scene is of the people that the table stands for.
    settings : str, Path or mapping, optional
        Instead of groups, biomarkers and weight: the settings file by which `cluster` reads the
        table.
    factors : int, optional
        Number of factors; chosen from the data by default.
    minimum : int, default 20
        Nothing is written that rests on fewer people.
    name : str, optional
        Of the scene; the file's by default, of a DataFrame "calibrated".
    reading : mapping, optional
        How a file is read, as in `synthcohort.cluster`.
    strict : bool, default False
        Whether everything suspicious about the table is an error.

    Returns
    -------
    calibration : Calibration
    comparison : DataFrame
        Of people: see `synthcohort.calibration.fit_check`. Of figures: target and implied.

    Raises
    ------
    SceneError
        With every problem of the file, the columns or the settings; nothing is written.
    """
    columns = [*groups, *biomarkers, *([] if weight is None else [weight])]
    _check_settings(factors, minimum, settings, columns, reading or {})
    mapping = None if settings is None else load_settings(settings)
    asked = Reading(**(mapping.reading if mapping else {}) | dict(reading or {}))
    wanted = None if mapping is None else mapping.wanted
    if isinstance(table, str | Path):
        path, read = Path(table), read_table(table, asked, wanted)
    else:
        path, read = Path("calibrated"), from_frame(table, wanted)
    if mapping is None and is_summary(read.frame):
        return _from_summary(read.frame, path, name, columns, factors)
    left_out: list[str] = []
    if mapping is None or mapping.id is None:  # whose rows they are does not matter here
        read = replace(read, frame=index_as_columns(read.frame))
    if mapping is None:
        mapping, left_out = _chosen(read, groups, biomarkers, weight)
    mapping = mapping.expanded(read.names)
    found = understand(read, mapping)
    doubts = doubts_about(found, mapping)
    problems = list(found.problems)
    if strict or mapping.strict:
        problems += [doubt.problem(read.source) for doubt in doubts]
    if problems:
        raise SceneError(mapping.source, problems)
    frame = pd.DataFrame(
        {n: found.numbers[n].values for n in mapping.biomarkers}
        | {n: found.categories[n].values.astype(object) for n in mapping.groups}
    )
    if found.weight is not None:
        frame[WEIGHTS] = found.weight.values.to_numpy()
    try:
        made = calibrate_table(
            frame,
            mapping.biomarkers,
            mapping.groups,
            weight=None if found.weight is None else WEIGHTS,
            name=name or (mapping.parts["name"] if settings is not None else path.stem),
            factors=factors,
            minimum=minimum,
        )
    except SceneError as error:
        raise SceneError(str(path), error.problems) from None
    notes = [
        *(f"left out: {text}" for text in left_out),
        *read.notes,
        *(f"doubtful: {doubt}" for doubt in doubts),
        *made.notes,
    ]
    scene = _labelled(made.scene, found)
    column = None if found.weight is None else WEIGHTS
    taken, weights, _ = complete(frame, mapping.groups, column, minimum)
    compared = misfit(taken, scene, mapping.biomarkers, weights)
    warnings = [*made.warnings, *misfit_warnings(compared)]
    return Calibration(scene, notes, made.privacy, warnings), compared


def _chosen(
    table: Table, groups: Sequence[str], biomarkers: Sequence[str], weight: str | None
) -> tuple[TableSettings, list[str]]:
    """Make settings of columns that were named, or of all that hold numbers."""
    other = [*groups, *([] if weight is None else [weight])]
    chosen, left_out = (list(biomarkers), []) if biomarkers else _numeric_columns(table, other)
    both = [Problem(f"column {n!r}", "is a group and a biomarker") for n in chosen if n in groups]
    if both:
        raise SceneError(table.source, both)
    if not chosen:
        message = f"got none, allowed: at least one numeric column ({'; '.join(left_out)})"
        raise SceneError(table.source, [Problem("biomarkers", message)])
    data: dict[str, Any] = {"biomarkers": chosen, "groups": list(groups)}
    mapping = load_settings(data if weight is None else data | {"weight": weight})
    return replace(mapping, source=table.source), left_out


def _labelled(scene: Scene, found: Understood) -> Scene:
    """Give a scene the labels and units of the table."""
    raw = scene.model_dump()
    for name, part in raw["biomarkers"].items():
        part |= {"label": found.labels[name], "unit": found.units[name]}
    for name in found.categories:
        raw["groups"][name]["label"] = found.labels[name]
    return load_scene(raw)


def _from_summary(
    frame: pd.DataFrame,
    path: str | Path,
    name: str | None,
    columns: Sequence[str],
    factors: int | None,
) -> tuple[Calibration, pd.DataFrame]:
    if columns or factors is not None:
        text = "only for a table of people; this one has summaries (variable, group, statistic)"
        problem = Problem("--group, --biomarker, --weight, --factors", text)
        raise SceneError(str(path), [problem])
    made = calibrate_summary(frame, name=name or Path(path).stem, source=str(path))
    return made.calibration, made.figures


def _check_settings(
    factors: int | None,
    minimum: int,
    settings: object,
    columns: Sequence[str],
    reading: Mapping[str, Any],
) -> None:
    problems = list(reading_problems(reading))
    if settings is not None and columns:
        message = "got columns beside a settings file, allowed: one of them"
        problems.append(Problem("--settings", message))
    if factors is not None and factors < 0:
        problems.append(Problem("--factors", f"got {factors}, allowed: 0 or more"))
    if minimum < 5:
        message = f"got {minimum}, allowed: 5 or more, so that no few people can be told apart"
        problems.append(Problem("--minimum", message))
    if problems:
        raise SceneError("settings", problems)


def _numeric_columns(table: Table, other: Sequence[str]) -> tuple[list[str], list[str]]:
    """Columns that hold numbers, and why each of the others is left out."""
    chosen: list[str] = []
    left_out: list[str] = []
    for name in map(str, table.frame.columns):
        if name in other:
            continue
        raw = raw_column(table, name, {})
        values = numbers(raw, table.reading).values
        if raw.values.isna().all():
            left_out.append(f"{name}, without any value")
        elif values.notna().sum() < _MOSTLY * raw.values.notna().sum() or _is_category(raw):
            left_out.append(f"{name}, not numbers (name it with --group to use it)")
        elif values.is_unique and (values % 1 == 0).all():
            left_out.append(f"{name}, whole numbers that are all different: an id")
        else:
            chosen.append(name)
    return chosen, left_out


def _is_category(raw: RawColumn) -> bool:
    """Whether a column is of words, of yes and no, or of codes that all have a label."""
    if raw.values.map(lambda value: isinstance(value, bool), na_action="ignore").any():
        return True
    return bool(raw.labels) and set(raw.values.dropna().unique()) <= set(raw.labels)
