"""Clinical cut-offs as a table: one row a threshold, each with its source.

The bundled table, ``cutoffs.csv`` beside this module, lists rival thresholds too; a user
keeps the rows that are wanted and gives them to a run.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files

from synthcohort.scene.defaults import resolve
from synthcohort.scene.model import Scene
from synthcohort.scene.problems import Problem, SceneError, nearest

EVERYBODY = "any"
"""The level of a threshold that is the same for everybody."""

_REQUIRED = ("variable", "level", "direction", "threshold")
_SIDES = {"below": "low", "above": "high"}
_Row = dict[str, str]


def text() -> str:
    """Return the bundled table as CSV.

    Examples
    --------
    >>> text().splitlines()[0]
    'variable,unit,level,direction,threshold,meaning,source'
    """
    return (files(__name__) / "cutoffs.csv").read_text(encoding="utf-8")


def source_of(variable: str, level: str, direction: str, threshold: float) -> list[str]:
    """Return the sources of a cut-off, where the bundled table has it.

    Examples
    --------
    >>> source_of("Hemoglobin", "male", "below", 13.0)[0][:18]
    'Payne et al. 2018,'
    """
    return [
        row["source"]
        for row in csv.DictReader(io.StringIO(text()))
        if (row["variable"], row["level"], row["direction"]) == (variable, level, direction)
        and float(row["threshold"]) == threshold
    ]


def replace_cutoffs(scene: Scene, table: str, source: str) -> Scene:
    """Return the scene with the cut-offs of a table instead of all of its own.

    Parameters
    ----------
    scene : Scene
    table : str
        CSV with the columns variable (a biomarker), level (``any``, or a level of a visible
        group), direction (``below`` or ``above``) and threshold; unit is compared with the
        scene's where both are given, other columns are for the reader.
    source : str
        Named in every error.

    Returns
    -------
    Scene
        A biomarker without a row has no cut-off.

    Raises
    ------
    SceneError
        With every problem: missing columns, unknown variables and levels, another unit,
        rival rows, a low cut-off that is not below the high one.
    """
    rows = _rows(table, source)
    problems = [p for line, row in rows for p in _row_problems(scene, line, row)]
    problems += list(_rivals(rows))
    if problems:
        raise SceneError(source, problems)
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for _, row in rows:
        found[row["variable"]][_SIDES[row["direction"]]][row["level"]] = float(row["threshold"])
    data = scene.model_dump()
    for name, marker in data["biomarkers"].items():
        sides = {side: _limit(by_level) for side, by_level in found.get(name, {}).items()}
        marker["cutoffs"] = sides
    return resolve(data, source)


def _limit(by_level: dict[str, float]) -> float | dict[str, float]:
    return by_level.get(EVERYBODY, by_level)


def _rows(table: str, source: str) -> list[tuple[int, _Row]]:
    """Rows with their line in the file; cells without the space around them."""
    reader = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    names = [name.strip() for name in reader.fieldnames or []]
    absent = [name for name in _REQUIRED if name not in names]
    if absent:
        message = f"got the columns {', '.join(names) or 'none'}; missing: {', '.join(absent)}"
        raise SceneError(source, [Problem("line 1", message)])
    reader.fieldnames = names
    rows = []
    for row in reader:
        cells = {str(key): str(value or "").strip() for key, value in row.items() if key}
        rows.append((reader.line_num, cells))
    if not rows:
        raise SceneError(source, [Problem("", "has no rows, allowed: at least one threshold")])
    return rows


def _row_problems(scene: Scene, line: int, row: _Row) -> Iterator[Problem]:
    place, name, level = f"line {line}", row["variable"], row["level"]
    marker = scene.biomarkers.get(name)
    if marker is None:
        yield Problem(place, f"got the variable {name!r}; {nearest(name, scene.biomarkers)}")
    elif row.get("unit") and marker.unit and row["unit"] != marker.unit:
        message = f"got the unit {row['unit']!r}, allowed: {marker.unit!r}, the one of {name}"
        yield Problem(place, message)
    levels = [one for g in scene.groups.values() if not g.hidden for one in g.levels]
    if level != EVERYBODY and level not in levels:
        yield Problem(place, f"got the level {level!r}; {nearest(level, [EVERYBODY, *levels])}")
    if row["direction"] not in _SIDES:
        yield Problem(place, f"got the direction {row['direction']!r}, allowed: below, above")
    try:
        finite = abs(float(row["threshold"])) < float("inf")
    except ValueError:
        finite = False
    if not finite:
        yield Problem(place, f"got the threshold {row['threshold']!r}, allowed: a finite number")


def _rivals(rows: list[tuple[int, _Row]]) -> Iterator[Problem]:
    """Name thresholds of which only one can hold."""
    alike: dict[tuple[str, str], list[tuple[int, _Row]]] = defaultdict(list)
    for line, row in rows:
        alike[row["variable"], row["direction"]].append((line, row))
    for (name, direction), same in alike.items():
        levels = [row["level"] for _, row in same]
        for level in dict.fromkeys(levels):
            against = [
                (line, row)
                for line, row in same
                if row["level"] == level or (level == EVERYBODY and len(set(levels)) > 1)
            ]
            if len(against) > 1:
                words = ", ".join(
                    f"{row['threshold']} for {row['level']} (line {line})" for line, row in against
                )
                message = f"got rival cut-offs {direction}: {words}, allowed: keep one row"
                yield Problem(name, message)
