"""The codebook: what every variable of a table is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.missing import reasons_text
from synthcohort.cohort.words import people
from synthcohort.results.formats.variables import Variable, variables_of
from synthcohort.scene import Scene
from synthcohort.scene.clinical import source_of

_MISSING = "csv: empty; parquet: null; dta: .; sav: system-missing"


@dataclass(frozen=True)
class Observed:
    """What a codebook tells of the values of a generated table.

    Parameters
    ----------
    rows : int
    missing : dict of str to int
        By column.
    ranges : dict of str to (float, float)
        Smallest and largest value of each number; NaN where all are missing.
    """

    rows: int
    missing: dict[str, int]
    ranges: dict[str, tuple[float, float]]

    @classmethod
    def of(cls, data: pd.DataFrame) -> Observed:
        """Look at a table, or at a part of one."""
        numbers = [name for name in data if pd.api.types.is_numeric_dtype(data[name])]
        return cls(
            len(data),
            {str(name): int(data[name].isna().sum()) for name in data},
            {str(name): (float(data[name].min()), float(data[name].max())) for name in numbers},
        )

    def __add__(self, other: Observed) -> Observed:
        """Join what two parts of a table have."""
        lows = {name: np.fmin(self.ranges[name][0], low) for name, (low, _) in other.ranges.items()}
        highs = {n: np.fmax(self.ranges[n][1], high) for n, (_, high) in other.ranges.items()}
        return Observed(
            self.rows + other.rows,
            {name: self.missing[name] + count for name, count in other.missing.items()},
            {name: (float(lows[name]), float(highs[name])) for name in lows},
        )


def codebook(
    scene: Scene,
    data: pd.DataFrame,
    cohort: Cohort | None = None,
    observed: Observed | None = None,
) -> pd.DataFrame:
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
    observed : Observed, optional
        Of the whole of a generated table, where data are only a part of it.

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
    seen = observed or Observed.of(data)
    rows = []
    for variable in variables_of(scene, data):
        missing = seen.missing.get(variable.name, 0)
        minimum, maximum = seen.ranges.get(variable.name, (None, None))
        if not synthetic and minimum is not None:
            minimum, maximum = (float(data[variable.name].quantile(q)) for q in (0.01, 0.99))
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
                **_missing(variable.name, missing, seen.rows, cohort),
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
