"""What a suspicion is, and what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from synthcohort.cohort.category_levels import Categories
from synthcohort.cohort.numeric_values import Numbers
from synthcohort.scene import Problem

DOUBTFUL = "Doubtful: "
"""How a note begins that was said as a warning before the work began."""


@dataclass(frozen=True)
class Suspicion:
    """Something in a table that was probably not meant, though it can be used.

    Parameters
    ----------
    kind : str
        The key of its function in the registry.
    place : str
        The column.
    message : str
        What was found, in how many people.
    way_out : str
        The setting that settles it.
    gist : str
        The message without any level or value that few people have; empty where it has none.
    """

    kind: str
    place: str
    message: str
    way_out: str = ""
    gist: str = ""

    def __str__(self) -> str:
        """Return the one line that a user reads."""
        return f"{self.place}: {self.message}{f' ({self.way_out})' if self.way_out else ''}"

    @property
    def note(self) -> str:
        """The sentence that a page has."""
        return f"{DOUBTFUL}{self}."

    def problem(self, source: str) -> Problem:
        """Return it as a fault of a table, for those who want none."""
        ways = [self.way_out] if self.way_out else []
        ways.append(f'or accept = ["{self.kind}"]')
        text = f"{self.message}; strict allows no doubt: {', '.join(ways)}"
        return Problem(self.place, text, source)


@dataclass(frozen=True)
class SeenTable:
    """The columns of a table that are used, as they were understood.

    Parameters
    ----------
    numbers : mapping of str to Numbers
        Biomarkers and covariates, by their name in the settings.
    biomarkers : list of str
        Those that are clustered.
    categories : mapping of str to Categories
        Groups.
    weight : Series, optional
    weight_column : str
    units : mapping of str to str
        Of numbers, where known.
    labels : mapping of str to str
        Labels of numbers, where there are any.
    declared : frozenset of str
        Groups whose levels the settings name.
    limits_declared : frozenset of str
        Numbers for which the settings say what a value beyond a detection limit counts as.
    whitened : bool
        Whether all components are whitened in some analysis.
    smallest : int
        Fewer people than this are not counted.
    """

    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    biomarkers: list[str] = field(default_factory=list)
    categories: Mapping[str, Categories] = field(default_factory=dict)
    weight: pd.Series | None = None
    weight_column: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    limits_declared: frozenset[str] = frozenset()
    whitened: bool = False
    smallest: int = 5


def column(name: str) -> str:
    """Return the place of a column."""
    return f"column {name!r}"
