"""A table as a file, in each format that is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from synthcohort.machine.written_files import written
from synthcohort.population.generation import PART
from synthcohort.results.formats.spreadsheets import harmless
from synthcohort.results.formats.statistics_packages import write_dta, write_sav
from synthcohort.results.formats.variables import Variable
from synthcohort.scene import Problem, SceneError
from synthcohort.scene.problems import nearest

AddPart = Callable[[pd.DataFrame], None]
_CSV = pa.csv.WriteOptions(quoting_style="needed")


def mark(synthetic: bool) -> dict[str, str]:
    """Say in a file's metadata whether it is about people who were generated."""
    return {"synthetic": str(synthetic).lower(), "generator": "synthcohort"}


def write_parquet(frame: pd.DataFrame, path: Path, synthetic: bool = True) -> None:
    """Write a table with its index, marked as synthetic or not in the file's metadata."""
    with written(path) as file:
        pa.parquet.write_table(_marked(frame, synthetic), file, row_group_size=PART)


@contextmanager
def parquet_in_parts(path: Path) -> Iterator[AddPart]:
    """Yield what adds a part of a generated table: the bytes are those of `write_parquet`.

    Every part but the last has `PART` rows.
    """
    with written(path) as file, ExitStack() as stack:
        writer: Any = None

        def add(frame: pd.DataFrame) -> None:
            nonlocal writer
            table = _marked(frame, synthetic=True)
            if writer is None:
                writer = stack.enter_context(pa.parquet.ParquetWriter(file, table.schema))
            writer.write_table(table)

        yield add


@contextmanager
def csv_in_parts(path: Path) -> Iterator[AddPart]:
    """Yield what adds a part of a table: the bytes are those of `write_csv`."""
    with written(path) as file, ExitStack() as stack:
        writer: Any = None

        def add(frame: pd.DataFrame) -> None:
            nonlocal writer
            table = _texts(frame)
            if writer is None:
                made = pa.csv.CSVWriter(file, table.schema, write_options=_CSV)
                writer = stack.enter_context(made)
            writer.write_table(table)

        yield add


def _marked(frame: pd.DataFrame, synthetic: bool) -> Any:
    table = pa.Table.from_pandas(frame)
    words = {key.encode(): value.encode() for key, value in mark(synthetic).items()}
    return table.replace_schema_metadata((table.schema.metadata or {}) | words)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table with its index as first column; numbers keep every digit."""
    with written(path) as file:
        pa.csv.write_csv(_texts(frame), file, write_options=_CSV)


def _texts(frame: pd.DataFrame) -> Any:
    """Return a table with its index as first column and words for categories."""
    table = pa.Table.from_pandas(harmless(frame.reset_index()), preserve_index=False)
    columns = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names)


IN_PARTS: dict[str, Callable[[Path], AbstractContextManager[AddPart]]] = {
    "csv": csv_in_parts,
    "parquet": parquet_in_parts,
}
"""Writers that take a population part by part, by the ending of the file."""

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
