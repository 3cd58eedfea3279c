"""Clinical limits for each individual: the cut-offs of a biomarker, by group where they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from synthcohort.scene.model import Cutoffs

Array = np.ndarray


def group_column(cutoffs: Cutoffs, X: pd.DataFrame) -> str | None:
    """Name the column of X whose categories are the levels of the cut-offs.

    Returns
    -------
    str or None
        None where the cut-offs are the same for everybody.

    Raises
    ------
    ValueError
        If the cut-offs are by level and X has no such column, or more than one.
    """
    levels = next((set(c) for c in (cutoffs.low, cutoffs.high) if isinstance(c, dict)), None)
    if levels is None:
        return None
    fitting = [
        str(name)
        for name, column in X.items()
        if isinstance(column.dtype, pd.CategoricalDtype) and set(column.cat.categories) == levels
    ]
    if len(fitting) == 1:
        return fitting[0]
    words = ", ".join(sorted(levels))
    if fitting:
        raise ValueError(f"the columns {', '.join(fitting)} all have the levels {words}")
    raise ValueError(f"no categorical column with the levels {words}")


def biomarker_columns(X: pd.DataFrame) -> list[str]:
    """Columns of numbers; categorical columns carry groups and are not preprocessed."""
    if not isinstance(X, pd.DataFrame):
        raise ValueError(f"got {type(X).__name__}, allowed: a DataFrame with biomarkers as columns")
    return [str(n) for n, c in X.items() if not isinstance(c.dtype, pd.CategoricalDtype)]


def strata(cutoffs: Cutoffs, X: pd.DataFrame) -> dict[str, Array]:
    """Rows of each level that the cut-offs tell apart; ``""`` holds all rows where none are.

    Returns
    -------
    dict of str to ndarray of bool, shape (N,)
    """
    group = group_column(cutoffs, X)
    if group is None:
        return {"": np.ones(len(X), dtype=bool)}
    if X[group].isna().any():
        raise ValueError(f"column {group!r} has missing values, allowed: a level in every row")
    return {str(level): (X[group] == level).to_numpy() for level in X[group].cat.categories}


def limit(cutoff: float | Mapping[str, float] | None, level: str) -> float | None:
    """Cut-off for one level; None where there is none."""
    return cutoff[level] if isinstance(cutoff, Mapping) else cutoff
