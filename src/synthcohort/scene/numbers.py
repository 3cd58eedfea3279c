"""Numbers as names and messages have them."""

from __future__ import annotations


def shortest(number: float) -> str:
    """Write a number as short as can be, and never like another one.

    Examples
    --------
    >>> shortest(1.0), shortest(0.1), shortest(1.0000001)
    ('1', '0.1', '1.0000001')
    """
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number))
