"""Names of columns with wildcards: ``*`` and ``?`` stand for the names that a table has."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

Value = TypeVar("Value")


def keyed(part: Mapping[str, Value], found: Mapping[str, list[str]]) -> dict[str, Value]:
    """Put the names that a pattern stands for in its place, each with what it has."""
    return {name: part[key] for key in part for name in found.get(key) or [key]}


def is_pattern(name: str, names: Collection[str]) -> bool:
    """Whether a name has wildcards and is no column itself."""
    return name not in names and ("*" in name or "?" in name)


def fitting(pattern: str, names: Collection[str]) -> list[str]:
    """Return the names that a pattern stands for, in their order.

    Examples
    --------
    >>> fitting("LBX*", ["SEQN", "LBXGLU", "LBXTC"]), fitting("sbp?", ["sbp", "sbp1", "sbp[1]"])
    (['LBXGLU', 'LBXTC'], ['sbp1'])
    """
    words = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    wanted = re.compile("".join(words), re.DOTALL)
    return [name for name in names if wanted.fullmatch(name)]
