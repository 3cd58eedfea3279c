"""Values that are impossible in their unit: a height of 1.62 cm."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from synthcohort.cohort.numeric_values import Numbers
from synthcohort.cohort.suspicions.suspicion import SeenTable, Suspicion, column
from synthcohort.cohort.suspicions.undeclared_codes import look_like_codes
from synthcohort.cohort.words import people

_POSSIBLE: tuple[tuple[str, dict[str, tuple[float, float]]], ...] = (
    (r"\b(standing |body )?height\b|\bstature\b|\bht\b", {"cm": (40, 250), "m": (0.4, 2.5)}),
    (r"\b(body ?)?weight\b|\bwt\b|\bbody mass\b(?! index)", {"kg": (1, 350), "g": (300, 350e3)}),
    (r"\bbmi\b|body mass index", {"kg/m2": (8, 100)}),
    (r"\b(waist|hip|abdominal)\b", {"cm": (30, 250), "m": (0.3, 2.5)}),
    (r"\b(sbp|systolic|bp_?sys)\b|\bsystolic", {"mmhg": (40, 300), "kpa": (5, 40)}),
    (r"\b(dbp|diastolic|bp_?dia)\b|\bdiastolic", {"mmhg": (20, 200), "kpa": (2, 27)}),
    (r"\b(pulse|heart rate)\b", {"bpm": (20, 250), "beats/min": (20, 250)}),
    (r"\b(hb|hgb|ha?emoglobin)\b(?! a1c)", {"g/dl": (2, 25), "g/l": (20, 250)}),
    (r"\bhba1c\b|\ba1c\b", {"%": (2, 20), "mmol/mol": (5, 200)}),
    (r"\b(glu|glucose)\b", {"mmol/l": (0.5, 60), "mg/dl": (10, 1100)}),
    (r"\b(chol|cholesterol|hdl|ldl)\b", {"mmol/l": (0.1, 30), "mg/dl": (4, 1200)}),
    (r"\btriglycerides?\b", {"mmol/l": (0.1, 60), "mg/dl": (9, 5500)}),
    (r"\bcreatinine\b", {"umol/l": (5, 2500), "mg/dl": (0.05, 30)}),
    (r"\bage\b", {"years": (0, 120), "y": (0, 120), "yrs": (0, 120)}),
    (r"\btemperature\b", {"c": (25, 45)}),
)
"""By name or label: the range that a living person can have, by unit."""


def impossible(seen: SeenTable) -> Iterator[Suspicion]:
    """Name values that nobody can have in the unit that the settings or the label give."""
    for name, found in seen.numbers.items():
        ranges = _ranges(f"{name} {found.column} {seen.labels.get(name, '')}")
        unit = plain_unit(seen.units.get(name, ""))
        if unit in ranges:
            yield from _beyond(name, found, unit, ranges, seen)


_USUAL = {"umol/l": "µmol/L", "g/dl": "g/dL", "g/l": "g/L", "mmol/l": "mmol/L", "mg/dl": "mg/dL"}
_USUAL |= {"mmhg": "mmHg", "kpa": "kPa", "c": "°C", "y": "years", "yrs": "years"}


def possible_units(name: str, label: str, values: pd.Series) -> list[str] | None:
    """Return the units of a well-known measurement in which the middle half is possible.

    None where the name and the label are unknown.
    """
    ranges = _ranges(f"{name} {label}")
    middle = values.quantile([0.25, 0.75])
    fits = [
        _USUAL.get(unit, unit)
        for unit, (low, high) in ranges.items()
        if low <= middle.iloc[0] and middle.iloc[1] <= high
    ]
    return list(dict.fromkeys(fits)) if ranges else None


def _beyond(
    name: str, found: Numbers, unit: str, ranges: dict[str, tuple[float, float]], seen: SeenTable
) -> Iterator[Suspicion]:
    low, high = ranges[unit]
    values = found.values.dropna()
    values = values[~values.isin(look_like_codes(found))]
    outside = values[(values < low) | (values > high)]
    if outside.empty:
        return
    shown = seen.units[name]
    if not low <= values.median() <= high:
        fits = [u for u, (a, b) in ranges.items() if a <= values.median() <= b]
        guess = f": they look like {fits[0]}" if fits else ""
        yield Suspicion(
            "units",
            column(found.column),
            f"most values can't be in {shown} (possible: {low:g} to {high:g}){guess}",
            f"correct {name}.unit",
        )
        return
    yield Suspicion(
        "units",
        column(found.column),
        f"{people(len(outside), seen.smallest)} values can't be in {shown} (possible: {low:g} to "
        f"{high:g})",
        f"correct them, or declare {name}.missing_codes",
    )


def _ranges(text: str) -> dict[str, tuple[float, float]]:
    words = re.sub(r"[^a-z0-9%]+", " ", text.lower())
    for pattern, ranges in _POSSIBLE:
        if re.search(pattern, words):
            return ranges
    return {}


def plain_unit(unit: str) -> str:
    """Write a unit in one way, whatever its case, powers and Greek letters."""
    plain = (
        unit.lower()
        .replace("µ", "u")
        .replace("μ", "u")
        .replace("²", "2")
        .replace("^", "")
        .replace("**", "")
    )
    return plain.replace(" ", "").replace("°", "")
