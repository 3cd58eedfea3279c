"""A table as a file holds it: values, labels, and why values are missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.files.reading import Reading
from synthcohort.scene import Problem, SceneError

Code = float | str
"""A value as the file has it, where it can have a label."""

Wanted = Callable[[Sequence[str]], Collection[str]]
"""Which of a file's columns are read."""

EMPTY = "empty"
SYSTEM_MISSING = "system missing"
"""Reasons of values that are missing without one: in text and sheets, in statistics packages."""


@dataclass(frozen=True)
class Table:
    """Some columns of a user's table, an individual a row.

    Parameters
    ----------
    source : str
        Named in messages: the file, or ``table``.
    names : tuple of str
        Every column of the file, whether it was read or not.
    frame : DataFrame, shape (N, n_columns)
        The values of the columns that were read; numbers where the file has numbers (also where
        codes have labels), text otherwise. What is missing, whatever the reason, is NaN.
    labels : dict of str to str
        Labels of the columns that have one.
    codes : dict of str to dict
        Of columns with value labels: code to label, in the order of the file. The levels of a
        categorical column of text are their own codes.
    reasons : dict of str to Series
        Of columns in which some values are missing for a stated reason: categorical, the reason
        where there is one, NaN elsewhere.
    nothing : str
        Reason of all other missing values.
    notes : list of str
        What was found out about the file, in sentences.
    reading : Reading
        How it was read: what was asked for, and what was found out.
    """

    source: str
    names: tuple[str, ...]
    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    reasons: Mapping[str, pd.Series] = field(default_factory=dict)
    nothing: str = EMPTY
    notes: Sequence[str] = ()
    reading: Reading = field(default_factory=Reading)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    def rows(self, kept: Any) -> Table:
        """Return the table with some of its rows only; `kept` is bool, shape (N,)."""
        reasons = {name: reason[kept] for name, reason in self.reasons.items()}
        return replace(self, frame=self.frame[kept], reasons=reasons)

    def why(self, name: str) -> pd.Series:
        """Reason of each missing value of a column, NaN where there is a value, shape (N,)."""
        column = self.frame[name]
        words = np.full(len(column), np.nan, dtype=object)
        words[column.isna().to_numpy()] = self.nothing
        stated = self.reasons.get(name)
        if stated is not None:
            there = stated.notna().to_numpy()
            words[there] = stated.astype(object).to_numpy()[there]
        return pd.Series(words, index=column.index, dtype=object)


def positions(names: Sequence[str], wanted: Wanted | None, source: str) -> dict[str, int]:
    """Choose the columns to read.

    Parameters
    ----------
    names : sequence of str
        Every column of the file; empty where a column has no name.
    wanted : callable, optional
        All that have a name by default.
    source : str
        Named in the error.

    Returns
    -------
    dict of str to int
        Where each column is, in the order of the file.

    Raises
    ------
    SceneError
        If there are no columns at all, or one that is wanted is there twice.
    """
    if not any(names):
        raise fault(source, "has no columns with a name")
    asked = set(names if wanted is None else wanted([name for name in names if name])) - {""}
    twice = sorted(name for name in asked if names.count(name) > 1)
    if twice:
        message = "is there twice, allowed: one of a name"
        raise SceneError(source, [Problem(f"column {n!r}", message) for n in twice])
    return {name: i for i, name in enumerate(names) if name in asked}


def unnamed(names: Sequence[str]) -> list[str]:
    """Say which columns have no name, as nobody can ask for them."""
    places = [f"{i + 1:,}" for i, name in enumerate(names) if not name]
    if not places:
        return []
    shown = ", ".join(places[:5]) + (", ..." if len(places) > 5 else "")
    return [f"Columns without a name were not read: {shown}."]


def fault(source: str, message: str) -> SceneError:
    """Return the error of a whole file."""
    return SceneError(source, [Problem("", message)])


def first_line(error: Any) -> str:
    """Return the first line of a library's message, or its kind where it has none."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
