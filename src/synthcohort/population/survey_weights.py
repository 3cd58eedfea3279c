"""Survey weights: how many people each individual stands for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray


def checked_weights(weight: Any, n: int, name: str = "weight") -> Array | None:
    """Return weights as numbers, or None where there are none.

    Parameters
    ----------
    weight : array-like, shape (n,), or None
        Finite numbers from 0, not all of them 0. Only their ratios matter.
    n : int
        Individuals.
    name : str
        What the caller calls them.

    Returns
    -------
    ndarray of float64, shape (n,), or None

    Raises
    ------
    ValueError
        If they are of another length, not numbers, missing, infinite, negative or all 0.

    Examples
    --------
    >>> checked_weights([1, 2], 2)
    array([1., 2.])
    """
    if weight is None:
        return None
    found = np.asarray(weight)
    if found.shape != (n,) or not np.issubdtype(found.dtype, np.number):
        kind = f"of shape {found.shape}" if found.shape != (n,) else "that are no numbers"
        raise ValueError(f"got {name} {kind}, allowed: {n} numbers")
    found = found.astype(np.float64)
    if not np.isfinite(found).all() or (found < 0).any() or found.sum() == 0:
        raise ValueError(f"{name}: allowed are numbers from 0, not all of them 0")
    return found


def mean_one(weight: Array) -> Array:
    """Scale weights to a mean of 1, so that their sum is the number of individuals.

    Examples
    --------
    >>> mean_one(np.array([2.0, 6.0]))
    array([0.5, 1.5])
    """
    return np.asarray(weight / weight.mean())


def same_index(name: str, values: Any, other: str, others: Any) -> None:
    """Raise a ValueError where two Series or DataFrames have different indexes."""
    both = all(isinstance(one, pd.Series | pd.DataFrame) for one in (values, others))
    if both and not values.index.equals(others.index):
        raise ValueError(f"{name} and {other} have different indexes, allowed: equal ones")
