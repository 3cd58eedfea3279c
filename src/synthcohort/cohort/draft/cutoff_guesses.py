"""Cut-offs for a measurement in the table's unit, from the bundled table."""

from __future__ import annotations

import csv
import io
from typing import Any

from synthcohort.cohort.suspicions.units import plain_unit
from synthcohort.scene import clinical

_SEXES = ("female", "male")
_SIDES = {"below": "low", "above": "high"}
_TIMES = {
    ("Blood_Glucose", "mg/dl"): 18.016,
    ("Cholesterol_total", "mg/dl"): 38.67,
    ("Cholesterol_hdl", "mg/dl"): 38.67,
    ("Cholesterol_ldl", "mg/dl"): 38.67,
    ("Cholesterol_trig", "mg/dl"): 88.57,
    ("Hemoglobin", "g/l"): 10.0,
    ("Waist", "m"): 0.01,
    ("BP_systolic", "kpa"): 0.133322,
    ("BP_diastolic", "kpa"): 0.133322,
}
"""From the unit of the table of cut-offs to another: molar masses in g/mol over 10, and powers."""


def usual_cutoffs(measure: str, unit: str, sexes: bool) -> tuple[dict[str, Any], str]:
    """Return the first cut-offs of the bundled table, and what to know about them.

    Parameters
    ----------
    measure : str
        A variable of the table.
    unit : str
        Of the values.
    sexes : bool
        Whether the levels of a group are male and female: some cut-offs differ by sex.

    Returns
    -------
    cutoffs : dict
        With ``low`` and ``high``, each a number or one a sex; empty where there are none in
        this unit.
    remark : str

    Examples
    --------
    >>> usual_cutoffs("Hemoglobin", "g/L", True)[0]
    {'low': {'female': 120, 'male': 130}}
    """
    table = csv.DictReader(io.StringIO(clinical.text()))
    rows = [row for row in table if row["variable"] == measure]
    times = _times(measure, unit, rows)
    if times is None:
        return {}, ""
    found: dict[str, Any] = {}
    for direction, side in _SIDES.items():
        limits: dict[str, float] = {}
        for row in rows:
            if row["direction"] == direction:
                limits.setdefault(row["level"], float(row["threshold"]) * times)
        if sexes and all(sex in limits for sex in _SEXES):
            found[side] = {sex: _rounded(limits[sex]) for sex in _SEXES}
        elif clinical.EVERYBODY in limits:
            found[side] = _rounded(limits[clinical.EVERYBODY])
    used = {value for one in found.values() for value in _values(one)}
    others = sorted({_rounded(float(row["threshold"]) * times) for row in rows} - used)
    rivals = f"; others in use: {', '.join(map(str, others))}" if others else ""
    return found, f"from the bundled table of cut-offs{rivals}" if found else ""


def _times(measure: str, unit: str, rows: list[dict[str, str]]) -> float | None:
    if not rows or not unit:
        return None
    if plain_unit(unit) == plain_unit(rows[0]["unit"]):
        return 1.0
    return _TIMES.get((measure, plain_unit(unit)))


def _values(limit: Any) -> list[float]:
    return list(limit.values()) if isinstance(limit, dict) else [limit]


def _rounded(value: float) -> float:
    short = float(f"{value:.3g}")
    return int(short) if short.is_integer() else short
