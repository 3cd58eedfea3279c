"""Which code is male and which is female, as far as a table or a study says."""

from __future__ import annotations

import re
from typing import Any

from synthcohort.cohort.raw_columns import RawColumn
from synthcohort.cohort.words import as_word

_MALE = re.compile(r"(\d+[.\s:-]*)?(m|male|males|man|men|boy)", re.IGNORECASE)
_FEMALE = re.compile(r"(\d+[.\s:-]*)?(f|female|females|w|woman|women|girl)", re.IGNORECASE)
_STUDIES = ("ragender", "riagendr", "rsex", "indsex", "dhsex", "dn042_", "gender")
_MEANT = (
    (_STUDIES, {"1": "male", "2": "female"}),
    (("female",), {"0": "male", "1": "female"}),
    (("male",), {"0": "female", "1": "male"}),
)
"""Codes without a label, by the names that HAALSI, HRS, ELSA, SHARE and NHANES have for them."""


def sex_levels(raw: RawColumn, codes: list[Any]) -> tuple[dict[str, str], bool]:
    """Return from each value to ``male`` or ``female``, and whether the table itself says so.

    Empty where a value is neither.
    """
    values = [v for v in raw.values.dropna().unique() if v not in codes]
    found: dict[str, str] = {}
    for value in values:
        word = str(raw.labels.get(value) or as_word(value)).strip()
        for level, pattern in (("male", _MALE), ("female", _FEMALE)):
            if pattern.fullmatch(word):
                found[as_word(value).strip()] = level
    if len(found) >= len({as_word(v).strip() for v in values}) and len(set(found.values())) == 2:
        # The settings take a level whatever its case.
        return dict({key.casefold(): (key, level) for key, level in found.items()}.values()), True
    bare = re.sub(r"^(w\d+c?_|[rs]\d+)", "", raw.name.lower())
    for names, meant in _MEANT:
        if bare in names and {as_word(v) for v in values} == set(meant) and not raw.labels:
            return meant, False
    return {}, False
