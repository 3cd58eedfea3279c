"""SPSS files, with the values and ranges that they declare as missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

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
    """Read a ``.por`` file."""
    table = read_package(_portable(), path, source, reading, wanted, declared)
    return table if _parser() else replace(table, nothing="declared or system missing")


def _portable() -> Callable[..., Any]:
    """Return a reader of portable files that keeps what they declare as missing.

    The library's own public one turns it into nothing; the parser behind it can be asked.
    """
    import pyreadstat

    parser = _parser()
    if parser is None:
        return pyreadstat.read_por
    return partial(parser, parser_format="por", user_missing=True)


def _parser() -> Callable[..., Any] | None:
    from pyreadstat import pyreadstat as functions

    return getattr(functions, "parser_entry_point", None)
