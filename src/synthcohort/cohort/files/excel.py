"""Workbooks: Excel's (.xlsx, .xlsm, .xlsb, .xls) and LibreOffice's (.ods)."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.files.formulas import check_archive, formulas_of, refuse_formulas
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Table, Wanted, fault, positions, unnamed
from synthcohort.scene.problems import nearest

_BATCH = 5_000


def read_excel(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a sheet of a workbook: numbers stay numbers, text stays text."""
    from python_calamine import CalamineWorkbook, PasswordError

    formulas = check_archive(path, source) if zipfile.is_zipfile(path) else {}
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise fault(source, "is protected by a password: save it without one") from None
    sheets = workbook.sheet_names
    name, notes = _sheet(sheets, reading, source, workbook)
    sheet = workbook.get_sheet_by_name(name)
    rows = iter(sheet.iter_rows())
    above = (sheet.start or (0, 0))[0]
    head: list[Any] = []
    for number, row in enumerate(rows, start=1 + above):
        if number >= reading.header and any(cell != "" for cell in row):
            head = row
            break
    names = [_word(cell).strip() for cell in head]
    if not any(names):
        raise fault(source, f"has no names of columns in the sheet {name!r}")
    chosen = positions(names, wanted, source)
    frame = _frame(rows, chosen)
    if formulas:
        left = (sheet.start or (0, 0))[1]
        columns = {i + left: column for column, i in chosen.items()}
        refuse_formulas(formulas_of(formulas, path, sheets.index(name)), columns, source)
    return Table(
        source,
        tuple(n for n in names if n),
        frame,
        notes=[*notes, *unnamed(names)],
        reading=reading,
    )


def _sheet(
    sheets: list[str], reading: Reading, source: str, workbook: Any
) -> tuple[str, list[str]]:
    """Choose the sheet that is asked for, or the first that has cells."""
    asked = reading.sheet
    if isinstance(asked, str):
        if asked not in sheets:
            raise fault(source, f"has no sheet {asked!r}; {nearest(asked, sheets)}")
        return asked, []
    if asked is not None:
        if not 1 <= asked <= len(sheets):
            raise fault(source, f"got the sheet {asked}, allowed: 1 to {len(sheets)}")
        return sheets[asked - 1], []
    full = [name for name in sheets if workbook.get_sheet_by_name(name).height > 0]
    if not full:
        raise fault(source, "has no sheet with cells")
    if len(full) == 1:
        return full[0], []
    others = ", ".join(map(repr, full[1:4])) + (", ..." if len(full) > 4 else "")
    return full[0], [f"The sheet {full[0]!r} was read, not {others} (setting: reading.sheet)."]


def _frame(rows: Iterator[list[Any]], chosen: dict[str, int]) -> pd.DataFrame:
    """Bring rows into columns batch by batch: single cells take four times the memory."""
    parts: dict[str, list[Any]] = {name: [] for name in chosen}
    length = 0
    while batch := list(itertools.islice(rows, _BATCH)):
        length += len(batch)
        for name, i in chosen.items():
            parts[name].append(_packed([row[i] for row in batch]))
    columns = {}
    for name in chosen:
        columns[name] = _column(parts.pop(name))
    frame = pd.DataFrame(columns, index=pd.RangeIndex(length), copy=False)
    # Rows below the last person, formatted and empty.
    there = frame.notna().any(axis=1).to_numpy()
    last = int(np.flatnonzero(there)[-1]) + 1 if there.any() else 0
    return frame if last == length else frame.iloc[:last]


def _packed(cells: list[Any]) -> np.ndarray:
    """Cells as numbers where all are, NaN where empty; as they are otherwise."""
    values = [np.nan if cell == "" else cell for cell in cells]
    if all(type(value) in (float, int) for value in values):
        return np.array(values, dtype=float)
    return np.array(values, dtype=object)


def _column(parts: list[np.ndarray]) -> pd.Series:
    values = np.concatenate(parts) if parts else np.empty(0)
    if values.dtype != object:
        return pd.Series(values)
    words = ["" if isinstance(v, float) and np.isnan(v) else _word(v) for v in values]
    text = pd.Series(words, dtype="str")
    return text.mask(text.str.strip() == "")


def _word(cell: Any) -> str:
    """Write a cell as its sheet shows it: whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
