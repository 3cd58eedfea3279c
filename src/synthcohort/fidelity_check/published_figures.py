"""Published figures as data: what each row says, and how it is computed from a table."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Target:
    """One published figure.

    Parameters
    ----------
    row : int
        Line in the reference table, from 2.
    variable, unit, group, statistic, wave, population, source, note : str
        As published.
    value : str
        As printed, so that its rounding is known.
    compute : str
        ``mean``, ``sd``, ``median``, ``q1``, ``q3``, ``min``, ``max``, ``share`` (percent of
        those with a value for whom `of` holds), ``missing`` (percent), ``valid`` (number with a
        value), ``slope_per_decade`` (on Age). Empty where the row is not used.
    of : str
        A variable, a formula of variables, or for ``share`` a condition.
    among : str
        Condition of the people it is about; empty is everybody.
    denominator : int
        Sample size behind the figure; 0 where the row is not used.
    assumed : str
        What the source leaves open and is assumed here; empty where nothing is.
    not_used : str
        Why the row is not used; empty where it is.
    """

    row: int
    variable: str
    unit: str
    group: str
    statistic: str
    value: str
    wave: str
    population: str
    source: str
    note: str
    compute: str
    of: str
    among: str
    denominator: int
    assumed: str
    not_used: str

    @property
    def number(self) -> float:
        """The published value."""
        return float(self.value)

    @property
    def rounding(self) -> float:
        """Half a unit of the last digit printed."""
        decimals = len(self.value.partition(".")[2])
        return float(0.5 * 10**-decimals)

    def names(self) -> set[str]:
        """Variables that the figure is computed from."""
        return names_of(self.of) | names_of(self.among)


def names_of(expression: str) -> set[str]:
    """Variables that an expression mentions.

    Examples
    --------
    >>> sorted(names_of("Weight / (Height / 100) ** 2 > 30"))
    ['Height', 'Weight']
    """
    if not expression:
        return set()
    return {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}


def haalsi_wave1() -> list[Target]:
    """Read the published aggregate figures of HAALSI; every row has its source.

    Examples
    --------
    >>> rows = haalsi_wave1()
    >>> len(rows), sum(not row.not_used for row in rows)
    (240, 119)
    """
    file = files("synthcohort.fidelity_check") / "haalsi_wave1.csv"
    with file.open(encoding="utf-8") as opened:
        table = pd.read_csv(opened, dtype=str, keep_default_na=False)
    return [_target(record) for record in table.to_dict("records")]


def _target(record: Mapping[Any, Any]) -> Target:
    texts = {k: str(v) for k, v in record.items() if k not in ("row", "denominator")}
    return Target(row=int(record["row"]), denominator=int(record["denominator"] or 0), **texts)
