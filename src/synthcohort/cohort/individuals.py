"""Who each row of a user's table is: the id by which every result is joined back."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa

from synthcohort.scene import Problem

_SHOWN = 5
_WAVES = "of waves take one (where = { wave = 1 }), or repeated_ids = 'first' or 'last'"
_WAY_OUT = "name the column of the ids (id), or number the rows with reset_index()"


def index_as_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows numbered from 0, with the levels of the index as columns.

    Parameters
    ----------
    frame : DataFrame, shape (N, p)

    Returns
    -------
    DataFrame, shape (N, p + q)
        With the q named levels of the index after which no column is named.
    """
    numbered = frame.reset_index(drop=True)
    for level, name in enumerate(frame.index.names):
        if name is not None and name not in frame.columns:
            numbered[name] = frame.index.get_level_values(level)
    return numbered


def ids_of(frame: pd.DataFrame, column: str | None) -> pd.Index:
    """Return the individuals' ids.

    Parameters
    ----------
    frame : DataFrame, shape (N, p)
        The table as its owner has it, free of the problems that `id_problems` names.
    column : str, optional
        Of the ids, or the name of the index.

    Returns
    -------
    Index, shape (N,)
        Called as the column is, whole numbers as integers (Stata and SPSS know only
        floats). Without a column it is the table's own index, whatever its type.
    """
    if column is None or (column not in frame.columns and [column] == list(frame.index.names)):
        return frame.index
    values = index_as_columns(frame)[column]
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if pd.api.types.is_float_dtype(values) and (values == values.round()).all():
        values = values.astype("int64")
    ids: pd.Index = pd.Index(values, name=column)
    return ids


def id_problems(frame: pd.DataFrame, column: str | None) -> Iterator[Problem]:
    """Name what keeps the ids from telling every row from the others, and from a file.

    Parameters
    ----------
    frame : DataFrame
        As `ids_of` takes it; its column of ids is there.
    column : str, optional
    """
    place = "index" if column is None else f"column {column!r}"
    way_out = f"; {_WAY_OUT}" if column is None else ""
    waves = f"; {_WAY_OUT}" if column is None else f"; {_WAVES}"
    if column is None and isinstance(frame.index, pd.MultiIndex):
        message = f"got {frame.index.nlevels} levels, allowed: one value a row{way_out}"
        yield Problem(place, message)
        return
    values = frame.index if column is None else pd.Index(index_as_columns(frame)[column])
    missing = int(values.to_series().isna().sum())
    if missing:
        yield Problem(place, f"{missing:,} ids are missing, allowed: an id in every row{way_out}")
    twice = values[values.notna() & values.duplicated()].unique()
    if len(twice):
        shown = ", ".join(map(repr, twice[:_SHOWN].tolist()))
        more = ", ..." if len(twice) > _SHOWN else ""
        message = f"got {len(twice):,} ids more than once ({shown}{more}), allowed: an id a row"
        yield Problem(place, message + waves)
    if not _fits_a_file(values):
        kinds = ", ".join(dict.fromkeys(type(value).__name__ for value in values))
        message = f"got ids of the kind {kinds}, allowed: numbers, texts or dates, all of one kind"
        yield Problem(place, message + way_out)


def id_note(ids: pd.Index, column: str | None) -> Iterator[str]:
    """Say that the rows are numbered where nothing else tells them apart."""
    if column is None and ids.name is None and ids.equals(pd.RangeIndex(len(ids))):
        yield "No id is named: individuals go by their row in the table, the first of them 0."


def _fits_a_file(values: pd.Index) -> bool:
    """Whether Parquet holds the values, so that no run ends in an error when it is written."""
    try:
        pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return False
    return True
