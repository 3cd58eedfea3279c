"""SAS data sets and transport files, as national surveys are published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from synthcohort.cohort.files.packages import lettered, read_package
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Table, Wanted

_NOTHING = 1e-70


def read_sas(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.sas7bdat`` file, with the value labels of a ``.sas7bcat`` file beside it."""
    import pyreadstat

    catalogue = path.with_suffix(".sas7bcat")
    options = {"catalog_file": str(catalogue)} if catalogue.is_file() else {}
    return read_package(
        pyreadstat.read_sas7bdat,
        path,
        source,
        reading,
        wanted,
        lettered,
        user_missing=True,
        **options,
    )


def read_transport(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read an ``.xpt`` file of version 5 or 8."""
    import pyreadstat

    table = read_package(pyreadstat.read_xport, path, source, reading, wanted, lettered)
    return replace(table, frame=table.frame.apply(_zeros) if len(table) else table.frame)


def _zeros(column: pd.Series) -> pd.Series:
    """Make the zeros of IBM's format zeros: written by some programs as 5.4e-79."""
    if not pd.api.types.is_float_dtype(column):
        return column
    return column.mask((column != 0) & (column.abs() < _NOTHING), 0.0)
