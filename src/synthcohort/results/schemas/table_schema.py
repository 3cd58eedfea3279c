"""What a table of a run is: its columns, what a row of it is, and its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, overload

import pandas as pd

Kind = Literal["word", "integer", "number", "yes/no"]

_DTYPES: dict[str, str] = {"word": "str", "integer": "int64", "number": "float64", "yes/no": "bool"}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
    kind : {"word", "integer", "number", "yes/no"}
        An integer fits where numbers are declared.
    meaning : str
        In a sentence, with the range where it has one.
    unit : str, default ""
        Of a number: ``share`` is from 0 to 1; empty for a count or a pure number.
    missing : str, default ""
        When a value is missing; empty where none ever is.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    missing: str = ""

    def fault(self, values: pd.Series) -> str:
        """Say how values break the declaration; empty where they keep it."""
        if len(values) and not _is_of(self.kind, values):
            return f"{self.name}: got {values.dtype}, allowed: {self.kind}"
        if not self.missing and values.isna().any():
            return f"{self.name}: has missing values, allowed: none"
        return ""


def _is_of(kind: Kind, values: pd.Series) -> bool:
    types = pd.api.types
    if kind == "yes/no":
        return types.is_bool_dtype(values)
    if kind == "integer":
        return types.is_integer_dtype(values)
    if kind == "number":
        return types.is_numeric_dtype(values) and not types.is_bool_dtype(values)
    return not types.is_numeric_dtype(values)


class HoldsTables(Protocol):
    """Whatever holds the tables of a run."""

    def table(self, schema: TableSchema) -> pd.DataFrame:
        """Return the table of a schema."""


@dataclass(eq=False)
class TableSchema:
    """Declaration of one table, as an attribute of a class that holds tables.

    Of the class the attribute is this declaration, of an instance it is the table.

    Parameters
    ----------
    row : str
        What a row is.
    columns : tuple of Column
        In their order.
    format : {"csv", "parquet"}
        Parquet for what has a row for each individual.
    index : str, default ""
        Name of an index that belongs to the table; empty where rows are only counted.
    others : Column, optional
        What further columns are, such as one for each partition.
    version : int, default 1
        Raised when a column changes its meaning or goes away.
    """

    row: str
    columns: tuple[Column, ...]
    format: Literal["csv", "parquet"] = "csv"
    index: str = ""
    others: Column | None = None
    version: int = 1
    name: str = field(init=False, default="")

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, holder: None, owner: type) -> TableSchema: ...

    @overload
    def __get__(self, holder: HoldsTables, owner: type) -> pd.DataFrame: ...

    def __get__(self, holder: HoldsTables | None, owner: type) -> TableSchema | pd.DataFrame:
        return self if holder is None else holder.table(self)

    @property
    def file(self) -> str:
        """Name of its file in a run folder."""
        return f"{self.name}.{self.format}"

    def empty(self) -> pd.DataFrame:
        """Return the table without a row."""
        columns = {c.name: pd.Series(dtype=_DTYPES[c.kind]) for c in self.columns}
        return pd.DataFrame(columns)

    def faults(self, frame: pd.DataFrame) -> list[str]:
        """Say what of a table breaks the declaration: columns, their kinds, missing values."""
        known = {c.name: c for c in self.columns}
        found = [f"{name}: missing" for name in known if name not in frame]
        for name, values in frame.items():
            column = known.get(str(name), self.others)
            fault = f"{name}: not declared" if column is None else column.fault(values)
            found += [fault] if fault else []
        return found
