"""Missing values of a table as reasons of a scene: at random, or all of a level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from synthcohort.population.linear_model import LinearModel
from synthcohort.population.strata import Combinations
from synthcohort.scene import load_scene

Array = np.ndarray
Level = tuple[str, str]
_CERTAIN = 60.0
"""Log odds of what nobody of a level has, against the others."""


@dataclass
class MissingPatterns:
    """Reasons for missing values, and sentences on them."""

    reasons: dict[str, dict[str, object]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def find_patterns(
    frame: pd.DataFrame,
    grouped: pd.DataFrame,
    weight: Array,
    groups: Mapping[str, object],
    minimum: int,
) -> MissingPatterns:
    """Tell how often values are missing; columns that are missing for the same people are one.

    Parameters
    ----------
    frame : DataFrame, shape (n, p)
        Biomarkers.
    grouped : DataFrame, shape (n, n_groups)
        Categorical columns.
    weight : ndarray, shape (n,)
    groups : mapping
        As the scene has them.
    minimum : int
        Fewer missing values are not written.

    Returns
    -------
    MissingPatterns
    """
    found = MissingPatterns()
    blocks: dict[tuple[bytes, tuple[Level, ...]], list[str]] = {}
    for name in map(str, frame):
        lost = frame[name].isna().to_numpy()
        key = np.packbits(lost).tobytes(), tuple(absent_levels(frame[name], grouped))
        blocks.setdefault(key, []).append(name)
    for (_, absent), names in blocks.items():
        lost, rest = frame[names[0]].isna().to_numpy(), np.ones(len(frame), dtype=bool)
        for group, level in absent:
            _of_level(found, names, group, level, groups)
            rest &= (grouped[group] != level).to_numpy()
        _at_random(found, names, lost, rest, weight, minimum, bool(absent))
    return found


def absent_levels(column: pd.Series, grouped: pd.DataFrame) -> list[Level]:
    """Levels in which nobody has a value."""
    there = column.notna()
    return [
        (str(group), str(level))
        for group in grouped
        for level, anybody in there.groupby(grouped[group], observed=False).any().items()
        if not anybody
    ]


def _of_level(
    found: MissingPatterns,
    names: Sequence[str],
    group: str,
    level: str,
    groups: Mapping[str, object],
) -> None:
    found.reasons[f"no_{names[0]}_in_{level}"] = {
        "variables": list(names),
        "rate": _share(groups, group, level),
        "on": {group: {level: _CERTAIN}},
    }
    found.notes.append(f"missing: {', '.join(names)} for everybody in {group} {level}")


def _share(groups: Mapping[str, object], group: str, level: str) -> float:
    """Share of a level as the scene's groups have it: any other would leave a few with values."""
    model = LinearModel.of(load_scene({"name": "x", "groups": groups, "biomarkers": {"x": {}}}))
    combinations = Combinations.of(model)
    inside = combinations.codes[group] == model.levels[group].index(level)
    return float(combinations.probability[inside].sum())


def _at_random(
    found: MissingPatterns,
    names: Sequence[str],
    lost: Array,
    rest: Array,
    weight: Array,
    minimum: int,
    some_absent: bool,
) -> None:
    count = int((lost & rest).sum())
    which = " of the others" if some_absent else ""
    if count >= minimum:
        rate = round(float(weight[lost & rest].sum() / weight[rest].sum()), 3)
        found.reasons[f"no_{names[0]}"] = {"variables": list(names), "rate": rate}
        share = f"{100 * rate:.1f} %{which}"
        found.notes.append(f"missing: {', '.join(names)} in {share}, completely at random")
    elif count:
        few = f"under {minimum} people"
        found.notes.append(f"missing: {', '.join(names)} in {few}, written as never missing")
