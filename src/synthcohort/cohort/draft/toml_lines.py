"""Lines of a settings file: values inline, remarks beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import tomli_w

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def line(key: str, value: Any, remarks: Iterable[str] = (), silent: bool = False) -> str:
    r"""Write a key with its value, and remarks as a comment behind it.

    Examples
    --------
    >>> line("mean radius", {"unit": "mm", "missing_codes": [-9]}, ["is it a\nmeasurement?"])
    '"mean radius" = { unit = "mm", missing_codes = [-9] }  # is it a measurement?'
    >>> line("references", 19, ["slow"], silent=True)
    '# references = 19  # slow'
    """
    text = f"{_key(key)} = {_inline(value)}"
    said = remark("; ".join(remarks))
    return f"{'# ' if silent else ''}{text}{f'  {said}' if said else ''}"


def remark(text: str) -> str:
    """Write a comment on one line, without control characters."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    words = " ".join(plain.split())
    return f"# {words}" if words else ""


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(word: str) -> str:
    return tomli_w.dumps({"x": word}).removeprefix("x = ").rstrip("\n")


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = ", ".join(f"{_key(str(k))} = {_inline(v)}" for k, v in value.items())
        return f"{{ {parts} }}" if parts else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return _text(value) if isinstance(value, str) else str(value)
