"""What the readers of Stata, SPSS and SAS have in common: pyreadstat's frames as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import SYSTEM_MISSING, Code, Table, Wanted, positions

Reasons = Callable[[str, pd.Series, Any], "tuple[pd.Series, pd.Series | None]"]
"""From a column's name, its values and the file's metadata to its values without those that mean
missing, and the reasons of these."""


def read_package(
    read: Callable[..., Any],
    path: Path,
    source: str,
    reading: Reading,
    wanted: Wanted | None,
    reasons: Reasons,
    **options: Any,
) -> Table:
    """Read a file of a statistics package.

    Parameters
    ----------
    read : callable
        pyreadstat's.
    path, source, reading, wanted
        As in every reader.
    reasons : callable
        How this package says why a value is missing.
    **options
        Of `read`, for the values.
    """
    if reading.encoding is not None:
        options["encoding"] = reading.encoding
    only = {key: value for key, value in options.items() if key == "encoding"}
    _, meta = read(str(path), metadataonly=True, **only)
    names = tuple(map(str, meta.column_names))
    chosen = list(positions(names, wanted, source))
    frame, meta = read(str(path), usecols=chosen, disable_datetime_conversion=True, **options)
    columns, why = {}, {}
    for name in chosen:
        values, reason = reasons(name, frame.pop(name), meta)
        columns[name] = _blank(values)
        if reason is not None and reason.notna().any():
            why[name] = reason.astype("category")
    used = replace(reading, encoding=meta.file_encoding or reading.encoding)
    return Table(
        source,
        names,
        pd.DataFrame(columns, index=pd.RangeIndex(len(frame)), copy=False),
        labels={n: str(meta.column_names_to_labels[n]).strip() for n in chosen if _label(meta, n)},
        codes={n: _codes(meta, n) for n in chosen if _codes(meta, n)},
        reasons=why,
        nothing=SYSTEM_MISSING,
        reading=used,
    )


def lettered(name: str, values: pd.Series, meta: Any) -> tuple[pd.Series, pd.Series | None]:
    """Split a column of Stata or SAS from its special missing values, ``.a`` to ``.z``."""
    letters = meta.missing_user_values.get(name)
    if not letters or meta.readstat_variable_types.get(name) == "string":
        return values, None
    labels = meta.variable_value_labels.get(name, {})
    words = {letter: str(labels.get(letter) or f".{letter}") for letter in letters}
    reason = values.map(words)
    return values.mask(reason.notna(), np.nan).astype(float), reason


def declared(name: str, values: pd.Series, meta: Any) -> tuple[pd.Series, pd.Series | None]:
    """Take out the values and ranges that an SPSS file declares as missing."""
    ranges = meta.missing_ranges.get(name)
    if not ranges:
        return values, None
    labels = meta.variable_value_labels.get(name, {})
    reason = pd.Series(np.nan, index=values.index, dtype=object)
    for one in ranges:
        low, high = one["lo"], one["hi"]
        hit = values == low if low == high else values.between(low, high)
        words = {
            code: str(labels.get(code) or f"code {_plain(code)}") for code in values[hit].unique()
        }
        reason[hit] = values[hit].map(words)
    return values.mask(reason.notna()), reason


def _blank(values: pd.Series) -> pd.Series:
    """Text of nothing but blanks is missing: these packages have no other way to say so."""
    if pd.api.types.is_numeric_dtype(values):
        return values
    if pd.api.types.is_string_dtype(values):
        return values.mask(values.str.strip() == "")
    return values


def _label(meta: Any, name: str) -> str:
    return str(meta.column_names_to_labels.get(name) or "").strip()


def _codes(meta: Any, name: str) -> Mapping[Code, str]:
    """Value labels of codes that are values, in ascending order."""
    labels = meta.variable_value_labels.get(name, {})
    special = set(meta.missing_user_values.get(name, ()))
    kept = {code: str(label).strip() for code, label in labels.items() if code not in special}
    if meta.readstat_variable_types.get(name) != "string":
        kept = {code: label for code, label in kept.items() if not isinstance(code, str)}
    return dict(sorted(kept.items(), key=lambda pair: (isinstance(pair[0], str), pair[0])))


def _plain(code: Any) -> str:
    whole = isinstance(code, float) and code.is_integer()
    return str(int(code)) if whole else str(code)
