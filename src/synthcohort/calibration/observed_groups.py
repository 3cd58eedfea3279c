"""Groups of a table: their levels, none too small, and how they depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.calibration.calibrated_scene import shares
from synthcohort.scene import Problem, SceneError

Array = np.ndarray
OTHER = "other"


def complete(
    frame: pd.DataFrame, groups: list[str], weight: str | None, minimum: int
) -> tuple[pd.DataFrame, Array, list[str]]:
    """Leave out people without a value of a group or without a weight above 0.

    Parameters
    ----------
    frame : DataFrame
    groups : list of str
    weight : str, optional
    minimum : int
        Fewer people are not counted in a note.

    Returns
    -------
    frame : DataFrame
    weight : ndarray, shape (n,)
        Of mean 1.
    notes : list of str

    Raises
    ------
    SceneError
        If nobody is left.
    """
    lost = {name: frame[name].isna() for name in groups}
    if weight is not None:
        lost[weight] = ~(frame[weight] > 0)
    kept = np.ones(len(frame), dtype=bool)
    for gap in lost.values():
        kept &= ~gap.to_numpy()
    if not kept.any():
        message = "nobody has a value of every group and a weight"
        raise SceneError("table", [Problem("groups", message)])
    notes = []
    if not kept.all():
        parts = [f"{_number(int(n), minimum)} in {k}" for k, g in lost.items() if (n := g.sum())]
        people = _number(int((~kept).sum()), minimum)
        notes.append(
            f"left out: {people} of {len(kept):,} people, without a value of a group or a weight "
            f"({', '.join(parts)})"
        )
    weights = np.ones(int(kept.sum()))
    if weight is not None:
        weights = frame.loc[kept, weight].to_numpy(dtype=float)
        weights = weights / weights.mean()
        notes.append(f"weighted by {weight}: the scene is of the people that the table stands for")
    return frame[kept], weights, notes


def _number(count: int, minimum: int) -> str:
    return f"{count:,}" if count >= minimum else f"under {minimum}"


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
        Rarer levels are joined to ``other``.

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
        values = frame[name].map(_level).astype(str)
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
    groups: pd.DataFrame, weight: Array, minimum: int
) -> tuple[dict[str, dict[str, object]], list[str]]:
    """Probabilities of the groups as a scene writes them: each given the one before.

    Where a combination of two groups has from 1 to `minimum` - 1 people, the second is written
    as independent of the first, so that no small cell can be read from the file.
    """
    found: dict[str, dict[str, object]] = {}
    notes, before = [], None
    for name in groups:
        levels = list(groups[name].cat.categories)
        entry: dict[str, object] = {"probabilities": _shares(groups[name], weight, levels)}
        if before is not None:
            if pd.crosstab(groups[before], groups[name]).to_numpy().min() >= minimum:
                parents = {p: groups[before] == p for p in groups[before].cat.categories}
                rows = {
                    str(p): _shares(groups[name][rows], weight[rows], levels)
                    for p, rows in parents.items()
                }
                entry = {"given": before, "probabilities": rows}
            else:
                notes.append(
                    f"{name} is written as independent of {before}: "
                    f"a combination has under {minimum} people"
                )
        found[str(name)] = entry
        before = str(name)
    return found, notes


def _shares(column: pd.Series, weight: Array, levels: list[str]) -> dict[str, float]:
    total = np.bincount(column.cat.codes, weight, minlength=len(levels))
    return dict(zip(levels, shares(total), strict=True))


@dataclass(frozen=True)
class Design:
    """A constant, and an indicator of every level but each group's first.

    Parameters
    ----------
    matrix : ndarray, shape (n, q)
    levels : list of (str, str)
        Group and level of each column but the first.
    first : dict of str to str
        First level of each group.
    """

    matrix: Array
    levels: list[tuple[str, str]]
    first: dict[str, str]

    @classmethod
    def of(cls, groups: pd.DataFrame) -> Design:
        """Code the levels of categorical columns."""
        columns, names = [np.ones(len(groups))], []
        for name in groups:
            for level in groups[name].cat.categories[1:]:
                columns.append((groups[name] == level).to_numpy(dtype=float))
                names.append((str(name), str(level)))
        first = {str(name): str(groups[name].cat.categories[0]) for name in groups}
        return cls(np.column_stack(columns), names, first)

    def among(self, values: Array) -> Array:
        """Matrix for a column: an indicator that is the same wherever there is a value is 0."""
        inside = self.matrix[~np.isnan(values)]
        differs = np.ptp(inside, axis=0) > 0
        differs[0] = True
        return np.asarray(self.matrix * differs)

    def by_level(self, effects: list[float]) -> tuple[float, dict[str, dict[str, float]]]:
        """Return the constant, and effects by group and level."""
        shift: dict[str, dict[str, float]] = {}
        for (group, level), value in zip(self.levels, effects[1:], strict=True):
            shift.setdefault(group, {self.first[group]: 0.0})[level] = value
        return effects[0], shift
