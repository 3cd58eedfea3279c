"""Parquet and Feather files, and every table in memory that speaks Arrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Code, Table, Wanted, fault, positions

_LEVEL = re.compile(r"__index_level_\d+__")
"""What pandas calls a level of an index without a name."""

MOST_ROWS = 50_000_000


def read_parquet(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.parquet`` file."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, memory_map=True) as file:
        # A few bytes can stand for any number of rows.
        if file.metadata.num_rows > MOST_ROWS:
            message = f"says it has {file.metadata.num_rows:,} rows, allowed: up to {MOST_ROWS:,}"
            raise fault(source, message)
        schema = file.schema_arrow
        return _table(schema, source, reading, wanted, lambda chosen: file.read(columns=chosen))


def read_feather(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.feather`` or ``.arrow`` file."""
    import pyarrow.feather as feather

    with pa.memory_map(str(path)) as file:
        try:
            schema = pa.ipc.open_file(file).schema
        except pa.ArrowInvalid:  # the first version of Feather
            schema = feather.read_table(file).schema
    return _table(
        schema, source, reading, wanted, lambda chosen: feather.read_table(path, columns=chosen)
    )


def from_arrow(table: pa.Table, source: str, wanted: Wanted | None) -> Table:
    """Take a table in memory."""
    return _table(table.schema, source, Reading(), wanted, table.select)


def _table(
    schema: pa.Schema,
    source: str,
    reading: Reading,
    wanted: Wanted | None,
    read: Callable[[list[str]], pa.Table],
) -> Table:
    index = _index_columns(schema)
    names = [name for name in schema.names if not _LEVEL.fullmatch(name)]
    chosen = list(positions(names, wanted, source))
    table = read([*chosen, *(name for name in index if name not in chosen)])
    columns: dict[str, pd.Series] = {}
    codes: dict[str, dict[Code, str]] = {}
    for name in table.column_names:
        column = table.column(name)
        table = table.drop_columns([name]) if table.num_columns > 1 else table
        columns[name] = _series(column)
        if pa.types.is_dictionary(column.type):
            codes[name] = _levels(column)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)
    if index:
        frame = frame.set_index(index)
        frame.index.names = [None if _LEVEL.fullmatch(name) else name for name in index]
    return Table(source, tuple(names), frame, codes=codes, reading=reading)


def _index_columns(schema: pa.Schema) -> list[str]:
    """Columns that were the index of the pandas table that was written."""
    levels = (schema.pandas_metadata or {}).get("index_columns", [])
    return [level for level in levels if isinstance(level, str) and level in schema.names]


def _series(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _series(column.cast(kind.value_type))
    if pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    if pa.types.is_integer(kind) and column.null_count:
        # Ids can have more digits than a float holds.
        return pd.Series(column.to_pandas(types_mapper=_nullable))
    if pa.types.is_boolean(kind):
        return pd.Series(np.asarray(column.to_pandas(), dtype=object))
    return pd.Series(column.to_pandas())


def _nullable(kind: Any) -> Any:
    return pd.Int64Dtype() if pa.types.is_signed_integer(kind) else pd.UInt64Dtype()


def _levels(column: pa.ChunkedArray) -> dict[Code, str]:
    """Levels of a categorical column in their own order: their codes are themselves."""
    unified = column.unify_dictionaries()
    words = unified.chunk(0).dictionary.to_pylist() if unified.num_chunks else []
    return {word: word for word in words if isinstance(word, str)}
