"""Stata files of every version, with the extended missing values ``.a`` to ``.z``."""

from __future__ import annotations

from pathlib import Path

from synthcohort.cohort.files.packages import lettered, read_package
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Table, Wanted


def read_stata(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.dta`` file."""
    import pyreadstat

    return read_package(
        pyreadstat.read_dta, path, source, reading, wanted, lettered, user_missing=True
    )
