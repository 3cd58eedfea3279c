"""The codebook: what every variable of a table is."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.missing import reasons_text
from synthcohort.cohort.words import people
from synthcohort.results.formats.variables import Variable, variables_of
from synthcohort.scene import Scene
from synthcohort.scene.clinical import source_of

_MISSING = "csv: empty; parquet: null; dta: .; sav: system-missing"


def codebook(scene: Scene, data: pd.DataFrame, cohort: Cohort | None = None) -> pd.DataFrame:
    """Describe every variable, a row each.

    Parameters
    ----------
    scene : Scene
    data : DataFrame
        With the individuals' id as index.
    cohort : Cohort, optional
        That a user's table gave: its levels have its own codes and no others, missing values are
        counted by reason, nothing counts few people, and the observed range is between the 1st
        and 99th percentile, as extremes are single persons.

    Returns
    -------
    DataFrame
        variable, legal_name (in Stata and SPSS), label, unit, type, lowest and highest (of
        the instrument), minimum and maximum (observed), missing (a count), missing_percent,
        missing_reasons (of a user's table), missing_code (by format), levels (with their codes
        in Stata and SPSS, or in the user's table), the cut-offs and the sources of those that are
        in the bundled table, synthetic.
    """
    synthetic = cohort is None
    rows = []
    for variable in variables_of(scene, data):
        column = data.get(variable.name)
        missing = 0 if column is None else int(column.isna().sum())
        minimum, maximum = _range(column, synthetic)
        rows.append(
            {
                "variable": variable.name,
                "legal_name": variable.legal_name,
                "label": variable.label,
                "unit": variable.unit,
                "type": variable.kind,
                "lowest": variable.lower,
                "highest": variable.upper,
                "minimum": minimum,
                "maximum": maximum,
                **_missing(variable.name, missing, len(data), cohort),
                "levels": _levels(variable, cohort),
                "cutoff_low": _cutoff_text(variable.cutoffs.low),
                "cutoff_high": _cutoff_text(variable.cutoffs.high),
                "cutoff_source": " | ".join(dict.fromkeys(_sources(variable))),
                "synthetic": synthetic,
            }
        )
    return pd.DataFrame(rows)


def _missing(name: str, count: int, n: int, cohort: Cohort | None) -> dict[str, object]:
    found: dict[str, object] = {
        "missing": count,
        "missing_percent": round(100 * count / max(1, n), 2),
        "missing_code": _MISSING if count else "",
    }
    if cohort is None:
        return found
    if 0 < count < cohort.smallest:
        found |= {"missing": people(count, cohort.smallest), "missing_percent": None}
    return found | {"missing_reasons": reasons_text(cohort.missing, name, cohort.smallest)}


def _levels(variable: Variable, cohort: Cohort | None) -> str:
    if cohort is None:
        return "; ".join(f"{code} = {level}" for code, level in variable.codes.items())
    own = cohort.codes.get(variable.name, {})
    return "; ".join(f"{own[n]} = {n}" if n in own else n for n in variable.levels)


def _range(column: pd.Series | None, synthetic: bool) -> tuple[float | None, float | None]:
    if column is None or not pd.api.types.is_numeric_dtype(column):
        return None, None
    if synthetic:
        return float(column.min()), float(column.max())
    return float(column.quantile(0.01)), float(column.quantile(0.99))


def _sources(variable: Variable) -> Iterator[str]:
    for direction, limit in (("below", variable.cutoffs.low), ("above", variable.cutoffs.high)):
        by_level = limit if isinstance(limit, dict) else {"any": limit}
        for level, value in by_level.items():
            if value is not None:
                yield from source_of(variable.name, level, direction, value)


def _cutoff_text(cutoff: float | dict[str, float] | None) -> str:
    if cutoff is None:
        return ""
    if isinstance(cutoff, dict):
        return "; ".join(f"{level}: {value:g}" for level, value in cutoff.items())
    return f"{cutoff:g}"
