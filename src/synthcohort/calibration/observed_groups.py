"""Groups of a table: their levels, none too small, and how they depend on each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthcohort.calibration.calibrated_scene import shares
from synthcohort.scene import Problem, SceneError

OTHER = "other"
NOT_RECORDED = "not recorded"


def groupings_of(
    frame: pd.DataFrame, names: list[str], minimum: int
) -> tuple[pd.DataFrame, list[str]]:
    """Bring groups to levels of at least `minimum` people.

    Parameters
    ----------
    frame : DataFrame
    names : list of str
        Columns of the groups.
    minimum : int
        Rarer levels are joined to ``other``; missing values are the level ``not recorded``.

    Returns
    -------
    groups : DataFrame
        Categorical columns.
    notes : list of str

    Raises
    ------
    SceneError
        If a group keeps fewer than two levels, or what is left over is still too small.
    """
    columns, notes, problems = {}, [], []
    for name in names:
        values = frame[name].map(_level, na_action="ignore").fillna(NOT_RECORDED).astype(str)
        counts = values.value_counts()
        rare = [level for level, count in counts.items() if count < minimum]
        if rare:
            values = values.where(~values.isin(rare), OTHER)
            notes.append(f"{name}: {len(rare)} levels under {minimum} people joined to {OTHER!r}")
        left = values.value_counts()
        if len(left) < 2 or left.min() < minimum:
            got = f"{len(counts)} levels, the smallest of {counts.min()} people"
            allowed = f"two levels or more of at least {minimum} people each"
            problems.append(Problem(f"column {name!r}", f"got {got}, allowed: {allowed}"))
        columns[name] = pd.Categorical(values, categories=sorted(left.index))
    if problems:
        raise SceneError("table", problems)
    return pd.DataFrame(columns, index=frame.index), notes


def _level(value: object) -> str:
    number = isinstance(value, float) and value.is_integer()
    return str(int(value)) if number else str(value)  # type: ignore[call-overload]


def describe_groups(
    groups: pd.DataFrame, minimum: int
) -> tuple[dict[str, dict[str, object]], list[str]]:
    """Probabilities of the groups as a scene writes them: each given the one before.

    Where a combination of two groups has from 1 to `minimum` - 1 people, the second is written
    as independent of the first, so that no small cell can be read from the file.
    """
    found: dict[str, dict[str, object]] = {}
    notes, before = [], None
    for name in groups:
        levels = list(groups[name].cat.categories)
        entry: dict[str, object] = {"probabilities": _table(groups[name], levels)}
        if before is not None:
            cells = pd.crosstab(groups[before], groups[name])
            if cells.to_numpy().min() >= minimum:
                rows = {str(p): _shares(row, levels) for p, row in cells.iterrows()}
                entry = {"given": before, "probabilities": rows}
            else:
                notes.append(
                    f"{name} is written as independent of {before}: "
                    f"a combination has under {minimum} people"
                )
        found[str(name)] = entry
        before = str(name)
    return found, notes


def _table(column: pd.Series, levels: list[str]) -> dict[str, float]:
    return _shares(column.value_counts(), levels)


def _shares(counts: pd.Series, levels: list[str]) -> dict[str, float]:
    values = np.array([counts[level] for level in levels], dtype=float)
    return dict(zip(levels, shares(values), strict=True))


def design(groups: pd.DataFrame) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Return a constant and an indicator of every level but each group's first, (n, 1 + levels)."""
    columns, names = [np.ones(len(groups))], []
    for name in groups:
        for level in groups[name].cat.categories[1:]:
            columns.append((groups[name] == level).to_numpy(dtype=float))
            names.append((str(name), str(level)))
    return np.column_stack(columns), names
