"""A column before it has a type: what means missing is taken out, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.files import Table
from synthcohort.cohort.words import as_word


@dataclass(frozen=True)
class RawColumn:
    """A column of a table.

    Parameters
    ----------
    name : str
        In the table.
    values : Series, shape (N,)
        Rows numbered from 0; what is missing is NaN.
    why : Series, shape (N,)
        Reason of each missing value, NaN where there is a value.
    labels : mapping
        Value labels, by code.
    coded : dict of str to int
        How many values were taken out because the settings say that they mean missing.
    """

    name: str
    values: pd.Series
    why: pd.Series
    labels: Mapping[Any, str]
    coded: dict[str, int]


def raw_column(
    table: Table, name: str, codes: Mapping[str, str], texts: Collection[str] = ()
) -> RawColumn:
    """Take a column of a table.

    Parameters
    ----------
    table : Table
    name : str
    codes : mapping of str to str
        Values, or their labels, that mean missing, with the reason; without one it is the
        label, or the code itself.
    texts : collection of str
        Texts that mean missing in every column.
    """
    values = table.frame[name].reset_index(drop=True)
    why = table.why(name).reset_index(drop=True)
    labels = table.codes.get(name, {})
    reasons = {text: text for text in texts} | dict(codes)
    if not reasons:
        return RawColumn(name, values, why, labels, {})
    coded: dict[str, int] = {}
    for value in values.dropna().unique():
        word = _meant(value, labels, reasons)
        if word is None:
            continue
        hit = (values == value).to_numpy()
        reason = reasons[word] or labels.get(value) or f"code {word}"
        why[hit] = reason
        values = values.mask(hit)
        coded[as_word(value)] = int(hit.sum())
    return RawColumn(name, values, why, labels, coded)


def _meant(value: Any, labels: Mapping[Any, str], reasons: Mapping[str, str]) -> str | None:
    """Find a value among the words that mean missing.

    As it is written, by its label, or as a number in the file's own precision.
    """
    for word in (as_word(value), str(value).strip(), labels.get(value)):
        if word in reasons:
            return word
    if isinstance(value, str | bool):
        return None
    for word in reasons:
        try:
            number = float(word)
        except ValueError:
            continue
        if number == value or np.float32(number) == np.float32(value):
            return word
    return None
