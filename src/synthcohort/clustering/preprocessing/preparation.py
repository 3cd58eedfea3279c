"""One table through one preprocessing, with or without whitening, ready for clustering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.clustering.preprocessing.registry import PREPROCESSINGS
from synthcohort.clustering.preprocessing.whitening import Whitening
from synthcohort.scene.model import Cutoffs
from synthcohort.scene.problems import nearest

Array = np.ndarray


@dataclass(frozen=True)
class Prepared:
    """A preprocessed matrix.

    Parameters
    ----------
    values : ndarray of float, shape (N, q)
        What is clustered: preprocessed columns, or components after whitening.
    columns : list of str
        Biomarkers that went in.
    dropped : list of str
        Biomarkers that were constant after the preprocessing and were left out.
    clinical : bool
        Whether the groups that cut-offs depend on went in too.
    steps : tuple
        The fitted transformers: preprocessing, and whitening if asked.
    """

    values: Array
    columns: list[str]
    dropped: list[str]
    clinical: bool
    steps: tuple[Any, ...]

    def apply(self, X: pd.DataFrame, groups: pd.DataFrame) -> Array:
        """Preprocess other individuals in the same way, shape (M, q)."""
        first, *rest = self.steps
        table = pd.concat([X, groups], axis=1) if self.clinical else X
        values = np.asarray(first.transform(table), dtype=np.float64)
        kept = [i for i, name in enumerate(X.columns) if name in self.columns]
        values = values[:, kept]
        for step in rest:
            values = step.transform(values)
        return values


def prepare(
    X: pd.DataFrame,
    name: str,
    whiten: bool,
    cutoffs: Mapping[str, Cutoffs],
    groups: pd.DataFrame,
    min_share: float = 0.0,
) -> Prepared:
    """Preprocess biomarkers, drop constant columns, whiten if asked.

    Parameters
    ----------
    X : DataFrame, shape (N, p)
        Biomarkers without missing values, in their own units.
    name : str
        A key of `PREPROCESSINGS`.
    whiten : bool
    cutoffs : mapping of str to Cutoffs
        By biomarker.
    groups : DataFrame, shape (N, n_groups)
        Categorical columns that cut-offs may depend on.
    min_share : float, default 0.0
        As in `Whitening`.

    Returns
    -------
    Prepared

    Raises
    ------
    ValueError
        If the name is unknown, X has missing values, or no column is left.
    """
    if name not in PREPROCESSINGS:
        raise ValueError(f"got the preprocessing {name!r}; {nearest(name, PREPROCESSINGS)}")
    missing = int(X.isna().any(axis=1).sum())
    if missing:
        raise ValueError(f"{missing} rows have missing values, allowed: complete cases only")
    chosen = PREPROCESSINGS[name]
    table = pd.concat([X, groups], axis=1) if chosen.clinical else X
    steps = [chosen.make(cutoffs)]
    values = np.asarray(steps[0].fit_transform(table), dtype=np.float64)
    varies = values.max(axis=0) > values.min(axis=0)
    columns = [str(c) for c, keep in zip(X.columns, varies, strict=True) if keep]
    dropped = [str(c) for c, keep in zip(X.columns, varies, strict=True) if not keep]
    if not columns:
        raise ValueError(f"every column is constant after {name!r}: nothing to cluster")
    values = values[:, varies]
    if whiten:
        steps.append(Whitening(min_share))
        values = steps[1].fit_transform(values)
    values = np.ascontiguousarray(values)
    return Prepared(values, columns, dropped, chosen.clinical, tuple(steps))
