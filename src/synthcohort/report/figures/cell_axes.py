"""The axis on which cells of the grid stand apart: base clusterer and k, never k alone."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class CellAxis:
    """Labels of base clusterer and k for the rows of a table.

    Parameters
    ----------
    labels : list of str
        A row each; k alone where all rows are of one clusterer.
    order : list of str
        Each label once: clusterers as they come, and k ascending within each.
    title : str
        Of the axis.
    """

    labels: list[str]
    order: list[str]
    title: str


def cell_axis(table: pd.DataFrame) -> CellAxis:
    """Label the cells of a table that has the columns ``base``, in words, and ``k``.

    Examples
    --------
    >>> cell_axis(pd.DataFrame({"base": ["k-means", "k-means"], "k": [16, 2]})).order
    ['2', '16']
    >>> cell_axis(pd.DataFrame({"base": ["k-means", "Ward"], "k": [3, 3]})).labels
    ['k-means 3', 'Ward 3']
    """
    bases = list(dict.fromkeys(table["base"]))
    several = len(bases) > 1

    def label(base: str, k: int) -> str:
        return f"{base} {k}" if several else str(k)

    cells = sorted(
        set(zip(table["base"], table["k"], strict=True)), key=lambda c: (bases.index(c[0]), c[1])
    )
    return CellAxis(
        [label(base, k) for base, k in zip(table["base"], table["k"], strict=True)],
        [label(*cell) for cell in cells],
        "base clusterer and k" if several else "base k",
    )
