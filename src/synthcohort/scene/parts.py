"""The kinds of values that a scene is made of, and what all its parts have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

LARGEST = 1e100
"""Of all numbers: the squares of sums and products of a few are numbers still."""
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=LARGEST, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=1)]
Decimals = Annotated[int, Field(ge=0, le=9)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
ByLevel = dict[Name, Number]
"""A number for each level of a group; a level left out counts 0."""
BySpread = dict[Name, NonNegative]
"""A multiplier for each level of a group; a level left out counts 1."""


def _kind(value: Any) -> str:
    """Tell the forms of a value that can be written in more than one, for clear errors."""
    if not isinstance(value, Mapping):
        return "number"
    nested = any(isinstance(item, Mapping) for item in value.values())
    return "tables" if nested else "table"


def _list_kind(value: Any) -> str:
    return "table" if isinstance(value, Mapping) else "list"


_Table = Annotated[dict[Name, NonNegative], Tag("table")]
_Tables = Annotated[dict[Name, dict[Name, NonNegative]], Tag("tables")]
Probabilities = Annotated[_Table | _Tables, Discriminator(_kind)]
_NumberOrTable = Annotated[Number, Tag("number")] | Annotated[ByLevel, Tag("table")]
NumberOrByLevel = Annotated[_NumberOrTable, Discriminator(_kind)]
_List = Annotated[list[NonNegative], Tag("list")]
_Lists = Annotated[dict[Name, list[NonNegative]], Tag("table")]
Shares = Annotated[_List | _Lists, Discriminator(_list_kind)]


class Part(BaseModel):
    """One part of a scene: strict, frozen, and no unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )
