"""A setting in words: its type, range and default, as keywords and tables write them."""

from __future__ import annotations

from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from synthcohort.scene.parts import LARGEST
from synthcohort.scene.run_settings import use_of

_PLAIN = {float: "number", int: "whole number", str: "text", bool: "yes or no", Path: "file"}


def python_type(annotation: Any) -> str:
    """Write a type as a caller's keyword has it: any sequence for a list, any mapping for a dict.

    Examples
    --------
    >>> python_type(dict[str, list[int]] | None)
    'Mapping[str, Sequence[int]] | None'
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return python_type(arguments[0])
    if origin in (Union, UnionType):
        return " | ".join(map(python_type, arguments))
    if origin is list:
        return f"Sequence[{python_type(arguments[0])}]"
    if origin is dict:
        return f"Mapping[{', '.join(map(python_type, arguments))}]"
    if origin is Literal:
        return f"Literal[{', '.join(f'{one!r}' for one in arguments)}]".replace("'", '"')
    return "None" if annotation is NoneType else str(annotation.__name__)


def kind(annotation: Any) -> str:
    """Write a type in words.

    Examples
    --------
    >>> kind(dict[str, list[int]]), kind(Literal["all", "some"]), kind(int | None)
    ('table of lists of whole numbers', 'all, some', 'whole number')
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind(arguments[0])
    if origin in (Union, UnionType):
        words = dict.fromkeys(kind(one) for one in arguments if one is not NoneType)
        return "file" if "file" in words else " or ".join(words)
    if origin is list:
        return f"list of {_plural(kind(arguments[0]))}"
    if origin is dict:
        return f"table of {_plural(kind(arguments[1]))}"
    if origin is Literal:
        return ", ".join(map(str, arguments))
    return _PLAIN[annotation]


def _plural(words: str) -> str:
    head, of, rest = words.partition(" of ")
    return words if words == "yes or no" else f"{head}s{of}{rest}"


def bounds(field: FieldInfo) -> str:
    """Write the range of a setting's numbers in words; nothing where any is allowed.

    `LARGEST`, which all numbers keep to, is left out: it tells a reader nothing.
    """
    limits = {
        word: getattr(item, name)
        for item in _constraints(field)
        for name, word in (("ge", "from"), ("gt", "above"), ("le", "to"), ("lt", "below"))
        if getattr(item, name, None) not in (None, LARGEST)
    }
    return " ".join(f"{word} {limit:g}" for word, limit in limits.items())


def _constraints(field: FieldInfo) -> list[Any]:
    found = list(field.metadata)
    stack = [field.annotation]
    while stack:
        annotation = stack.pop()
        arguments = list(get_args(annotation))
        if get_origin(annotation) is Annotated:
            for item in arguments[1:]:
                found += item.metadata if isinstance(item, FieldInfo) else [item]
            arguments = arguments[:1]
        # Names have lengths and patterns, which no range tells of.
        stack += arguments[-1:] if get_origin(annotation) is dict else arguments
    return found


def default(field: FieldInfo) -> str:
    """Write a setting's default in words."""
    use, value = use_of(field), field.default
    if use.otherwise:
        return use.otherwise
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_items(items)}" for name, items in value.items())
    return _items(value) if isinstance(value, list) else _item(value)


def _items(values: list[Any]) -> str:
    return ", ".join(map(_item, values)) or "none"


def _item(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def description(field: FieldInfo) -> str:
    """Return what a setting means, in one paragraph."""
    return " ".join((field.description or "").split())


def choices(field: FieldInfo) -> str:
    """List what is allowed, where that is a few words."""
    return kind(field.annotation) if get_origin(field.annotation) is Literal else ""


def flag_of(name: str, field: FieldInfo) -> str:
    """Return a setting's option of the command line, such as ``--keep-data``."""
    return use_of(field).flag or f"--{name.replace('_', '-')}"
