"""Text files: CSV and its kin, whatever the separator, the decimal mark and the encoding."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from synthcohort.cohort.files.marks import Marks, marks_of, plain, rows_of, separator_of
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Table, Wanted, fault, positions, unnamed

_SAMPLE = 1 << 22
_LOOKED_AT = 1000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_FAULTY_SHOWN = 3
_LIKE_A_NAME = r"^\+|^-?0\d|^-?\d{16,}$|^\d+[eE]\d+$"
"""As a number 007 could not be told from 7, a plate 1E5 from 100000, or long ids from others."""


def read_text(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a text file: empty cells are missing, columns of nothing but numbers are numbers."""
    encoding = _encoding(path, reading.encoding)
    lines = _first_lines(path, encoding)
    skipped = reading.header - 1
    if len(lines) <= skipped:
        message = f"has {len(lines):,} lines, allowed: names of columns in line {skipped + 1:,}"
        raise fault(source, message)
    hint = lines[skipped].strip().lower()
    if hint.startswith("sep=") and len(hint) <= 5:  # Excel's own word for the separator
        skipped += 1
        separator = reading.separator or lines[skipped - 1].strip()[4:] or "\t"
    else:
        separator = reading.separator or separator_of(lines[skipped:])
    rows = rows_of(lines[skipped : skipped + _LOOKED_AT], separator)
    names = [name.strip() for name in rows[0]] if rows else []
    if not any(names):
        raise fault(source, "has no column names in its first line")
    chosen = positions(names, wanted, source)
    marks = _marks(reading, rows[1:], chosen, separator)
    fractions = _fractions(rows[1:], chosen.values(), marks)
    layout = _Layout(path, source, encoding, separator, marks.decimal, skipped, len(names))
    cells = _cells(layout, list(chosen.values()), fractions)
    length = len(cells[0]) if cells else 0
    columns = {}
    for name in chosen:
        columns[name] = _typed(cells.pop(0), marks)
        pa.default_memory_pool().release_unused()
    frame = pd.DataFrame(columns, index=pd.RangeIndex(length), copy=False)
    used = replace(
        reading,
        separator=separator,
        decimal=marks.decimal,
        thousands=marks.thousands,
        encoding=encoding,
    )
    notes = [*_said(used, marks, reading), *unnamed(names)]
    return Table(source, tuple(n for n in names if n), frame, notes=notes, reading=used)


def _encoding(path: Path, asked: str | None) -> str:
    """Tell the encoding by the byte order mark, by the zeros of UTF-16 without one, or UTF-8."""
    with path.open("rb") as file:
        head = file.read(4096)
    if asked is not None:
        return codecs.lookup(asked).name
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) > 0.4 * pairs and head[::2].count(0) == 0:
        return "utf-16-le"
    if pairs and head[::2].count(0) > 0.4 * pairs and head[1::2].count(0) == 0:
        return "utf-16-be"
    return "utf-8"


def _first_lines(path: Path, encoding: str) -> list[str]:
    """Decode the start of a file, whole lines only."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        whole = not file.read(1)
    text = codecs.getincrementaldecoder(encoding)().decode(head, final=whole)
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return lines if whole or len(lines) < 2 else lines[:-1]


def _marks(
    reading: Reading, rows: list[list[str]], chosen: dict[str, int], separator: str
) -> Marks:
    if reading.decimal is not None:
        return Marks(reading.decimal, reading.thousands)
    places = list(chosen.values())
    found = marks_of(row[i] for row in rows for i in places if i < len(row))
    if reading.thousands is not None:
        return Marks("," if reading.thousands == "." else found.decimal, reading.thousands)
    if found.doubtful is not None and separator == ",":
        # A quoted "1,234" between commas was written where the point is the decimal mark.
        return Marks(".", ",", found.doubtful)
    return found


@dataclass(frozen=True)
class _Layout:
    """Where the cells of a file are."""

    path: Path
    source: str
    encoding: str
    separator: str
    decimal: str
    skipped: int
    width: int

    def stream(self) -> Any:
        """Open the file as UTF-8, behind the line of names."""
        file = pa.OSFile(str(self.path))
        if self.encoding in ("utf-8", "utf-8-sig"):
            return file
        return pa.transcoding_input_stream(file, self.encoding, "utf-8")


def _fractions(rows: list[list[str]], places: Iterable[int], marks: Marks) -> set[int]:
    """Tell the columns whose first cells are numbers with decimals.

    Read as such, they never take the memory of text. Whole numbers may be ids with zeros in front.
    """
    found: set[int] = set()
    if marks.thousands is not None:
        return found
    for i in places:
        words = {row[i].strip() for row in rows if i < len(row)} - {""}
        if marks.decimal == ",":
            words = {"x" if "." in word else word.replace(",", ".") for word in words}
        zeros = any(re.match(_LIKE_A_NAME, word) for word in words)
        if any("." in word for word in words) and all(map(plain, words)) and not zeros:
            found.add(i)
    return found


def _cells(layout: _Layout, places: list[int], fractions: set[int]) -> list[pa.ChunkedArray]:
    """Read some columns, as numbers or as text, null where a cell is empty."""
    try:
        table = _read(layout, places, fractions)
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            _check_encoding(layout.path, "utf-8")
        if not fractions or "CSV conversion error to double" not in str(error):
            raise
        table = _read(layout, places, set())  # something else stands among the numbers
    return list(table.columns)


def _read(layout: _Layout, places: list[int], fractions: set[int]) -> pa.Table:
    faulty: list[Any] = []

    def refuse(row: Any) -> str:
        faulty.append(row)
        return "skip"

    def read(careful: bool) -> pa.Table:
        faulty.clear()
        words = [str(i) for i in range(layout.width)]
        return pa.csv.read_csv(
            layout.stream(),
            read_options=pa.csv.ReadOptions(
                column_names=words,
                skip_rows=layout.skipped,
                skip_rows_after_names=1,
                use_threads=False,  # they would not count the rows
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=layout.separator,
                newlines_in_values=careful,
                ignore_empty_lines=layout.width > 1,
                invalid_row_handler=refuse,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types={str(i): _kind(i in fractions) for i in places},
                include_columns=[str(i) for i in places],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
                decimal_point=layout.decimal,
            ),
        )

    try:
        table = read(False)
        if not faulty:
            return table
    except pa.ArrowInvalid as error:
        if "conversion" in str(error):
            raise
    # Slower: lines may end within a cell.
    table = read(True)
    if faulty:
        raise fault(layout.source, _ragged(faulty, layout.width, layout.skipped))
    return table


def _kind(fraction: bool) -> pa.DataType:
    return pa.float64() if fraction else pa.string()


def _ragged(faulty: list[Any], width: int, skipped: int) -> str:
    shown = ", ".join(
        f"row {row.number - 1 - skipped:,} has {row.actual_columns:,}"
        for row in faulty[:_FAULTY_SHOWN]
        if row.number is not None
    )
    return (
        f"{len(faulty):,} rows have more or fewer cells than the {width:,} names in the first line"
        f" ({shown}), allowed: as many in each row"
    )


def _check_encoding(path: Path, encoding: str) -> None:
    """Raise the UnicodeDecodeError of the first byte that does not belong."""
    path.read_bytes().decode(encoding)


def _typed(column: pa.ChunkedArray, marks: Marks) -> pd.Series:
    """Numbers where every cell is one as the marks have it, text otherwise."""
    if pa.types.is_floating(column.type) or column.null_count == len(column):
        return pd.Series(column.cast(pa.float64()).to_numpy())
    number = _number(column, marks)
    if number is None:
        # An apostrophe keeps a spreadsheet program from running what follows.
        column = pc.replace_substring_regex(column, r"^'('*[=+\-@])", r"\1")
        return pd.Series(column.to_pandas())
    return pd.Series(number.to_numpy())


def _number(column: pa.ChunkedArray, marks: Marks) -> pa.ChunkedArray | None:
    if marks.thousands is not None:
        marked = pc.match_substring(column, marks.thousands)
        if pc.any(marked).as_py():
            # 1.5 in a table of 1.234,5 is no number: it could be 15 as well.
            one, other = re.escape(marks.thousands), re.escape(marks.decimal)
            grouped = rf"^[+-]?\d{{1,3}}({one}\d{{3}})+({other}\d+)?$"
            if not pc.all(pc.match_substring_regex(column.filter(marked), grouped)).as_py():
                return None
            column = pc.replace_substring(column, marks.thousands, "")
    if marks.decimal == ",":
        if pc.any(pc.match_substring(column, ".")).as_py():
            return None
        column = pc.replace_substring(column, ",", ".")
    if pc.any(pc.match_substring_regex(column, _LIKE_A_NAME)).as_py():
        return None
    for kind in (pa.int64(), pa.float64()):
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            continue
    return None


def _said(used: Reading, marks: Marks, asked: Reading) -> list[str]:
    parts = []
    if asked.separator is None and used.separator != ",":
        parts.append(f"{_NAMES.get(str(used.separator), repr(used.separator))} between cells")
    if asked.decimal is None and used.decimal != ".":
        parts.append("decimal commas")
    if asked.thousands is None and used.thousands is not None:
        parts.append(f"{used.thousands!r} between thousands")
    if asked.encoding is None and used.encoding != "utf-8":
        parts.append(f"the encoding {used.encoding}")
    notes = []
    if parts:
        notes.append(
            f"Found out about the file: {', '.join(parts)} (settings: reading.separator, "
            "reading.decimal, reading.thousands, reading.encoding)."
        )
    if marks.doubtful is not None:
        as_what = "a decimal comma" if marks.decimal == "," else "a comma between thousands"
        notes.append(
            f"{marks.doubtful!r} can be read in two ways; it was taken as {as_what} "
            "(settings: reading.decimal, reading.thousands)."
        )
    return notes
