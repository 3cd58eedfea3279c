"""Text for people that stays short whatever it tells of."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 300


def counted(n: int, noun: str) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> counted(1, "group"), counted(10_000, "individual")
    ('1 group', '10,000 individuals')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def listed(names: Iterable[str], longest: int = _LONGEST) -> str:
    """List names, the first ones only where all would be too long.

    Parameters
    ----------
    names : iterable of str
    longest : int
        Characters, from 20.

    Examples
    --------
    >>> listed(["region", "sex"])
    'region, sex'
    >>> listed(["region", "sex", "profile", "age"], longest=20)
    'region, sex, ... (4)'
    """
    known = list(names)
    whole = ", ".join(known)
    if len(whole) <= longest:
        return whole
    tail = f", ... ({len(known)})"
    kept = whole[: longest - len(tail) + 1]
    return (kept.rpartition(",")[0] or kept[:-1]) + tail


def printable(text: str) -> str:
    r"""Write control characters out, which would steer a terminal; new lines stay.

    Examples
    --------
    >>> printable("a\x1b[31mb\nc")
    'a\\x1b[31mb\nc'
    """
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)
