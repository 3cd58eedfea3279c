"""Labels of variables as Stata and SPSS have them, often with the unit at their end."""

from __future__ import annotations

import re

_LAST = re.compile(r"(.*\S)\s*[(\[]\s*([^()\[\]]{1,15}?)\s*[)\]]")
_UNITS = frozenset(
    [
        *("kg", "g", "mg", "cm", "m", "mm", "l", "ml", "s", "sec", "ms", "min", "h", "%", "c", "f"),
        *(
            "mmhg",
            "kpa",
            "bpm",
            "beats/min",
            "/min",
            "kg/m2",
            "kg/m^2",
            "kg/m**2",
            "years",
            "yrs",
            "y",
        ),
        *("g/dl", "g/l", "mg/dl", "mg/l", "ug/l", "ug/dl", "ng/ml", "pg/ml", "ng/l", "ng/dl"),
        *("mmol/l", "umol/l", "nmol/l", "pmol/l", "mmol/mol", "meq/l", "iu/l", "u/l", "iu/ml"),
        *("months", "weeks", "days", "hours", "minutes", "cells/ul", "10^9/l", "fl", "pg", "kcal"),
    ]
)


def label_and_unit(label: str) -> tuple[str, str]:
    """Part a label from the unit at its end; other remarks in brackets stay.

    Examples
    --------
    >>> label_and_unit("Systolic blood pressure (mmHg)")
    ('Systolic blood pressure', 'mmHg')
    >>> label_and_unit("Weight (self-reported)")
    ('Weight (self-reported)', '')
    """
    found = _LAST.fullmatch(label)
    if found is None:
        return label, ""
    plain = found[2].lower().replace(" ", "").replace("µ", "u").replace("μ", "u")
    plain = plain.replace("²", "2").replace("°", "")
    return (found[1], found[2]) if plain in _UNITS else (label, "")
