"""Values beyond a detection limit, and labels of single numbers such as a top code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthcohort.cohort.suspicions.suspicion import SeenTable, Suspicion, column
from synthcohort.cohort.words import as_word, people


def beyond_detection(seen: SeenTable) -> Iterator[Suspicion]:
    """Say what values beyond a detection limit count as, unless the settings do."""
    for name, found in seen.numbers.items():
        if name in seen.limits_declared:
            continue
        for limit, count in found.limits.items():
            yield Suspicion(
                "detection",
                column(found.column),
                f"{people(count, seen.smallest)} values are {limit} and count as {limit.at:g}",
                f'say what they count as by {name}.beyond_detection = "limit", "half" or "missing"',
            )


_TOP = re.compile(r"\b(and|or) (over|above|more|older|higher|up)\b|\+\s*$|^\s*(>|≥)|\btop", re.I)
_BOTTOM = re.compile(r"\b(and|or) (under|below|less|younger|lower)\b|^\s*(<|≤)", re.I)


def labelled_numbers(seen: SeenTable) -> Iterator[Suspicion]:
    """Say which numbers have a label, and that a top code is one."""
    for found in seen.numbers.values():
        counts = found.values.value_counts()
        for code, label in found.labels.items():
            what = "a top code" if _TOP.search(label) else ""
            what = "a bottom code" if _BOTTOM.search(label) else what
            if what and code in counts:
                yield Suspicion(
                    "top",
                    column(found.column),
                    f"{as_word(code)} is {what}, labelled {label!r}, of "
                    f"{people(int(counts[code]), seen.smallest)} people; it counts as the number",
                )
        if len(found.labels) > 1 and len(counts) and set(counts.index) <= set(found.labels):
            shown = ", ".join(f"{as_word(c)} = {found.labels[c]}" for c in sorted(counts.index)[:3])
            yield Suspicion(
                "labels",
                column(found.column),
                f"every value has a label ({shown}{', ...' if len(counts) > 3 else ''}) and "
                "counts as a number",
                "a category belongs to groups",
            )
