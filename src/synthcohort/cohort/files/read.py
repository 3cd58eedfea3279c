"""Any table that a study may have: the reader of its format, and its faults named clearly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.files.arrow import from_arrow, read_feather, read_parquet
from synthcohort.cohort.files.broken_file import in_words_of_the_file
from synthcohort.cohort.files.excel import read_excel
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.sas import read_sas, read_transport
from synthcohort.cohort.files.spss import read_portable, read_spss
from synthcohort.cohort.files.stata import read_stata
from synthcohort.cohort.files.table import (
    Code,
    Table,
    Wanted,
    fault,
    positions,
)
from synthcohort.cohort.files.text import read_text
from synthcohort.cohort.files.unpack import PACKED, inner_name, unpacked
from synthcohort.machine.memory import available_memory, in_words

FORMATS: dict[str, Callable[[Path, str, Reading, Wanted | None], Table]] = {
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".parquet": read_parquet,
    ".feather": read_feather,
    ".arrow": read_feather,
    ".xlsx": read_excel,
    ".xlsm": read_excel,
    ".xlsb": read_excel,
    ".xls": read_excel,
    ".ods": read_excel,
    ".dta": read_stata,
    ".sav": read_spss,
    ".zsav": read_spss,
    ".por": read_portable,
    ".sas7bdat": read_sas,
    ".xpt": read_transport,
}
"""Readers, by the ending of the file."""


def read_table(
    path: str | Path, reading: Reading | None = None, wanted: Wanted | None = None
) -> Table:
    """Read a table of individuals, one row each.

    Parameters
    ----------
    path : str or Path
        A file of one of `FORMATS`, also compressed (``.gz``, ``.zip``, ``.zst``, ...).
    reading : Reading, optional
        What the file does not say itself and can't be found out.
    wanted : callable, optional
        From the names of all columns to those that are read; all by default.

    Returns
    -------
    Table

    Raises
    ------
    SceneError
        If the file is not there, is empty, has no rows, is of another kind or encoding, or
        has a wanted column twice.
    """
    path = Path(path)
    source = str(path)
    if not path.is_file():
        raise fault(source, "can't be read (no such file)")
    if path.stat().st_size == 0:
        raise fault(source, "is empty")
    free = available_memory()
    if free is not None and path.stat().st_size > free:
        size = in_words(path.stat().st_size)
        raise fault(
            source, f"got a file of {size}, allowed: less than the memory ({in_words(free)})"
        )
    kind = path.suffix.lower()
    try:
        kind = Path(inner_name(path)).suffix.lower()
        if kind not in FORMATS:
            got = kind or "file without an extension"
            message = f"got a {got}, allowed: {', '.join(FORMATS)}"
            raise fault(source, f"{message}; also packed: {', '.join(PACKED)}")
        with unpacked(path, source) as plain:
            table = FORMATS[kind](plain, source, reading or Reading(), wanted)
    except BaseException as error:
        raise in_words_of_the_file(error, source, kind) from None
    if len(table) == 0:
        raise fault(source, "has column names and no rows")
    return table


def from_frame(frame: Any, wanted: Wanted | None = None, source: str = "table") -> Table:
    """Take a table in memory.

    Parameters
    ----------
    frame : DataFrame
        Of pandas, polars, or anything else that can be handed over as Arrow.
    wanted : callable, optional
        As in `read_table`.
    source : str
        Named in messages.

    Returns
    -------
    Table

    Raises
    ------
    SceneError
        If it is no table, has no rows or columns, or has a wanted column twice.
    """
    if isinstance(frame, pd.DataFrame):
        table = _from_pandas(frame, wanted, source)
    elif hasattr(frame, "__arrow_c_stream__"):
        import pyarrow as pa

        table = from_arrow(pa.table(frame), source, wanted)
    else:
        raise fault(source, f"got a {type(frame).__name__}, allowed: a file or a DataFrame")
    if len(table) == 0:
        raise fault(source, "has column names and no rows")
    return table


def _from_pandas(frame: pd.DataFrame, wanted: Wanted | None, source: str) -> Table:
    names = [str(name) for name in frame.columns]
    levels = [str(n) for n in frame.index.names if n is not None and str(n) not in names]
    chosen = positions([*names, *levels], wanted, source)
    columns: dict[str, pd.Series] = {}
    codes: dict[str, dict[Code, str]] = {}
    for name, i in chosen.items():
        if i >= len(names):
            continue  # a level of the index, which is kept
        column = frame.iloc[:, i]
        if isinstance(column.dtype, pd.CategoricalDtype):
            kinds = column.cat.categories
            if pd.api.types.is_string_dtype(kinds) or kinds.dtype == object:
                codes[name] = {str(level): str(level) for level in kinds}
            column = column.astype(kinds.dtype if column.notna().all() else object)
        columns[name] = column.mask(column.isin([""])) if _is_text(column) else column
    chosen_frame = pd.DataFrame(columns, index=frame.index, copy=False)
    return Table(source, (*names, *levels), chosen_frame, codes=codes)


def _is_text(column: pd.Series) -> bool:
    return column.dtype == np.dtype(object) or pd.api.types.is_string_dtype(column)
