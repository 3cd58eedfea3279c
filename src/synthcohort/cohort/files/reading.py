"""How a file is read, where it does not say so itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from synthcohort.scene import Problem
from synthcohort.scene.problems import nearest


@dataclass(frozen=True)
class Reading:
    """What a user may say about a file; None is found out.

    Parameters
    ----------
    separator : str, optional
        Between the cells of a text file.
    decimal : str, optional
        The decimal mark of a text file, ``.`` or ``,``.
    thousands : str, optional
        The mark between thousands: ``,``, ``.``, a space or an apostrophe. None: there is none.
    encoding : str, optional
        Of a text file, or of an older file of Stata, SPSS or SAS.
    sheet : str or int, optional
        Of a workbook, by name or counted from 1; the first with cells by default.
    header : int, default 1
        The line of a text file, or the row of a sheet, that has the names of the columns.
    """

    separator: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    encoding: str | None = None
    sheet: str | int | None = None
    header: int = 1


KEYS = tuple(field.name for field in fields(Reading))
_MARKS = {"decimal": (".", ","), "thousands": (",", ".", " ", "'", "\u00a0", "\u202f")}


def reading_problems(given: Mapping[str, Any], place: str = "reading") -> Iterator[Problem]:
    """Name every key and value that a reading can't have."""
    for key, value in given.items():
        where = f"{place}.{key}"
        if key not in KEYS:
            yield Problem(where, f"unknown key; {nearest(key, KEYS)}")
        elif key == "header":
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                yield Problem(where, f"got {value!r}, allowed: a line, counted from 1")
        elif key == "sheet":
            if isinstance(value, bool) or not isinstance(value, str | int) or value in (0, ""):
                message = f"got {value!r}, allowed: the name of a sheet, or its place from 1"
                yield Problem(where, message)
        elif not isinstance(value, str) or not value:
            yield Problem(where, f"got {value!r}, allowed: a text")
        elif key == "separator" and len(value) != 1:
            yield Problem(where, f"got {value!r}, allowed: one character")
        elif key in _MARKS and value not in _MARKS[key]:
            yield Problem(where, f"got {value!r}, allowed: {', '.join(map(repr, _MARKS[key]))}")
    same = given.get("decimal", ".") == given.get("thousands")
    if same and given.get("thousands") is not None:
        message = f"got {given['thousands']!r}, the decimal mark, allowed: another"
        yield Problem(f"{place}.thousands", message)


def said(**given: str | None) -> dict[str, Any]:
    """Return how a file is read, as far as it was said on a command line.

    Examples
    --------
    >>> said(separator=";", decimal=None, sheet="2")
    {'separator': ';', 'sheet': 2}
    """
    found: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if found.get("separator") in ("\\t", "tab"):
        found["separator"] = "\t"
    if str(found.get("sheet", "")).isdecimal():
        found["sheet"] = int(found["sheet"])
    return found
