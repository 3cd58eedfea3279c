"""A table of a run as the file that its schema declares, and back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from synthcohort.results.formats.spreadsheets import restored, write_spreadsheet
from synthcohort.results.formats.writers import write_parquet
from synthcohort.results.schemas.table_schema import Column, TableSchema


def write_run_table(
    schema: TableSchema, table: pd.DataFrame, folder: Path, synthetic: bool
) -> None:
    """Write a table into a run folder."""
    if schema.format == "parquet":
        write_parquet(table, folder / schema.file, synthetic)
    else:
        write_spreadsheet(table, folder / schema.file)


def read_run_table(schema: TableSchema, folder: Path) -> pd.DataFrame:
    """Read a table of a run folder with its declared columns.

    Numbers come back bit for bit, and a level called ``NA`` or ``None`` is a word.

    Raises
    ------
    ValueError
        If its columns are not the declared ones.
    """
    path = folder / schema.file
    if schema.format == "parquet":
        return pd.read_parquet(path)
    texts = restored(pd.read_csv(path, dtype=str, keep_default_na=False))
    absent = [column.name for column in schema.columns if column.name not in texts]
    if absent:
        raise ValueError(f"has no column {', '.join(absent)}")
    known = {column.name: column for column in schema.columns}
    declared = {name: known.get(name, schema.others) for name in map(str, texts.columns)}
    found = {n: texts[n] if c is None else _values(c, texts[n]) for n, c in declared.items()}
    return pd.DataFrame(found)


def _values(column: Column, texts: pd.Series) -> pd.Series:
    """Turn texts into a column's values; numbers as Python reads them, to the last bit."""
    if column.kind == "number":
        return pd.Series([float(text or "nan") for text in texts], texts.index, dtype=float)
    if column.kind == "integer":
        return pd.Series([int(text) for text in texts], texts.index, dtype="int64")
    if column.kind == "yes/no":
        return texts == "True"
    return texts.mask(texts == "") if column.missing else texts
