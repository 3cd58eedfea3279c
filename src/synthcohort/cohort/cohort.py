"""Who is clustered: a generated population or a user's table, in one form."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from synthcohort.population import Population
from synthcohort.scene import Scene


@dataclass(frozen=True)
class Cohort:
    """The individuals of a run, and what is known about them.

    Parameters
    ----------
    scene : Scene
        Names, units, cut-offs and levels of the columns, and the experiment.
    X : DataFrame, shape (N, p)
        Biomarkers, missing values as NaN; the index is the individuals' id.
    groups : DataFrame, shape (N, n_groups)
        Categorical columns that a researcher sees; cut-offs may depend on them.
    known : DataFrame, shape (N, n_known)
        Categorical columns that partitions are compared with.
    weight : Series, shape (N,), optional
        Survey weights with mean 1; None where everybody counts the same.
    population : Population, optional
        What was generated; None for a user's table, of which no truth is known.
    notes : list of str
        What a reader has to know about the individuals, in sentences.
    doubts : list of str
        What is suspicious about a user's table; also in the notes.
    missing : DataFrame
        Columns variable, reason, count: why values of a user's table are missing.
    codes : dict of str to dict of str to str
        By group: the codes that levels have in a user's table.
    smallest : int, default 5
        No output on a user's table counts fewer people than this.
    """

    scene: Scene
    X: pd.DataFrame
    groups: pd.DataFrame
    known: pd.DataFrame
    weight: pd.Series | None = None
    population: Population | None = None
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    missing: pd.DataFrame = field(default_factory=pd.DataFrame)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    smallest: int = 5

    @property
    def synthetic(self) -> bool:
        """Whether the individuals were generated."""
        return self.population is not None


def cohort_of(population: Population) -> Cohort:
    """Take a generated population as the cohort of a run."""
    return Cohort(
        population.scene,
        population.X,
        population.groups,
        population.known,
        population.weight,
        population,
    )
