"""Codes that probably mean missing: -9, 99, 999, .a, or labelled like a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from synthcohort.cohort.files.reading import Reading
from synthcohort.cohort.numeric_values import NO_NUMBERS, Numbers, numbers
from synthcohort.cohort.raw_columns import RawColumn
from synthcohort.cohort.suspicions.undeclared_codes import look_like_codes, means_missing

Code = float | int | str

_LETTER = re.compile(r"\.[a-z_]", re.IGNORECASE)
_BEYOND = re.compile(r"-\d{1,3}|[6-9]|[6-9]{2,4}")


def number_codes(found: Numbers, smallest: int) -> list[Code]:
    """Codes among numbers that have a label, or that enough people have."""
    counts = found.values.value_counts()
    return [
        _plain(code)
        for code in look_like_codes(found)
        if code in found.labels or counts[code] >= smallest
    ]


def words_among_numbers(raw: RawColumn, found: Numbers, smallest: int) -> list[Code]:
    """Words in a column of numbers, if each says that it means missing or many people have it."""
    if not found.problems:
        return []
    words = raw.values[[isinstance(v, str) for v in raw.values]]
    counts = words.str.strip().value_counts()
    rest = [w for w in counts.index if w.lower() not in NO_NUMBERS and not _is_number(w)]
    sure = [w for w in rest if counts[w] >= smallest or _LETTER.fullmatch(w) or means_missing(w)]
    return sorted(sure) if len(sure) == len(rest) else []


def group_codes(raw: RawColumn, smallest: int) -> list[Code]:
    """Codes among levels: labelled like a refusal, or 7, 8, 9, 99, -1 away from the others."""
    values = raw.values.dropna()
    counts = values.value_counts()
    by_label = [v for v in counts.index if means_missing(str(raw.labels.get(v, "")))]
    if not pd.api.types.is_numeric_dtype(values) or values.dtype == bool:
        words = [v for v in counts.index if _LETTER.fullmatch(str(v).strip())]
        said = [v for v in counts.index if means_missing(str(v)) and counts[v] >= smallest]
        return sorted({str(v) for v in (*by_label, *words, *said)})
    if raw.labels:
        return sorted(_plain(v) for v in by_label)
    return [_plain(v) for v in _away(counts.index) if counts[v] >= smallest]


def _away(codes: Iterable[float]) -> list[float]:
    """Codes beyond the first gap of levels that are counted from 0 or 1."""
    ordered = sorted(float(code) for code in codes)
    inner = [code for code in ordered if code >= 0]
    if len(inner) < 2 or inner[0] > 1 or any(code % 1 for code in ordered):
        return []
    run = 1
    while run < len(inner) and inner[run] == inner[run - 1] + 1:
        run += 1
    outer = inner[run:] if run > 1 else []
    found = [*(code for code in ordered if code < 0), *outer]
    return found if all(_BEYOND.fullmatch(str(int(code))) for code in found) else []


def _is_number(word: str) -> bool:
    one = RawColumn("", pd.Series([word]), pd.Series([None], dtype=object), {}, {})
    return not numbers(one, Reading()).problems


def _plain(code: float) -> Code:
    return int(code) if float(code).is_integer() else float(code)
