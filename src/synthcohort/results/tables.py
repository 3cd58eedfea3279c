"""The tables of a run: declared in `schemas`, checked when they are made, read when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from synthcohort.results.schemas.partition_tables import PartitionTables
from synthcohort.results.schemas.reference_tables import ReferenceTables
from synthcohort.results.schemas.stability_tables import StabilityTables
from synthcohort.results.schemas.table_schema import TableSchema


class Tables(PartitionTables, StabilityTables, ReferenceTables):
    """The tables of a run, each an attribute; one that the run has not is empty.

    Parameters
    ----------
    **tables : DataFrame, or callable that returns one
        By name. A table is checked against its schema; a callable is called when its table
        is asked for first, and nothing is checked.

    Raises
    ------
    TypeError
        If there is no table of a name.
    ValueError
        If a table has not the columns of its schema.

    Examples
    --------
    >>> Tables.stability.file
    'stability.csv'
    >>> len(Tables().stability)
    0
    """

    def __init__(self, **tables: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        unknown = sorted(set(tables) - set(SCHEMAS))
        if unknown:
            raise TypeError(f"got the table {unknown[0]!r}, allowed: {', '.join(SCHEMAS)}")
        self._read: dict[str, pd.DataFrame] = {}
        self._unread: dict[str, Callable[[], pd.DataFrame]] = {}
        for name, given in tables.items():
            if isinstance(given, pd.DataFrame):
                self._read[name] = _checked(SCHEMAS[name], given)
            else:
                self._unread[name] = given

    def __repr__(self) -> str:
        """Name the tables that there are."""
        return f"<Tables: {', '.join(s.name for s in self.given())}>"

    def table(self, schema: TableSchema) -> pd.DataFrame:
        """Return the table of a schema, empty where the run has none."""
        if schema.name in self._unread:
            self._read[schema.name] = self._unread.pop(schema.name)()
        if schema.name not in self._read:
            self._read[schema.name] = schema.empty()
        return self._read[schema.name]

    def given(self) -> Iterator[TableSchema]:
        """Schemas of the tables that have rows or columns of their own, in their order."""
        for schema in SCHEMAS.values():
            if schema.name in self._unread or len(self._read.get(schema.name, ())):
                yield schema

    def replaced(self, **tables: pd.DataFrame) -> Tables:
        """Return the same tables with some others in their place."""
        own: dict[str, pd.DataFrame | Callable[[], pd.DataFrame]] = {}
        own |= self._unread
        own |= self._read
        own |= tables
        return Tables(**own)


def _checked(schema: TableSchema, table: pd.DataFrame) -> pd.DataFrame:
    if not len(table):
        return table if len(table.columns) else schema.empty()
    faults = schema.faults(table)
    if faults:
        raise ValueError(f"the table {schema.name} is not as declared: {'; '.join(faults)}")
    return table


SCHEMAS: dict[str, TableSchema] = {
    name: schema
    for part in Tables.__bases__
    for name, schema in vars(part).items()
    if isinstance(schema, TableSchema)
}
"""Every table of a run by its name."""
