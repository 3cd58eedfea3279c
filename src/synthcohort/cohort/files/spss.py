"""SPSS files, with the values and ranges that they declare as missing."""

from __future__ import annotations

from pathlib import Path

from synthcohort.cohort.files.packages import declared, read_package
from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.files.table import Table, Wanted


def read_spss(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.sav`` or ``.zsav`` file."""
    import pyreadstat

    return read_package(
        pyreadstat.read_sav, path, source, reading, wanted, declared, user_missing=True
    )


def read_portable(path: Path, source: str, reading: Reading, wanted: Wanted | None) -> Table:
    """Read a ``.por`` file, whose user-missing values are ordinary ones to the library."""
    import pyreadstat

    return read_package(pyreadstat.read_por, path, source, reading, wanted, declared)
