"""Formulas in a workbook that no program has computed: their values are not in the file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from synthcohort.cohort.files.table import fault
from synthcohort.cohort.files.unpack import check_size

_CHUNK = 1 << 20
_OVERLAP = 1 << 12
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v */>|<v></v>)?</c>'
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Formulas = dict[str, dict[int, str]]
"""By part of the archive: the first such cell of each column, columns counted from 0."""


def check_archive(path: Path, source: str) -> Formulas:
    """Read a workbook's archive through: once, in pieces, before a library does so in memory.

    Raises
    ------
    SceneError
        If it unpacks to far more than a table would, or a part is damaged.
    """
    found: Formulas = {}
    with zipfile.ZipFile(path) as archive:
        check_size(sum(one.file_size for one in archive.infolist()), path, source)
        # Sizes are the archive's own claim; reading stops there and finds a false one.
        for one in archive.infolist():
            found[one.filename] = _through(archive, one)
    return found


def formulas_of(formulas: Formulas, path: Path, index: int) -> dict[int, str]:
    """Return the cells of one sheet, columns counted from 0."""
    return formulas.get(_part(path, index) or "", {})


def _through(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> dict[int, str]:
    cells: dict[int, str] = {}
    tail = b""
    with archive.open(one) as file:
        while chunk := file.read(_CHUNK):
            if b"<f" in chunk or b"<f" in tail:
                for letters, row in _NO_VALUE.findall(tail + chunk):
                    cells.setdefault(_place(letters), f"{letters.decode()}{row.decode()}")
            tail = chunk[-_OVERLAP:]
    return cells


def _part(path: Path, index: int) -> str | None:
    """Where a workbook keeps the cells of a sheet."""
    try:
        with zipfile.ZipFile(path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    targets = {node.get("Id"): node.get("Target", "") for node in links}
    target = targets.get(sheets[index].get(_RELATION)) if index < len(sheets) else None
    return None if target is None else f"xl/{target.removeprefix('/xl/')}"


def _place(letters: bytes) -> int:
    """Return the place of a column, from 0: A, B, ..., Z, AA."""
    place = 0
    for letter in letters:
        place = 26 * place + letter - 64
    return place - 1


def refuse_formulas(cells: dict[int, str], columns: dict[int, str], source: str) -> None:
    """Raise a SceneError for the first column in use that has formulas without values."""
    for place, name in columns.items():
        if place in cells:
            message = (
                f"column {name!r} has formulas without a value (cell {cells[place]}): open it "
                "in a spreadsheet program and save it"
            )
            raise fault(source, message)
