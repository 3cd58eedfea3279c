"""Levels of a column: by label, by the settings, joined where only case or blanks differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.raw_columns import RawColumn
from synthcohort.cohort.words import as_word, each
from synthcohort.scene import Problem
from synthcohort.scene.problems import nearest


@dataclass(frozen=True)
class Categories:
    """A column of levels.

    Parameters
    ----------
    column : str
        In the table.
    values : Series, categorical, shape (N,)
    why : Series, shape (N,)
        Reason of each missing value.
    codes : dict of str to str
        Of each level whose code in the table is another word: that code.
    joined : dict of str to list of str
        Of each level that was written in several ways: how.
    problems : list of Problem
    """

    column: str
    values: pd.Series
    why: pd.Series
    codes: dict[str, str] = field(default_factory=dict)
    joined: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def categories(
    raw: RawColumn, levels: Mapping[str, str] | None = None, apart: bool = False
) -> Categories:
    """Take a column as levels.

    Parameters
    ----------
    raw : RawColumn
    levels : mapping of str to str, optional
        From a value, or its label, to the level that it stands for; all others are problems.
    apart : bool, default False
        Keep levels apart that differ by case or blanks only.

    Returns
    -------
    Categories
        In the order of the settings, of the labelled codes, or of the alphabet. A value
        without a label is its own level; text of nothing but blanks is missing.
    """
    blank = each(raw.values, lambda value: isinstance(value, str) and not value.strip())
    hit = (blank == True).to_numpy()  # noqa: E712  None where missing
    values = raw.values.mask(hit)
    why = raw.why.mask(hit, "empty")
    place = f"column {raw.name!r}"
    if values.isna().all():
        message = f"all {len(values):,} values are missing, allowed: at least one value"
        problems = [Problem(place, message)]
        return Categories(raw.name, values.astype("category"), why, problems=problems)
    different = list(values.dropna().unique())
    named = {value: _named(value, raw.labels) for value in different}
    named = _told_apart(named)
    if levels is not None:
        return _declared(raw.name, values, why, levels, named, apart)
    counts = values.value_counts()
    joined = {} if apart else _joined(named, counts)
    text = {value: joined.get(name, name) for value, name in named.items()}
    ranks = {value: _rank(value, text[value], raw.labels) for value in different}
    ordered = [text[value] for value in sorted(different, key=ranks.__getitem__)]
    order = list(dict.fromkeys(ordered))
    ways: dict[str, list[str]] = {}
    for value, name in named.items():
        if name in joined:
            ways.setdefault(text[value], []).append(str(value))
    return Categories(
        raw.name,
        each(values, text.__getitem__).astype(pd.CategoricalDtype(order)),
        why,
        codes={text[v]: as_word(v) for v in different if as_word(v) != text[v] and v in raw.labels},
        joined={level: sorted(found) for level, found in ways.items() if len(found) > 1},
    )


def _declared(
    column: str,
    values: pd.Series,
    why: pd.Series,
    levels: Mapping[str, str],
    named: Mapping[Any, str],
    apart: bool,
) -> Categories:
    folded = {} if apart else {_fold(word): level for word, level in levels.items()}
    text: dict[Any, str | None] = {}
    for value, name in named.items():
        words = (as_word(value), name)
        known = [levels[word] for word in words if word in levels]
        known += [folded[_fold(word)] for word in words if _fold(word) in folded]
        text[value] = known[0] if known else None
    place = f"column {column!r}"
    problems = [
        Problem(place, f"got {as_word(value)!r}; {nearest(named[value], levels)}")
        for value, level in text.items()
        if level is None
    ]
    present = set(text.values())
    order = [level for level in dict.fromkeys(levels.values()) if level in present]
    found = each(values, text.__getitem__).astype(pd.CategoricalDtype(order))
    codes = {level: as_word(value) for value, level in text.items() if level is not None}
    changed = {level: code for level, code in codes.items() if code != level}
    ways: dict[str, list[str]] = {}
    for value, level in text.items():
        exact = as_word(value) in levels or named[value] in levels
        if level is not None and not exact:
            ways.setdefault(level, []).append(str(value))
    return Categories(column, found, why, changed, ways, problems)


def _named(value: Any, labels: Mapping[Any, str]) -> str:
    label = labels.get(value)
    return label if label else as_word(value)


def _told_apart(named: dict[Any, str]) -> dict[Any, str]:
    """Add the code to a label that two codes have."""
    names = list(named.values())
    return {
        value: f"{name} ({as_word(value)})" if names.count(name) > 1 else name
        for value, name in named.items()
    }


def _fold(word: str) -> str:
    return " ".join(word.split()).casefold()


def _joined(named: Mapping[Any, str], counts: pd.Series) -> dict[str, str]:
    """From each way of writing a level to its most frequent one, without outer blanks."""
    groups: dict[str, list[Any]] = {}
    for value, name in named.items():
        groups.setdefault(_fold(name), []).append(value)
    found = {}
    for values in groups.values():
        often = max(values, key=lambda value: (counts[value], str(named[value])))
        best = " ".join(named[often].split())
        for value in values:
            if named[value] != best or len(values) > 1:
                found[named[value]] = best
    return found


def _rank(value: Any, level: str, labels: Mapping[Any, str]) -> tuple[Any, ...]:
    """Labelled text in the file's order, numbers by size, other text by the alphabet."""
    if isinstance(value, str):
        order = list(labels)
        return (1, order.index(value) if value in labels else len(order), level)
    if isinstance(value, bool | np.bool_) or pd.api.types.is_number(value):
        return (0, float(str(value)) if not isinstance(value, bool | np.bool_) else int(value), "")
    return (2, level, "")
