"""A table as text, ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class PageTable:
    """A table as text, ready to be laid out."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numeric: list[bool]


def as_table(caption: str, frame: pd.DataFrame) -> PageTable:
    """Lay out a DataFrame as text: three decimals, thousands apart, nothing for missing."""
    numeric = [
        pd.api.types.is_numeric_dtype(t) and not pd.api.types.is_bool_dtype(t) for t in frame.dtypes
    ]
    rows = [[_text(value) for value in row] for row in frame.itertuples(index=False)]
    return PageTable(caption, [str(c) for c in frame.columns], rows, numeric)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return (
            f"{value:,.3f}".rstrip("0").rstrip(".") if not value.is_integer() else f"{value:,.0f}"
        )
    return f"{value:,}" if isinstance(value, int) else str(value)
