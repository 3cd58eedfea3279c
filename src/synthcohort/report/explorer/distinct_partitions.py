"""The distinct partitions of a run: many cells of the grid find the same one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

Array = np.ndarray

MOST = 65534
"""Clusters that can be told apart; further ones count as one."""


@dataclass(frozen=True, eq=False)
class Distinct:
    """Partitions without their copies.

    Parameters
    ----------
    codes : ndarray of int, shape (N, D)
        A cluster from 1, the largest first; 0 for an individual without one.
    place : dict of str to int
        Column of `codes` of each partition, by name.
    """

    codes: Array
    place: dict[str, int]

    @cached_property
    def sizes(self) -> list[Array]:
        """People of each cluster of each column, those without one left out."""
        return [np.bincount(column)[1:] for column in self.codes.T]


def distinct_among(labels: pd.DataFrame, names: list[str]) -> Distinct:
    """Find the distinct ones among some columns of the labels.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [0, 0, 1], "b": [0, 1, 1], "c": [0, 0, 1]})
    >>> found = distinct_among(table, ["a", "b", "c"])
    >>> found.place, found.codes.T.tolist()
    ({'a': 0, 'b': 1, 'c': 0}, [[1, 1, 2], [1, 2, 2]])
    """
    seen: dict[bytes, int] = {}
    place: dict[str, int] = {}
    columns: list[Array] = []
    for name in names:
        codes = labels[name].astype("Int64").fillna(-1).to_numpy(dtype=np.int64) + 1
        codes = np.minimum(codes, MOST).astype(np.uint16)
        key = codes.tobytes()
        if key not in seen:
            seen[key] = len(columns)
            columns.append(codes)
        place[name] = seen[key]
    stacked = np.column_stack(columns) if columns else np.empty((len(labels), 0), np.uint16)
    return Distinct(stacked, place)
