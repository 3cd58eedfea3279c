"""The keys of a run's tables: a cell of the grid, and a partition that was found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from synthcohort.scene.numbers import shortest


@dataclass(frozen=True, order=True)
class Cell:
    """One consensus clustering: an analysis with one base clusterer and k.

    Parameters
    ----------
    analysis : str
        Name of the analysis that was run, such as ``zscore+whitened``.
    base : str
        Name of the base clusterer, such as ``kmeans``.
    k : int
        The base clusterer's number, such as that of clusters.
    """

    COLUMNS: ClassVar[list[str]] = ["analysis", "base", "k"]
    """Columns of a table that name a cell; the same k of two clusterers is two cells."""

    analysis: str
    base: str
    k: int

    @classmethod
    def of(cls, row: Mapping[str, Any] | Any) -> Cell:
        """Read the cell of one row of a table."""
        return cls(str(row["analysis"]), str(row["base"]), int(row["k"]))

    @property
    def name(self) -> str:
        """Such as ``zscore.kmeans8``."""
        return f"{self.analysis}.{self.base}{self.k}"

    @property
    def values(self) -> dict[str, Any]:
        """Values of the columns that name the cell."""
        return {"analysis": self.analysis, "base": self.base, "k": self.k}

    def at(self, resolution: float) -> PartitionKey:
        """Key of the partition at a resolution."""
        return PartitionKey(self, resolution)


@dataclass(frozen=True, order=True)
class PartitionKey:
    """One partition of a run: a cell at one resolution.

    Parameters
    ----------
    cell : Cell
    resolution : float
        Of the modularity that the partition maximises.

    Examples
    --------
    >>> Cell("zscore", "kmeans", 8).at(0.5).name
    'zscore.kmeans8.r0.5'
    """

    COLUMNS: ClassVar[list[str]] = [*Cell.COLUMNS, "resolution"]
    """Columns of a table that name a partition."""

    cell: Cell
    resolution: float

    @classmethod
    def of(cls, row: Mapping[str, Any] | Any) -> PartitionKey:
        """Read the partition of one row of a table."""
        return cls(Cell.of(row), float(row["resolution"]))

    @property
    def name(self) -> str:
        """Column of the partition in the labels, such as ``zscore.kmeans8.r0.5``."""
        return f"{self.cell.name}.r{shortest(self.resolution)}"

    @property
    def values(self) -> dict[str, Any]:
        """Values of the columns that name the partition."""
        return self.cell.values | {"resolution": self.resolution}
