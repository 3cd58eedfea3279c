"""One published figure computed from a table, and its standard error at the source's size."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.fidelity_check.published_figures import Target, names_of

Array = np.ndarray
_QUANTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}


class Evaluated:
    """A table whose expressions are evaluated once, however many figures use them.

    Parameters
    ----------
    frame : DataFrame
        One row a person.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.columns = set(frame.columns)
        self._frame = frame
        self._found: dict[str, Array] = {}

    def __call__(self, expression: str) -> Array:
        """Values of an expression, shape (n,); where one that it mentions is missing, anything."""
        if expression not in self._found:
            value: Any = self._frame.eval(expression, engine="python")
            self._found[expression] = np.asarray(value)
        return self._found[expression]

    def present(self, names: set[str]) -> Array:
        """Whether a person has a value of every variable, shape (n,)."""
        mask = np.ones(len(self._frame), dtype=bool)
        for name in sorted(names):
            key = f"present: {name}"
            if key not in self._found:
                self._found[key] = self._frame[name].notna().to_numpy()
            mask &= self._found[key]
        return mask


def compute(target: Target, table: Evaluated) -> tuple[float, float]:
    """Compute a figure and the standard error that the source's sample gives it.

    Parameters
    ----------
    target : Target
    table : Evaluated
        A person counts where every variable that the figure mentions has a value.

    Returns
    -------
    value, standard_error : float
        Of a share the error is binomial in the published value; of a quantile it is half the
        Woodruff (1952, J Am Stat Assoc 47:635) interval; of an SD it uses the fourth moment.
        Both are missing where nobody counts.
    """
    n, p = target.denominator, target.number / 100
    if target.compute == "missing":
        there = table.present(names_of(target.of))
        return 100 * float(1 - there.mean()), 100 * _binomial(p, n)
    people = table.present(target.names())
    if target.among:
        people = people & table(target.among)
    if target.compute == "valid":
        return n * float(people.mean()), n * _binomial(target.number / n, n)
    values = table(target.of)[people]
    if len(values) == 0:
        return math.nan, math.nan
    if target.compute == "share":
        return 100 * float(values.mean()), 100 * _binomial(p, n)
    values = values.astype(float)
    if target.compute in _QUANTILES:
        return _quantile(values, _QUANTILES[target.compute], n)
    if target.compute == "slope_per_decade":
        return _slope(table("Age")[people] / 10, values, n)
    return _MOMENTS[target.compute](values, n)


def _binomial(p: float, n: int) -> float:
    return math.sqrt(max(p * (1 - p), 0.0) / n)


def _quantile(values: Array, p: float, n: int) -> tuple[float, float]:
    half = _binomial(p, n)
    low, value, high = np.quantile(values, [p - half, p, p + half])
    return float(value), float(high - low) / 2


def _mean(values: Array, n: int) -> tuple[float, float]:
    return float(values.mean()), float(values.std()) / math.sqrt(n)


def _sd(values: Array, n: int) -> tuple[float, float]:
    squares = (values - values.mean()) ** 2
    variance = float(squares.mean())
    fourth = float((squares**2).mean())
    if variance == 0:
        return 0.0, 0.0
    return math.sqrt(variance), math.sqrt(max(fourth - variance**2, 0) / (4 * variance * n))


def _slope(x: Array, y: Array, n: int) -> tuple[float, float]:
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    rest = y - slope * x
    return slope, math.sqrt(float(rest @ rest) / float(x @ x) / n)


_MOMENTS: dict[str, Callable[[Array, int], tuple[float, float]]] = {
    "mean": _mean,
    "sd": _sd,
    "min": lambda values, _: (float(values.min()), 0.0),
    "max": lambda values, _: (float(values.max()), 0.0),
}
