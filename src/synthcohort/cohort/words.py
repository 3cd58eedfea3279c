"""Values as a settings file writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd


def as_word(value: Any) -> str:
    """Write a value as a settings file's keys have it: whole numbers without a point.

    Examples
    --------
    >>> as_word(1.0), as_word(1.5), as_word("male"), as_word(True)
    ('1', '1.5', 'male', 'True')
    """
    number = float(value) if _is_number(value) else None
    if number is None:
        return str(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def each(values: pd.Series, of: Callable[[Any], Any]) -> pd.Series:
    """Apply a function to every different value once; None where missing, shape (N,)."""
    places, different = pd.factorize(values, use_na_sentinel=True)
    found = [of(value) for value in different]
    words = [None if place < 0 else found[place] for place in places]
    return pd.Series(words, index=values.index, dtype=object)


def people(count: int, smallest: int) -> str:
    """Write a number of people; below the smallest cell only that it is.

    Examples
    --------
    >>> people(1200, 5), people(3, 5)
    ('1,200', 'fewer than 5')
    """
    return f"{count:,}" if count >= smallest or count == 0 else f"fewer than {smallest}"


def _is_number(value: Any) -> bool:
    return not isinstance(value, str | bool) and pd.api.types.is_number(value)
