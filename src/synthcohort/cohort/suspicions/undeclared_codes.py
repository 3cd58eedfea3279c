"""Values that look like codes: -9, 99, 999, or labelled like a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from synthcohort.cohort.numeric_values import Numbers
from synthcohort.cohort.suspicions.suspicion import SeenTable, Suspicion, column
from synthcohort.cohort.words import as_word, people

_LIKE_A_CODE = re.compile(r"-[1-9]|-?(9{2,}|8{2,}|7{2,}|6{2,})|-?9{0,3}9[5-8]|-?\d?(99|88|77)\.9+")
_WORDS = re.compile(
    r"refus|don.?t know|do not know|not known|unknown|missing|no answer|no response|"
    r"not (measured|applicable|asked|done|available|stated|taken|collected)|inapplicable|"
    r"unable|invalid|declin|\bn/?a\b|\bdk\b|\brf\b|skip",
    re.IGNORECASE,
)
_GAP = 0.5
"""A code lies beyond all other values by this share of their range."""


def codes(seen: SeenTable) -> Iterator[Suspicion]:
    """Name values that look like codes for missing and are taken as measurements."""
    for name, numbers in seen.numbers.items():
        found = look_like_codes(numbers)
        if not found:
            continue
        counts = numbers.values.value_counts()
        parts = [
            f"{people(int(counts[code]), seen.smallest)} times {as_word(code)}"
            + (f" ({numbers.labels[code]})" if code in numbers.labels else "")
            for code in found
        ]
        declared = ", ".join(as_word(code) for code in found)
        yield Suspicion(
            "codes",
            column(numbers.column),
            f"{', '.join(parts)} looks like a code for missing and counts as a measurement",
            f"if so, {name}.missing_codes = [{declared}]",
            "some values look like a code for missing",
        )


def means_missing(label: str) -> bool:
    """Whether a label says that there is no answer.

    Examples
    --------
    >>> means_missing("Don't know"), means_missing("85 and over")
    (True, False)
    """
    return _WORDS.search(label) is not None


def look_like_codes(numbers: Numbers) -> list[float]:
    """Return values labelled like a refusal, then those that look like a code and lie apart."""
    values = numbers.values.dropna().to_numpy()
    different = np.unique(values)
    found = [v for v in different if means_missing(numbers.labels.get(v, ""))]
    rest = different[~np.isin(different, found)]
    # From the outside in: a code hides behind a larger one.
    while len(rest) > 2 and _apart(rest[-1], rest[:-1]):
        found.append(rest[-1])
        rest = rest[:-1]
    while len(rest) > 2 and _apart(rest[0], rest[1:]):
        found.append(rest[0])
        rest = rest[1:]
    return sorted(float(v) for v in found)


def _apart(value: float, others: np.ndarray) -> bool:
    if not _LIKE_A_CODE.fullmatch(as_word(float(value))):
        return False
    others = others[[not _LIKE_A_CODE.fullmatch(as_word(float(v))) for v in others]]
    if len(others) < 2:
        return False
    if value < 0 <= others.min():
        return True
    low, high = others.min(), others.max()
    # Among whole numbers from 0 to 9 a lone 99 is beyond the scale; so is 999 beyond 200.
    gap = value - high if value > high else low - value
    return bool(gap > _GAP * (high - low) and gap > 0)
