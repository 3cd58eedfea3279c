"""From a user's file to a scene: read, choose the columns, calibrate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from synthcohort.calibration import (
    Calibration,
    calibrate_summary,
    calibrate_table,
    is_summary,
    misfit,
)
from synthcohort.cohort.individuals import index_as_columns
from synthcohort.cohort.table_files import check_columns, read_table
from synthcohort.scene import Problem, SceneError

_MOSTLY = 0.5


def calibrate(
    table: pd.DataFrame | str | Path,
    groups: Sequence[str] = (),
    biomarkers: Sequence[str] = (),
    *,
    factors: int | None = None,
    minimum: int = 20,
    name: str | None = None,
    encoding: str = "utf-8",
) -> tuple[Calibration, pd.DataFrame]:
    """Make a scene from a table of people, or from published summaries.

    Parameters
    ----------
    table : DataFrame, str or Path
        A table, or a CSV, Parquet, Stata or SPSS file: one row a person, or one row a figure
        with the columns ``variable``, ``group``, ``statistic``, ``value``.
    groups : sequence of str
        Columns of categories that shift the biomarkers.
    biomarkers : sequence of str
        Numeric columns; by default all that are no group, no id and have a value.
    factors : int, optional
        Number of factors; chosen from the data by default.
    minimum : int, default 20
        Nothing is written that rests on fewer people.
    name : str, optional
        Of the scene; the file's by default, of a DataFrame "calibrated".
    encoding : str, default "utf-8"
        Of a CSV file.

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
    _check_settings(factors, minimum)
    if isinstance(table, pd.DataFrame):
        path, frame = Path("calibrated"), index_as_columns(table)
    else:
        path, frame = Path(table), index_as_columns(read_table(table, encoding))
    if is_summary(frame):
        return _from_summary(frame, path, name, [*groups, *biomarkers], factors)
    chosen, left_out = (list(biomarkers), []) if biomarkers else _numeric_columns(frame, groups)
    both = [Problem(f"column {n!r}", "is a group and a biomarker") for n in chosen if n in groups]
    if both:
        raise SceneError(str(path), both)
    check_columns(frame, path, numeric=chosen, categories=groups)
    frame = frame.assign(**{n: frame[n].astype(float) for n in chosen})
    try:
        made = calibrate_table(
            frame,
            chosen,
            groups,
            name=name or path.stem,
            factors=factors,
            minimum=minimum,
        )
    except SceneError as error:
        raise SceneError(str(path), error.problems) from None
    notes = [*(f"left out: {text}" for text in left_out), *made.notes]
    return Calibration(made.scene, notes, made.privacy), misfit(frame, made.scene, chosen)


def _from_summary(
    frame: pd.DataFrame,
    path: str | Path,
    name: str | None,
    columns: Sequence[str],
    factors: int | None,
) -> tuple[Calibration, pd.DataFrame]:
    if columns or factors is not None:
        text = "only for a table of people; this one has summaries (variable, group, statistic)"
        problem = Problem("--group, --biomarker, --factors", text)
        raise SceneError(str(path), [problem])
    made = calibrate_summary(frame, name=name or Path(path).stem, source=str(path))
    return made.calibration, made.figures


def _check_settings(factors: int | None, minimum: int) -> None:
    problems = []
    if factors is not None and factors < 0:
        problems.append(Problem("--factors", f"got {factors}, allowed: 0 or more"))
    if minimum < 5:
        message = f"got {minimum}, allowed: 5 or more, so that no few people can be told apart"
        problems.append(Problem("--minimum", message))
    if problems:
        raise SceneError("settings", problems)


def _numeric_columns(frame: pd.DataFrame, groups: Sequence[str]) -> tuple[list[str], list[str]]:
    """Columns that hold numbers, and why each of the others is left out."""
    chosen: list[str] = []
    left_out: list[str] = []
    for name in map(str, frame.columns):
        if name in groups:
            continue
        values = frame[name]
        numbers = pd.to_numeric(values.astype(object), errors="coerce")
        if values.isna().all():
            left_out.append(f"{name}, without any value")
        elif numbers.notna().sum() < _MOSTLY * values.notna().sum() or _is_category(values):
            left_out.append(f"{name}, not numbers (name it with --group to use it)")
        elif numbers.is_unique and (numbers % 1 == 0).all():
            left_out.append(f"{name}, whole numbers that are all different: an id")
        else:
            chosen.append(name)
    return chosen, left_out


def _is_category(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(values)
