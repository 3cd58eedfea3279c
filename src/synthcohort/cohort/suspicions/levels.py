"""Levels that were joined, that few people have, or that may be a word for missing."""

from __future__ import annotations

from collections.abc import Iterator

from synthcohort.cohort.numeric_values import NO_NUMBERS
from synthcohort.cohort.suspicions.suspicion import SeenTable, Suspicion, column
from synthcohort.cohort.words import people


def joined_levels(seen: SeenTable) -> Iterator[Suspicion]:
    """Say which ways of writing a level were taken as one."""
    for name, found in seen.categories.items():
        for level, ways in found.joined.items():
            shown = ", ".join(map(repr, ways))
            yield Suspicion(
                "levels",
                column(found.column),
                f"{shown} were trimmed and joined as the level {level!r}",
                f"{name}.keep_levels_apart = true keeps them apart",
                f"several ways of writing were joined as the level {level!r}",
            )


def words_for_missing(seen: SeenTable) -> Iterator[Suspicion]:
    """Say which levels are a word that elsewhere means missing."""
    for name, found in seen.categories.items():
        if name in seen.declared:
            continue
        counts = found.values.value_counts()
        for level, count in counts.items():
            if str(level).strip().lower() in NO_NUMBERS:
                yield Suspicion(
                    "words",
                    column(found.column),
                    f"{str(level)!r} of {people(int(count), seen.smallest)} people is a level",
                    f"if it means missing, {name}.missing_codes = [{str(level)!r}]",
                )


def few_people(seen: SeenTable) -> Iterator[Suspicion]:
    """Name levels of so few people that nothing can be said of them."""
    for name, found in seen.categories.items():
        counts = found.values.value_counts()
        few = sorted(str(level) for level, count in counts.items() if 0 < count < seen.smallest)
        if few:
            shown = ", ".join(map(repr, few[:5])) + (", ..." if len(few) > 5 else "")
            yield Suspicion(
                "few",
                column(found.column),
                f"fewer than {seen.smallest} people have the level {shown}",
                f"join it with another by {name}.levels",
                f"fewer than {seen.smallest} people have some level: join it by levels",
            )
