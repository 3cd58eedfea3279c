"""Suspicions about a table, said before any fit: one function each, all in one registry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from synthcohort.cohort.suspicions.distributions import far_weights, heaping
from synthcohort.cohort.suspicions.levels import few_people, joined_levels, words_for_missing
from synthcohort.cohort.suspicions.limits import beyond_detection, labelled_numbers
from synthcohort.cohort.suspicions.near_dependence import dependence
from synthcohort.cohort.suspicions.suspicion import DOUBTFUL, SeenTable, Suspicion
from synthcohort.cohort.suspicions.undeclared_codes import codes
from synthcohort.cohort.suspicions.units import impossible

__all__ = ["DOUBTFUL", "KINDS", "SUSPICIONS", "SeenTable", "Suspicion", "suspicions"]

SUSPICIONS: tuple[Callable[[SeenTable], Iterator[Suspicion]], ...] = (
    codes,
    impossible,
    beyond_detection,
    labelled_numbers,
    joined_levels,
    words_for_missing,
    few_people,
    far_weights,
    heaping,
    dependence,
)

KINDS = (
    *("codes", "units", "detection", "top", "labels"),
    *("levels", "words", "few", "weights", "heaping", "dependence"),
)
"""What a settings file can accept."""


def suspicions(seen: SeenTable, accepted: Collection[str] = ()) -> list[Suspicion]:
    """Return every suspicion of a kind that is not accepted."""
    return [one for look in SUSPICIONS for one in look(seen) if one.kind not in accepted]
