"""Counts of real people that are too small to be shown."""

from __future__ import annotations

import pandas as pd

from synthcohort.report.sentences.wording import counted
from synthcohort.results.findings import Findings

FEWEST = 5
"""People of a user's table that a cell must have to be shown."""


def fewest(findings: Findings) -> int:
    """People that a cell must have: any of a synthetic population, 5 of a user's table."""
    return 1 if findings.synthetic else FEWEST


def named_levels(values: pd.Series, least: int) -> tuple[pd.Series, str]:
    """Count the people of each level that may be named.

    Parameters
    ----------
    values : Series
        A grouping.
    least : int
        People that a level must have to be named.

    Returns
    -------
    counts : Series of int
        By level.
    unnamed : str
        Words for the others; empty without any.

    Examples
    --------
    >>> counts, unnamed = named_levels(pd.Series(["a"] * 6 + ["b", "c"]), 5)
    >>> counts.to_dict(), unnamed
    ({'a': 6}, '2 levels of fewer than 5')
    """
    counts = values.value_counts(sort=False)
    few = int((counts.between(1, least - 1)).sum())
    words = f"{counted(few, 'level')} of fewer than {least}" if few else ""
    return counts[(counts == 0) | (counts >= least)], words


def notes_without_names(findings: Findings) -> list[str]:
    """Return the notes of a run; of a user's table without the names of levels of few people."""
    least = fewest(findings)
    notes = list(findings.notes)
    for _, values in findings.people.truths.items():
        counts = values.astype(str).value_counts()
        for level in counts[counts < least].index:
            notes = [note.replace(repr(str(level)), "(not named here)") for note in notes]
    return notes
