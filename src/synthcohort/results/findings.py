"""What a run found: who was clustered, its tables, what it chose, and what a reader must know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from synthcohort.results.tables import Tables
from synthcohort.scene.model import Scene


@dataclass(frozen=True)
class Individuals:
    """Who was clustered; all tables have the individuals' ids as index.

    Parameters
    ----------
    biomarkers : DataFrame, shape (N, p)
        All biomarkers of the scene or the table.
    metadata : DataFrame, N rows
        Visible groups.
    truths : DataFrame, N rows
        Every known grouping: groups, visible or hidden, and tertiles of factors. Of a user's
        table they are groups to compare with.
    weight : Series, optional
        Survey weights; None where everybody counts the same.
    """

    biomarkers: pd.DataFrame
    metadata: pd.DataFrame
    truths: pd.DataFrame
    weight: pd.Series | None = None


@dataclass(frozen=True)
class Findings:
    """What a run found.

    Parameters
    ----------
    scene : Scene
        The resolved scene.
    individuals : callable that returns Individuals
        Called when they are asked for first, by `people`: the folder of a run on a user's
        table may not hold them.
    tables : Tables
        Empty when nothing was clustered.
    verdict : dict, optional
        What the null test says of the individuals: word ("groups", "a gradient", "nothing more
        than correlation", "cannot tell"), p_value, references, individuals, the strongest
        statistic and its excess in SDs, the separation that would have been seen, and what
        groups and a gradient explain. None where it was not asked.
    choice : dict, optional
        What the rule picks without the truth: partition (None for "no clusters"), p_value,
        n_clusters, agreement, certainty, expected, model. None where it was not asked.
    complete : dict, optional
        The verdict on complete cases only: word, p_value, references, individuals, and the
        word for as many individuals drawn from everybody (`as_many`) where the words differ.
        None where nothing was imputed.
    notes : list of str
        What a reader has to know, in sentences.
    synthetic : bool
        Whether the individuals were generated; False for a user's own table, of which
        nobody knows the truth.
    manifest : dict
        Provenance: versions, platform, timings, scene hash.
    """

    scene: Scene
    individuals: Callable[[], Individuals]
    tables: Tables = field(default_factory=Tables)
    verdict: dict[str, Any] | None = None
    rivals: pd.DataFrame = field(default_factory=pd.DataFrame)
    choice: dict[str, Any] | None = None
    complete: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    synthetic: bool = True
    manifest: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def people(self) -> Individuals:
        """Who was clustered."""
        return self.individuals()

    @property
    def size(self) -> int:
        """Number of individuals."""
        return self.scene.size

    @property
    def seed(self) -> int:
        """Seed of the population, or of all that is drawn for a user's table."""
        return self.scene.seed

    @property
    def clustered(self) -> bool:
        """Whether anything was."""
        return not self.tables.labels.empty

    def with_tables(self, **tables: pd.DataFrame) -> Findings:
        """Return the same findings with other tables in the place of some."""
        return replace(self, tables=self.tables.replaced(**tables))
