"""Cross-tables of a user's table: aggregates in which nobody is found again."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from synthcohort.evaluation.metrics.pairwise_agreement import pairwise_ari
from synthcohort.report.explorer.cluster_profiles import MOST
from synthcohort.report.explorer.distinct_partitions import Distinct

Array = np.ndarray

HIDDEN = -1
_MOST_COMPARED = 600
"""Distinct partitions of which every two are compared: 600 are 180,000 numbers."""


def cross_all(
    distinct: Distinct, known: Array, shown: int, chains: list[list[int]], least: int
) -> dict[str, Any]:
    """Cross what the page compares: partitions with groupings, with the one shown, and in a row.

    Parameters
    ----------
    distinct : Distinct
    known : ndarray of int, shape (N, n_groupings)
        Levels from 1; 0 where missing.
    shown : int
        The distinct partition that the page begins with.
    chains : list of list of int
        Distinct partitions of one cell, by resolution.
    least : int
        Cells of fewer people are hidden.

    Returns
    -------
    dict of str to list of list of int
        By two names such as ``d3|g0`` (distinct partition 3, grouping 0): people, -1 where
        hidden. Clusters beyond the first 20 are left out.
    """
    count = distinct.codes.shape[1]
    pairs = [(f"d{i}|g{j}", i, known[:, j]) for i in range(count) for j in range(known.shape[1])]
    pairs += [(f"d{i}|d{shown}", i, distinct.codes[:, shown]) for i in range(count)]
    neighbours = sorted({(a, b) for chain in chains for a, b in pairwise(chain) if a != b})
    pairs += [(f"d{i}|d{j}", i, distinct.codes[:, j]) for i, j in neighbours]
    return {
        name: suppressed(_crossed(distinct.codes[:, i], other), least).tolist()
        for name, i, other in pairs
    }


def _crossed(one: Array, other: Array) -> Array:
    both = (one > 0) & (other > 0) & (one <= MOST) & (other <= MOST)
    shape = min(int(one.max(initial=0)), MOST), min(int(other.max(initial=0)), MOST)
    cell = (one[both].astype(np.int64) - 1) * shape[1] + other[both] - 1
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)


def suppressed(table: Array, least: int) -> Array:
    """Hide small cells, and further ones from which these could be worked out.

    Parameters
    ----------
    table : ndarray of int, shape (rows, columns)
        People.
    least : int
        Cells with people, but fewer, are hidden. An empty cell names nobody.

    Returns
    -------
    ndarray of int
        -1 where hidden. No row or column has a single hidden cell, if it has another to hide.

    Examples
    --------
    >>> suppressed(np.array([[40, 3, 9], [30, 20, 7]]), 5).tolist()
    [[40, -1, -1], [30, -1, -1]]
    """
    hidden = (table > 0) & (table < least)
    while True:
        before = hidden.sum()
        for lines, marks in ((table, hidden), (table.T, hidden.T)):
            for line, mark in zip(lines, marks, strict=True):
                if mark.sum() == 1:
                    rest = np.where(mark | (line == 0), np.iinfo(np.int64).max, line)
                    smallest = int(rest.argmin())
                    if rest[smallest] < np.iinfo(np.int64).max:
                        mark[smallest] = True
        if hidden.sum() == before:
            return np.where(hidden, HIDDEN, table)


def agreements(distinct: Distinct) -> Array | None:
    """ARI of every two distinct partitions among those whom all of them cluster.

    Returns
    -------
    ndarray of int, shape (D, D), or None
        10,000 (1 + ARI); None of more than 600, or where some individual is in none.
    """
    codes = distinct.codes
    if codes.shape[1] > _MOST_COMPARED or not (codes > 0).all():
        return None
    ari = pairwise_ari(codes.astype(np.int64) - 1)
    return np.round(10_000 * (1 + ari)).astype(np.int64)
