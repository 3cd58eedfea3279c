"""Parquet and Feather files, and every table in memory that speaks Arrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Code, Table, Wanted, fault, positions

MOST_ROWS = 50_000_000


def read_parquet(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.parquet`` file."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, memory_map=True) as file:
        # A few bytes can stand for any number of rows.
        if file.metadata.num_rows > MOST_ROWS:
            message = f"says it has {file.metadata.num_rows:,} rows, allowed: up to {MOST_ROWS:,}"
            raise fault(source, message)
        names = file.schema_arrow.names
        return _table(names, source, reading, wanted, lambda chosen: file.read(columns=chosen))


def read_feather(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.feather`` or ``.arrow`` file."""
    import pyarrow.feather as feather

    with pa.memory_map(str(path)) as file:
        try:
            names = pa.ipc.open_file(file).schema.names
        except pa.ArrowInvalid:  # the first version of Feather
            names = feather.read_table(file).column_names
    return _table(
        names, source, reading, wanted, lambda chosen: feather.read_table(path, columns=chosen)
    )


def from_arrow(table: pa.Table, source: str, wanted: Wanted | None) -> Table:
    """Take a table in memory."""
    return _table(table.column_names, source, Reading(), wanted, table.select)


def _table(
    names: Sequence[str],
    source: str,
    reading: Reading,
    wanted: Wanted | None,
    read: Callable[[list[str]], pa.Table],
) -> Table:
    chosen = list(positions(names, wanted, source))
    table = read(chosen)
    columns: dict[str, pd.Series] = {}
    codes: dict[str, dict[Code, str]] = {}
    for name in chosen:
        column = table.column(name)
        table = table.drop_columns([name]) if table.num_columns > 1 else table
        columns[name] = _series(column)
        if pa.types.is_dictionary(column.type):
            codes[name] = _levels(column)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)
    return Table(source, tuple(names), frame, codes=codes, reading=reading)


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
