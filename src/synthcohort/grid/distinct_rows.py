"""Whether a preprocessed matrix has as many distinct rows as it is to have clusters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from synthcohort.grid.plan import Analysis
from synthcohort.results.partition_keys import Cell
from synthcohort.scene import Problem

_LOOKED_AT = 1000


def too_few_rows(a: Analysis, cells: Iterable[Cell], values: np.ndarray) -> Iterator[Problem]:
    """Name the problem of an analysis whose data can't have the largest k of its cells."""
    ks = [c.k for c in cells if c.analysis == a.name and c.base != "hdbscan"]  # no clusters there
    largest = max(ks, default=0)
    found = len(np.unique(values[:_LOOKED_AT], axis=0))  # enough nearly always, sorting all is slow
    if found < largest:
        found = len(np.unique(values, axis=0))
    if found < largest:
        message = f"got k = {largest} for {a.title}, allowed: at most its {found} distinct rows"
        yield Problem("experiment.base", message)
