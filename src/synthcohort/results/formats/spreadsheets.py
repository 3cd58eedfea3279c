"""Tables as CSV that a spreadsheet program shows and does not run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from synthcohort.machine.written_files import written

_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these is a formula to Excel and its kin."""


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before every text that would be run as a formula.

    Parameters
    ----------
    frame : DataFrame
        Numbers stay numbers; texts, levels and names of columns are looked at.

    Returns
    -------
    DataFrame
        The same object where there is nothing to do.

    Examples
    --------
    >>> harmless(pd.DataFrame({"level": ["=1+1", "urban"]}))["level"].tolist()
    ["'=1+1", 'urban']
    """
    changed = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.CategoricalDtype):
            if any(map(_runs, column.cat.categories)):
                changed[name] = column.cat.rename_categories(_quoted)
        elif column.dtype == object or pd.api.types.is_string_dtype(column):
            different = [value for value in column.unique() if _runs(value)]
            if different:
                changed[name] = column.replace({value: _quoted(value) for value in different})
    frame = frame.assign(**{str(name): column for name, column in changed.items()})
    return frame.rename(columns=_quoted) if any(map(_runs, frame.columns)) else frame


def restored(frame: pd.DataFrame) -> pd.DataFrame:
    """Take the apostrophes off again."""
    for name, column in frame.items():
        if column.dtype == object or pd.api.types.is_string_dtype(column):
            different = [value for value in column.unique() if _is_quoted(value)]
            if different:
                frame[name] = column.replace({value: value[1:] for value in different})
    return frame.rename(columns=lambda name: name[1:] if _is_quoted(name) else name)


def write_spreadsheet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table without its index; missing values are empty cells."""
    with written(path) as file:
        harmless(frame).to_csv(file, index=False)


def read_spreadsheet(path: Path, dtype: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Read a table that `write_spreadsheet` wrote: a level called NA is that level."""
    read = pd.read_csv(
        path, dtype=None if dtype is None else dict(dtype), keep_default_na=False, na_values=[""]
    )
    return restored(read)


def _runs(value: object) -> bool:
    """Whether a text is a formula, or one behind apostrophes: these need one more to come back."""
    return isinstance(value, str) and value.lstrip("'").startswith(_STARTS)


def _is_quoted(value: object) -> bool:
    return isinstance(value, str) and value.startswith("'") and _runs(value[1:])


def _quoted(value: Any) -> Any:
    return f"'{value}" if _runs(value) else value
