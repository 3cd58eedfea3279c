"""Files for Stata and SPSS, with labels, codes and the synthetic mark inside."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from synthcohort.machine.written_files import written
from synthcohort.results.formats.variables import Variable, renamed
from synthcohort.scene import SceneWarning

_MARK = "SYNTHETIC DATA, no real person (synthcohort)"
_STATA_LABEL = 80
_NO_TIME = datetime(1970, 1, 1)
"""Of making, so that the same scene and seed give the same bytes."""


def write_dta(data: pd.DataFrame, path: Path, variables: Sequence[Variable]) -> None:
    """Write a Stata file, version 118 (Stata 14 and later).

    Labels longer than 80 characters are cut: all that Stata has room for.
    """
    with written(path) as file:
        coded(data, variables).to_stata(
            file,
            write_index=False,
            version=118,
            data_label=_MARK,
            time_stamp=_NO_TIME,
            variable_labels={v.legal_name: v.title[:_STATA_LABEL] for v in variables},
            value_labels={
                v.legal_name: {float(code): level for code, level in v.codes.items()}
                for v in variables
                if v.levels
            },
        )


def write_sav(data: pd.DataFrame, path: Path, variables: Sequence[Variable]) -> None:
    """Write an SPSS file.

    It holds the time of its making, so its bytes are not the same twice.
    """
    import pyreadstat

    measures = {"category": "nominal", "text": "nominal", "integer": "ordinal", "number": "scale"}
    with written(path) as file:
        pyreadstat.write_sav(
            _floats(coded(data, variables)),
            str(file),
            file_label=_MARK,
            note=f"{_MARK}.",
            column_labels={v.legal_name: v.title for v in variables},
            variable_value_labels={
                v.legal_name: {float(code): level for code, level in v.codes.items()}
                for v in variables
                if v.levels
            },
            variable_measure={v.legal_name: measures[v.kind] for v in variables},
            variable_format={
                v.legal_name: "F8.0" for v in variables if v.kind in ("category", "integer")
            },
        )


def coded(data: pd.DataFrame, variables: Sequence[Variable]) -> pd.DataFrame:
    """Give columns their legal names, categories their codes, whole numbers an integer type."""
    columns = {}
    for variable in variables:
        name = variable.name
        column = data[name] if name in data else data.index.to_series().astype(object)
        if variable.kind == "category":
            codes = pd.Series(column.cat.codes, index=data.index).astype("Int16") + 1
            column = codes.mask(codes == 0)
        elif variable.kind == "integer":
            column = column.astype("Int32")
        if variable.kind in ("category", "integer") and not column.isna().any():
            column = column.astype("int16" if variable.kind == "category" else "int32")
        columns[variable.legal_name] = column.to_numpy() if name not in data else column.array
    return pd.DataFrame(columns)


def _floats(data: pd.DataFrame) -> pd.DataFrame:
    """SPSS knows one kind of number."""
    numeric = [n for n, column in data.items() if pd.api.types.is_numeric_dtype(column)]
    return data.astype(dict.fromkeys(numeric, float))


def say_renamed(variables: Sequence[Variable]) -> None:
    """Warn of the names that Stata and SPSS don't take."""
    names = renamed(variables)
    if names:
        words = ", ".join(f"{old!r} is {new}" for old, new in names.items())
        warnings.warn(f"in Stata and SPSS files {words}", SceneWarning, stacklevel=3)
    for variable in variables:
        if len(variable.title) > _STATA_LABEL:
            message = f"in Stata files the label of {variable.name!r} is cut at {_STATA_LABEL}"
            warnings.warn(f"{message} characters", SceneWarning, stacklevel=3)
