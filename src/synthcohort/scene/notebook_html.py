"""What an object shows of itself in a notebook: a title, facts and short tables, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

_ROWS = 12
_COLUMNS = 8
_LONGEST = 300

Row = Mapping[Any, object]


def notebook_card(
    title: str, facts: Mapping[Any, object], tables: Mapping[str, Sequence[Row]] | None = None
) -> str:
    """Lay out a card of at most 50 kB, whatever it tells of.

    Parameters
    ----------
    title : str
    facts : mapping of str to object
        Said in a line each.
    tables : mapping of str to rows, optional
        By caption; rows have the same columns. The first ones are shown, and how many there are.

    Returns
    -------
    str
        HTML without scripts; every text is escaped.

    Examples
    --------
    >>> notebook_card("A < B", {"seed": 7})
    '<p><strong>A &lt; B</strong></p><ul><li>seed: 7</li></ul>'
    """
    head = Markup("<p><strong>{}</strong></p>").format(_said(title))
    lines = (Markup("<li>{} {}</li>").format(_asked(n), _said(v)) for n, v in facts.items())
    shown = (_table(caption, rows) for caption, rows in (tables or {}).items() if rows)
    facts_list = Markup("<ul>{}</ul>").format(Markup("").join(lines))
    return str(head + facts_list + Markup("").join(shown))


def _said(value: object) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _asked(name: object) -> str:
    text = _said(name)
    return text if text.endswith("?") else f"{text}:"


def _table(caption: str, rows: Sequence[Row]) -> Markup:
    names = list(rows[0])[:_COLUMNS]
    if len(rows) > _ROWS or len(rows[0]) > _COLUMNS:
        caption += f" (the first of {len(rows):,} rows and {len(rows[0]):,} columns)"
    head = _cells("th", names)
    body = Markup("").join(_cells("td", [row[n] for n in names]) for row in rows[:_ROWS])
    return Markup("<table><caption>{}</caption>{}{}</table>").format(_said(caption), head, body)


def _cells(tag: str, values: Iterable[object]) -> Markup:
    cells = (Markup("<{0}>{1}</{0}>").format(Markup(tag), _said(value)) for value in values)
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))
