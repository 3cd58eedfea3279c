"""Separators, decimal and thousands marks, found out from the first rows of a text file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t", "|")
_ROWS = 200
_PLAIN = re.compile(r"[+-]?\d*\.?\d+([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(0|\d+),\d+")
_SURE_COMMA = re.compile(r"[+-]?(0,\d+|\d{4,},\d+|\d+,(\d{1,2}|\d{4,}))")
_POINT = re.compile(r"[+-]?\d+\.\d+")
_GROUPED = {
    (",", "."): re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+\.\d+|[+-]?[1-9]\d{0,2}(,\d{3}){2,}"),
    (".", ","): re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(\.\d{3}){2,}"),
    (" ", ","): re.compile(r"[+-]?[1-9]\d{0,2}( \d{3})+,\d+"),
    ("\u00a0", ","): re.compile(r"[+-]?[1-9]\d{0,2}(\u00a0\d{3})+,\d+"),
    ("\u202f", ","): re.compile(r"[+-]?[1-9]\d{0,2}(\u202f\d{3})+,\d+"),
    ("'", "."): re.compile(r"[+-]?[1-9]\d{0,2}('\d{3})+\.\d+"),
}


@dataclass(frozen=True)
class Marks:
    """How numbers are written.

    Parameters
    ----------
    decimal : str
    thousands : str, optional
    doubtful : str, optional
        A cell that can be read in two ways, where no other cell decides.
    """

    decimal: str = "."
    thousands: str | None = None
    doubtful: str | None = None


def separator_of(lines: Sequence[str]) -> str:
    """Find the separator under which the first lines have most cells, as many in each.

    Examples
    --------
    >>> separator_of(["pid;sbp;hb", "P1;109,0;14,0"])
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        counts = [len(row) for row in rows_of(lines[:_ROWS], separator) if row]
        if not counts or counts[0] < 2:
            continue
        alike = sum(count == counts[0] for count in counts) / len(counts)
        score = (alike, counts[0])
        if score > best_score:
            best, best_score = separator, score
    return best


def rows_of(lines: Iterable[str], separator: str) -> list[list[str]]:
    """Split lines into cells; what can't be split is left out."""
    rows = []
    try:
        for row in csv.reader(lines, delimiter=separator):
            rows.append(row)
    except csv.Error:
        pass
    return rows


def marks_of(cells: Iterable[str]) -> Marks:
    """Tell the decimal and the thousands mark from how the numbers among some cells look.

    Parameters
    ----------
    cells : iterable of str

    Returns
    -------
    Marks
        A point where there is no sign of anything else.

    Examples
    --------
    >>> marks_of(["109,0", "14", "0,618"])
    Marks(decimal=',', thousands=None, doubtful=None)
    >>> marks_of(["1,234.5", "12"])
    Marks(decimal='.', thousands=',', doubtful=None)
    >>> marks_of(["1,793"])
    Marks(decimal=',', thousands=None, doubtful='1,793')
    """
    counts = Counter(cell.strip() for cell in cells)
    words = [word for word in counts if word[:1] in "+-0123456789" and word]
    for (thousands, decimal), pattern in _GROUPED.items():
        if any(pattern.fullmatch(word) for word in words):
            return Marks(decimal, thousands)
    commas = [word for word in words if _COMMA.fullmatch(word)]
    sure = [word for word in commas if _SURE_COMMA.fullmatch(word)]
    points = sum(counts[word] for word in words if _POINT.fullmatch(word))
    if not commas or points > sum(counts[word] for word in commas):
        return Marks()
    return Marks(",", None, None if sure else commas[0])


def plain(word: str) -> bool:
    """Whether a cell is a number as programs write it."""
    return _PLAIN.fullmatch(word.strip()) is not None
