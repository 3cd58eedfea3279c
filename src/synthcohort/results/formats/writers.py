"""A table as a file, in each format that is offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from synthcohort.machine.written_files import written
from synthcohort.results.formats.spreadsheets import harmless
from synthcohort.results.formats.statistics_packages import write_dta, write_sav
from synthcohort.results.formats.variables import Variable
from synthcohort.scene import Problem, SceneError
from synthcohort.scene.problems import nearest


def mark(synthetic: bool) -> dict[str, str]:
    """Say in a file's metadata whether it is about people who were generated."""
    return {"synthetic": str(synthetic).lower(), "generator": "synthcohort"}


def write_parquet(frame: pd.DataFrame, path: Path, synthetic: bool = True) -> None:
    """Write a table with its index, marked as synthetic or not in the file's metadata."""
    table = pa.Table.from_pandas(frame)
    words = {key.encode(): value.encode() for key, value in mark(synthetic).items()}
    table = table.replace_schema_metadata((table.schema.metadata or {}) | words)
    with written(path) as file:
        pa.parquet.write_table(table, file)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table with its index as first column; numbers keep every digit."""
    table = pa.Table.from_pandas(harmless(frame.reset_index()), preserve_index=False)
    columns = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    options = pa.csv.WriteOptions(quoting_style="needed")
    with written(path) as file:
        pa.csv.write_csv(pa.table(columns, names=table.column_names), file, write_options=options)


FORMATS: dict[str, Callable[[pd.DataFrame, Path, Sequence[Variable]], None]] = {
    "csv": lambda frame, path, _: write_csv(frame, path),
    "parquet": lambda frame, path, _: write_parquet(frame, path),
    "dta": write_dta,
    "sav": write_sav,
}
"""Writers of the data, by the ending of the file."""


def check_formats(formats: Sequence[str]) -> None:
    """Raise a SceneError with every format that is unknown or can't be written here."""
    problems = [
        Problem("--format", f"got {name!r}; {nearest(name, FORMATS)}")
        for name in formats
        if name not in FORMATS
    ]
    if problems:
        raise SceneError("output", problems)
