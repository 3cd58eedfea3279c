"""A guess for each column by itself: from its name, its label and its values."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from synthcohort.cohort.draft.code_guesses import group_codes, number_codes, words_among_numbers
from synthcohort.cohort.draft.guess import Guess
from synthcohort.cohort.draft.usual_names import UsualName, usual_name
from synthcohort.cohort.files import Table
from synthcohort.cohort.numeric_values import Numbers, numbers
from synthcohort.cohort.raw_columns import RawColumn, raw_column
from synthcohort.cohort.suspicions.units import possible_units
from synthcohort.cohort.variable_labels import label_and_unit

_MOST_LEVELS = 20
_FEWEST_NUMBERS, _FEW_NUMBERS = 3, 8
"""Numbers of so few different values are codes; whole ones of few, if nothing says otherwise."""
_MOSTLY = 0.5
_GAPS = {"biomarker": 0.5, "covariate": 0.2, "group": 0.2, "weight": 0.05}
"""From this share of missing values on a column is left out: it would cost too many people."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def guess_column(table: Table, name: str, smallest: int) -> Guess:
    """Guess what a column is.

    Parameters
    ----------
    table : Table
    name : str
    smallest : int
        No value that fewer people have is written.

    Returns
    -------
    Guess
        Of the role ``id?`` where it could be an id and nothing says so.
    """
    label, unit = label_and_unit(table.labels.get(name, ""))
    usual = usual_name(name, label)
    raw = raw_column(table, name, {})
    guess = _by_kind(raw, table, usual, smallest)
    guess.usual = usual
    stated = [str(word) for word in table.reasons.get(name, pd.Series()).dropna().unique()]
    if stated and guess.role:
        guess.doubt(f"missing by the file itself: {', '.join(sorted(stated)[:5])}")
    if guess.role in ("biomarker", "covariate"):
        _unit(guess, raw, table, label, unit)
    _too_many_gaps(guess, raw)
    return guess


def _by_kind(raw: RawColumn, table: Table, usual: UsualName | None, smallest: int) -> Guess:
    values = raw.values.dropna()
    role = "" if usual is None else usual.role
    if values.empty:
        return _left_out(raw.name, "no value at all")
    if values.nunique() == 1:
        return _left_out(raw.name, "every value is the same")
    if role == "id":
        return _id(raw)
    if role in ("design", "time"):
        return _left_out(raw.name, "by its name part of the survey's design, a date or a time")
    if _dates(values):
        return _left_out(raw.name, "dates")
    found = numbers(raw, table.reading)
    if _is_text(raw, found):
        return _text(raw, smallest)
    codes = number_codes(found, smallest) + words_among_numbers(raw, found, smallest)
    if found.problems and not codes:
        return _left_out(raw.name, "some of its values are no numbers")
    if codes:
        raw = raw_column(table, raw.name, {str(_code(c)): "" for c in codes})
        found = numbers(raw, table.reading)
        if found.problems or found.values.nunique() < 2:
            return _left_out(raw.name, "some of its values are no numbers")
    guess = _numbers(raw, found, role, smallest)
    if codes and guess.role in ("biomarker", "covariate"):
        guess.part["missing_codes"] = codes
        guess.doubt(
            "they look like codes for missing: delete what is a measurement", "missing_codes"
        )
    return guess


def _id(raw: RawColumn) -> Guess:
    guess = Guess(raw.name, "id")
    if raw.values.isna().any():
        return _left_out(raw.name, "called like an id, and some people have none")
    if raw.values.duplicated().any():
        guess.doubt("some ids are there more than once: waves or errors", "repeated_ids")
    return guess


def _text(raw: RawColumn, smallest: int) -> Guess:
    different = raw.values.nunique()
    if different == len(raw.values):
        return Guess(raw.name, "id?")
    if different > _MOST_LEVELS or different > len(raw.values) / 2:
        return _left_out(raw.name, "text with many different values")
    return _group(raw, smallest)


def _numbers(raw: RawColumn, found: Numbers, role: str, smallest: int) -> Guess:
    values = found.values.dropna()
    different = values.nunique()
    whole = bool((values % 1 == 0).all())
    labelled = bool(found.labels) and set(values.unique()) <= set(found.labels)
    if role == "weight" and not labelled:
        if (values >= 0).all() and different > 2:
            return Guess(raw.name, "weight")
        return _left_out(raw.name, "called like a survey weight, with values that are none")
    if role == "wave" and different <= _MOST_LEVELS:
        return Guess(raw.name, "wave")
    coded = whole and different <= _MOST_LEVELS and (labelled or role in _CODED)
    if coded or different <= _FEWEST_NUMBERS:
        return _group(raw, smallest)
    if role in ("covariate", "biomarker"):
        return Guess(raw.name, role)
    if whole and different <= _FEW_NUMBERS:
        return _group(raw, smallest)
    if whole and different == len(raw.values):
        return Guess(raw.name, "id?")
    guess = Guess(raw.name, "biomarker")
    if not role:
        guess.doubt("its name is unknown: is it a measurement?")
    return guess


_CODED = ("sex", "group")


def _group(raw: RawColumn, smallest: int) -> Guess:
    guess = Guess(raw.name, "group")
    codes = group_codes(raw, smallest)
    if codes:
        guess.part["missing_codes"] = codes
        guess.doubt("they look like codes for missing: delete what is a level", "missing_codes")
    kept = raw.values.mask(raw.values.isin(codes))
    if kept.nunique() < 2:
        return _left_out(raw.name, "every value is the same, or means missing")
    if pd.api.types.is_numeric_dtype(kept) and not raw.labels:
        guess.doubt("codes without a name: give them one by levels")
    return guess


def _unit(guess: Guess, raw: RawColumn, table: Table, label: str, unit: str) -> None:
    if unit:
        guess.part["unit"] = unit
        return
    codes = {str(_code(c)): "" for c in guess.part.get("missing_codes", [])}
    values = numbers(raw_column(table, raw.name, codes), table.reading).values
    usual = guess.usual
    units = possible_units(raw.name, f"{label} {_spoken(usual)}", values)
    if usual is not None and usual.unit and (units is None or usual.unit in units):
        guess.part["unit"] = usual.unit
        guess.doubt("by its name", "unit")
    elif units is not None and len(units) == 1:
        guess.part["unit"] = units[0]
        guess.doubt("by the size of its values", "unit")
    elif units == []:
        guess.doubt("values of no usual unit: are they standardized?")


def _spoken(usual: UsualName | None) -> str:
    measure = "" if usual is None else usual.measure
    return _WORDS_OF.get(measure, measure.replace("_", " ")).lower()


_WORDS_OF = {
    "BP_systolic": "systolic",
    "BP_diastolic": "diastolic",
    "Cholesterol_trig": "triglycerides",
    "Cholesterol_hdl": "hdl",
    "Cholesterol_ldl": "ldl",
}


def _too_many_gaps(guess: Guess, raw: RawColumn) -> None:
    codes = guess.part.get("missing_codes", [])
    gaps = float((raw.values.isna() | raw.values.isin(codes)).mean())
    limit = _GAPS.get(guess.role, 1.0)
    if gaps > limit:
        words = {0.5: "half", 0.2: "a fifth", 0.05: "a twentieth"}[limit]
        guess.role, guess.doubts = "", {"": [f"over {words} of its values are missing"]}


def _is_text(raw: RawColumn, found: Numbers) -> bool:
    if pd.api.types.is_numeric_dtype(raw.values) and raw.values.dtype != bool:
        return False
    return bool(found.values.notna().sum() < _MOSTLY * raw.values.notna().sum())


def _dates(values: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(values):
        return True
    first: Sequence[object] = values.head(20).tolist()
    if all(hasattr(v, "year") for v in first):
        return True
    return all(isinstance(v, str) and _DATE.fullmatch(v.strip()) for v in first)


def _code(code: float | str) -> float | str:
    return int(code) if isinstance(code, float) and code.is_integer() else code


def _left_out(name: str, why: str) -> Guess:
    return Guess(name, "", doubts={"": [why]})
