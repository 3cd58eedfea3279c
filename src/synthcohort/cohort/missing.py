"""Missing values of a cohort: counted by reason, and as groupings that may be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from synthcohort.cohort.words import people

_SHOWN = 3


def by_reason(whys: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Count missing values by reason.

    Parameters
    ----------
    whys : mapping of str to Series, shape (N,)
        By variable: the reason of each missing value, NaN where there is a value.

    Returns
    -------
    DataFrame
        Columns variable, reason, count; the most frequent reasons of a variable first.
    """
    rows = [
        {"variable": name, "reason": str(reason), "count": int(count)}
        for name, why in whys.items()
        for reason, count in why.dropna().value_counts().items()
    ]
    return pd.DataFrame(rows, columns=["variable", "reason", "count"])


def reasons_text(table: pd.DataFrame, name: str, smallest: int) -> str:
    """Write the reasons of one variable.

    Examples
    --------
    >>> table = pd.DataFrame({"variable": ["a", "a"], "reason": ["Refused", "empty"],
    ...                       "count": [12, 2]})
    >>> reasons_text(table, "a", 5)
    'Refused: 12, empty: fewer than 5'
    """
    own = table[table["variable"] == name]
    return ", ".join(
        f"{row['reason']}: {people(row['count'], smallest)}" for row in own.to_dict("records")
    )


def missing_note(table: pd.DataFrame, smallest: int) -> Iterator[str]:
    """Say how many values are missing for which reason."""
    names = table["variable"].drop_duplicates()
    parts = [f"{name} ({reasons_text(table, name, smallest)})" for name in names]
    if parts:
        yield f"Missing values by reason: {'; '.join(parts)}."


def missing_groupings(
    X: pd.DataFrame,
    beyond: pd.DataFrame,
    chosen: Sequence[str],
    impute: bool,
    smallest: int,
) -> pd.DataFrame:
    """Say of everybody whose values are missing, imputed or beyond a detection limit.

    Parameters
    ----------
    X : DataFrame, shape (N, p)
        Biomarkers, NaN where missing.
    beyond : DataFrame of bool, shape (N, q)
        By biomarker: whether a value is beyond a detection limit.
    chosen : sequence of str
        Biomarkers that are clustered.
    impute : bool
        Whether their missing values are imputed; else people with any are left out.
    smallest : int
        A grouping has at least so many people on either side among those who are clustered.

    Returns
    -------
    DataFrame of categorical columns, shape (N, number of groupings)
        Variables that are missing for the same people are one grouping.
    """
    gaps = X.isna()
    there = ~gaps[list(chosen)]
    rows = (there.any(axis=1) if impute else there.all(axis=1)).to_numpy()
    found: dict[str, tuple[np.ndarray, str, str]] = {}
    patterns: dict[bytes, list[str]] = {}
    for name in X:
        patterns.setdefault(np.packbits(gaps[name].to_numpy()).tobytes(), []).append(str(name))
    for names in patterns.values():
        imputed = impute and set(names) <= set(chosen)
        words = ("measured", "imputed") if imputed else ("there", "missing")
        found[f"{_several(names)} {words[1]}"] = (gaps[names[0]].to_numpy(), *words)
    if impute and len(patterns) > 1:
        found["anything imputed"] = (gaps[list(chosen)].any(axis=1).to_numpy(), "no", "yes")
    for name in beyond:
        found[f"{name} beyond detection"] = (beyond[name].to_numpy(), "measured", "beyond")
    columns = {
        name: pd.Series(pd.Categorical.from_codes(hit.astype(int), pd.Index(words)), index=X.index)
        for name, (hit, *words) in found.items()
        if min(hit[rows].sum(), (~hit[rows]).sum()) >= smallest
    }
    return pd.DataFrame(columns, index=X.index)


def _several(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
