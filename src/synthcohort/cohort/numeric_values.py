"""Numbers of a column, whatever it holds: marks, words for missing, detection limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.files.marks import Marks, marks_of
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.raw_columns import RawColumn
from synthcohort.cohort.words import as_word, each
from synthcohort.scene import Problem

NO_NUMBERS = frozenset(
    ["na", "n/a", "#n/a", "nan", "null", "none", "nil", ".", "-", "--", "?", "missing"]
)
"""Words that stand for nothing among numbers; among levels they are levels."""

BEYOND = ("limit", "half", "missing")
"""What a value beyond a detection limit can count as."""

_LIMIT = re.compile(r"(<=?|≤|>=?|≥)\s*(\S+)")


@dataclass(frozen=True)
class Limit:
    """A detection limit that some values of a column are beyond."""

    side: str
    at: float

    def __str__(self) -> str:
        """Return the words of a reason."""
        return f"{self.side} detection ({'<' if self.side == 'below' else '>'} {self.at:g})"


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Parameters
    ----------
    column : str
        In the table.
    values : Series of float, shape (N,)
    why : Series, shape (N,)
        Reason of each missing value, NaN where there is a value.
    beyond : Series, shape (N,)
        In words, the detection limit that a value is beyond; None where it is measured.
    limits : dict of Limit to int
        How many values are beyond each limit.
    words : dict of str to int
        Words for missing that were found among the numbers.
    problems : list of Problem
        Why it is no column of numbers.
    labels : dict
        Labels of single values, such as a top code.
    """

    column: str
    values: pd.Series
    why: pd.Series
    beyond: pd.Series
    limits: dict[Limit, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    labels: dict[float, str] = field(default_factory=dict)


def numbers(raw: RawColumn, reading: Reading, beyond: str = "limit") -> Numbers:
    """Take a column as numbers.

    Parameters
    ----------
    raw : RawColumn
    reading : Reading
        Its marks hold where the column is text.
    beyond : str, default "limit"
        What a value beyond a detection limit counts as: the limit, half of it (of a lower
        one), or missing.

    Returns
    -------
    Numbers
        With problems where text stands among the numbers, a value is infinite, or none is there.
    """
    place = f"column {raw.name!r}"
    labels = {float(c): text for c, text in raw.labels.items() if isinstance(c, int | float)}
    nowhere = pd.Series(None, index=raw.values.index, dtype=object)
    if raw.values.isna().all():
        message = f"all {len(raw.values):,} values are missing, allowed: at least one value"
        return Numbers(
            raw.name, nowhere.astype(float), raw.why, nowhere, problems=[Problem(place, message)]
        )
    if pd.api.types.is_numeric_dtype(raw.values) and raw.values.dtype != bool:
        values = raw.values.astype(float)
        found = Numbers(raw.name, values, raw.why, nowhere, labels=labels)
    else:
        found = _parsed(raw, reading, beyond)
    found.problems.extend(_infinite(found, place))
    return found


def _infinite(found: Numbers, place: str) -> Iterator[Problem]:
    infinite = np.isinf(found.values.to_numpy())
    if infinite.any():
        row = int(np.argmax(infinite)) + 1
        yield Problem(place, f"got an infinite value in row {row:,}, allowed: finite numbers")


def _parsed(raw: RawColumn, reading: Reading, beyond: str) -> Numbers:
    words = [value for value in raw.values.dropna() if isinstance(value, str)]
    if reading.decimal is not None:
        marks = Marks(reading.decimal, reading.thousands)
    else:
        marks = marks_of(word.lstrip("<>=≤≥ ") for word in words)
    parts = each(raw.values, lambda value: _part(value, marks))
    values = pd.Series(np.nan, index=raw.values.index, dtype=float)
    why, limit = raw.why.copy(), pd.Series(None, index=raw.values.index, dtype=object)
    counts: Counter[Limit] = Counter()
    missing: Counter[str] = Counter()
    faulty = np.zeros(len(values), dtype=bool)
    for part in parts.dropna().unique():
        hit = (parts == part).to_numpy()
        if isinstance(part, float):
            values[hit] = part
        elif isinstance(part, Limit):
            counts[part] += int(hit.sum())
            limit[hit] = str(part)
            counted = _counted(part, beyond)
            values[hit] = counted
            if np.isnan(counted):
                why[hit] = str(part)
        elif part.strip().lower() in NO_NUMBERS:
            missing[part.strip()] += int(hit.sum())
            why[hit] = part.strip()
        elif not part.strip():
            why[hit] = "empty"
        else:
            faulty |= hit
    problems = []
    if faulty.any():
        row = int(np.argmax(faulty))
        message = (
            f"got {str(raw.values.iloc[row])!r} in row {row + 1:,} "
            f"({int(faulty.sum()):,} values are not numbers), allowed: numbers"
        )
        problems.append(Problem(f"column {raw.name!r}", message))
    return Numbers(raw.name, values, why, limit, dict(counts), dict(missing), problems)


def _part(value: Any, marks: Marks) -> float | Limit | str:
    """Read one cell: a number, a limit, or what is left as a word."""
    if not isinstance(value, str):
        if isinstance(value, bool | np.bool_) or not pd.api.types.is_number(value):
            return as_word(value)
        return float(value)  # type: ignore[arg-type]
    word = value.strip()
    number = _number(word, marks)
    if number is not None:
        return number
    sign = _LIMIT.fullmatch(word)
    at = None if sign is None else _number(sign[2], marks)
    if sign is None or at is None:
        return value
    return Limit("below" if sign[1][0] in "<≤" else "above", at)


def _number(word: str, marks: Marks) -> float | None:
    if marks.thousands is not None and marks.thousands in word:
        one, other = re.escape(marks.thousands), re.escape(marks.decimal)
        if not re.fullmatch(rf"[+-]?\d{{1,3}}({one}\d{{3}})+({other}\d+)?", word):
            return None
        word = word.replace(marks.thousands, "")
    if marks.decimal != ".":
        if "." in word:
            return None
        word = word.replace(marks.decimal, ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", word, re.I):
        return None
    return float(word)


def _counted(limit: Limit, beyond: str) -> float:
    if beyond == "missing":
        return float("nan")
    return limit.at / 2 if beyond == "half" and limit.side == "below" else limit.at
