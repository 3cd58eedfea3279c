"""A user's own table from a file: CSV, Parquet, Stata or SPSS, with faults named clearly."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.scene import Problem, SceneError
from synthcohort.scene.problems import nearest

_SEPARATORS = (",", ";", "\t", "|")
_TEXT = (".csv", ".tsv", ".txt")
_WHOLE = r"0|-?[1-9]\d{0,17}"
"""As Python writes an integer of at most 64 bits."""


def read_table(
    path: str | Path, encoding: str = "utf-8", ids: Collection[str] = ()
) -> pd.DataFrame:
    """Read a table of individuals, one row each.

    Parameters
    ----------
    path : str or Path
        A ``.csv`` (or ``.tsv``, ``.txt``; the separator is found in the first line),
        ``.parquet``, ``.dta`` (Stata) or ``.sav`` (SPSS, needs the extra ``spss``) file.
    encoding : str, default "utf-8"
        Of a CSV file; the other formats carry their own.
    ids : collection of str
        Columns of a CSV file that are kept as text unless all are plain whole numbers:
        "007" is not 7.

    Returns
    -------
    DataFrame
        Values with labels are categorical columns of the labels; empty cells and
        user-defined missing codes of Stata and SPSS are missing. The rows are numbered from
        0, but for a Parquet file that holds an index.

    Raises
    ------
    SceneError
        If the file is not there, is empty, has no rows, is of another kind or encoding, or
        names a column twice.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in _TEXT and kind not in _READERS:
        raise _error(path, f"got a {kind or 'file without an extension'}, allowed: {_kinds()}")
    if not path.is_file():
        raise _error(path, "can't be read (no such file)")
    if path.stat().st_size == 0:
        raise _error(path, "is empty")
    try:
        frame = _read_text(path, encoding, ids) if kind in _TEXT else _READERS[kind](path)
    except SceneError:
        raise
    except UnicodeDecodeError as error:
        message = (
            f"is not {encoding}: byte {error.object[error.start]:#04x} at position "
            f"{error.start:,}; name its encoding, such as latin-1 or cp1252"
        )
        raise _error(path, message) from None
    except LookupError:
        raise _error(path, f"got encoding {encoding!r}, allowed: one that Python knows") from None
    except OSError as error:
        raise _error(path, f"can't be read ({error.strerror or error})") from None
    except Exception as error:  # each library has its own errors for a broken file
        raise _error(path, f"is not a readable {kind} file: {_first_line(error)}") from None
    _check_shape(path, frame)
    return frame


def check_columns(
    frame: pd.DataFrame,
    source: str | Path,
    numeric: Collection[str] = (),
    categories: Collection[str] = (),
) -> None:
    """Name every problem of the columns that are going to be used.

    Parameters
    ----------
    frame : DataFrame
        As read.
    source : str or Path
        Named in the error.
    numeric : collection of str
        Columns that must hold numbers; missing values are fine.
    categories : collection of str
        Columns that must be there and hold something.

    Raises
    ------
    SceneError
        Unknown columns, text among numbers (the first place is named), infinite values,
        columns without any value.
    """
    problems = [
        problem
        for name in dict.fromkeys([*numeric, *categories])
        for problem in _column_problems(frame, name, name in numeric)
    ]
    if problems:
        raise SceneError(str(source), problems)


def _column_problems(frame: pd.DataFrame, name: str, numeric: bool) -> Iterator[Problem]:
    place = f"column {name!r}"
    if name not in frame.columns:
        yield Problem(place, f"is not in the table; {nearest(name, map(str, frame.columns))}")
        return
    column = frame[name]
    if column.isna().all():
        yield Problem(place, f"all {len(column):,} values are missing, allowed: at least one value")
        return
    if not numeric:
        return
    values = pd.to_numeric(column.astype(object), errors="coerce")
    faulty = values.isna() & column.notna()
    if isinstance(column.dtype, pd.CategoricalDtype) or faulty.any():
        row = int(np.argmax(faulty if faulty.any() else column.notna()))
        message = (
            f"got {column.iloc[row]!r} in row {row + 1:,} "
            f"({int(faulty.sum()):,} values are not numbers), allowed: numbers"
        )
        yield Problem(place, message)
    elif np.isinf(values.to_numpy(dtype=float)).any():
        row = int(np.argmax(np.isinf(values.to_numpy(dtype=float))))
        yield Problem(place, f"got an infinite value in row {row + 1:,}, allowed: finite numbers")


def _check_shape(path: Path, frame: pd.DataFrame) -> None:
    if frame.shape[1] == 0:
        raise _error(path, "has no columns")
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SceneError(
            str(path),
            [Problem(f"column {n!r}", "is there twice, allowed: one of a name") for n in twice],
        )
    if len(frame) == 0:
        raise _error(path, "has column names and no rows")


def _read_text(path: Path, encoding: str, ids: Collection[str]) -> pd.DataFrame:
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline().removeprefix("\ufeff")
    if not first.strip():
        raise _error(path, "has no column names in its first line")
    separator = max(_SEPARATORS, key=first.count)
    used = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    header = pd.read_csv(path, sep=separator, encoding=used, header=None, nrows=1, dtype=str)
    # Reading with a header would silently rename the second of two equal names.
    names = ["" if pd.isna(name) else str(name).strip() for name in header.iloc[0]]
    if "" in names:
        raise _error(path, f"column {names.index('') + 1} has no name in the first line")
    _check_shape(path, pd.DataFrame([names], columns=names))
    with warnings.catch_warnings():
        # Rows longer than the header would be cut with a warning only.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        frame = pd.read_csv(
            path,
            sep=separator,
            encoding=used,
            header=0,
            low_memory=False,
            index_col=False,
            dtype={
                raw: str for raw, name in zip(header.iloc[0], names, strict=True) if name in ids
            },
        )
    frame.columns = pd.Index(names)
    return frame.assign(**{name: _plain(frame[name]) for name in names if name in ids})


def _plain(text: pd.Series) -> pd.Series:
    """Turn text into whole numbers where nothing but a decimal point is lost by it."""
    whole = text.dropna().str.removesuffix(".0")
    if len(whole) < len(text) or not whole.str.fullmatch(_WHOLE).all():
        return text
    return whole.astype("int64")


def _read_stata(path: Path) -> pd.DataFrame:
    try:
        return pd.read_stata(path)
    except ValueError as error:
        # Labels that are not unique can't become categories: the codes are kept instead.
        if "labels" not in str(error):
            raise
        return pd.read_stata(path, convert_categoricals=False)


def _read_spss(path: Path) -> pd.DataFrame:
    try:
        import pyreadstat
    except ImportError:
        message = "reading SPSS needs an extra: pip install 'synthcohort[spss]'"
        raise _error(path, message) from None
    frame, _meta = pyreadstat.read_sav(str(path), apply_value_formats=True)
    return pd.DataFrame(frame)


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".parquet": pd.read_parquet,
    ".dta": _read_stata,
    ".sav": _read_spss,
}


def _kinds() -> str:
    return ", ".join([*_TEXT, *_READERS])


def _first_line(error: Any) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _error(path: Path, message: str) -> SceneError:
    return SceneError(str(path), [Problem("", message)])
