"""Every row of a reference against a table: target, got, difference, met or not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from synthcohort.fidelity_check.figure_statistics import Evaluated, compute
from synthcohort.fidelity_check.published_figures import Target, names_of

WITHIN = 2.0
"""A figure is met within this many standard errors of the source, or within its rounding."""


def compare(frame: pd.DataFrame, targets: Iterable[Target]) -> pd.DataFrame:
    """Compare a table with published figures.

    Parameters
    ----------
    frame : DataFrame
        One row a person: biomarkers, groups and covariates as columns.
    targets : iterable of Target

    Returns
    -------
    DataFrame
        One row a target, in their order: ``row``, ``variable``, ``group``, ``statistic``,
        ``target``, ``got``, ``difference_se`` (in standard errors of the source's own sample
        size), ``status`` (``met``, ``not met``, ``not used``), ``why`` (of rows not used),
        ``assumed`` (what the source leaves open), ``unit``, ``source``.
    """
    table = Evaluated(frame)
    return pd.DataFrame([_row(table, target) for target in targets])


def _row(table: Evaluated, target: Target) -> dict[str, object]:
    why = target.not_used or _absent(table, target)
    row: dict[str, object] = {
        "row": target.row,
        "variable": target.variable,
        "group": target.group,
        "statistic": target.statistic,
        "target": target.number,
        "got": np.nan,
        "difference_se": np.nan,
        "status": "not used",
        "why": why,
        "assumed": target.assumed,
        "unit": target.unit,
        "source": target.source,
    }
    if why:
        return row
    got, error = compute(target, table)
    difference = got - target.number
    row["got"] = got
    row["difference_se"] = _ratio(difference, error)
    # Half a digit is counted with a hair more, for figures that are exactly in between.
    allowed = max(WITHIN * error, target.rounding * (1 + 1e-9)) if error else 0.0
    row["status"] = "met" if abs(difference) <= allowed else "not met"
    return row


def _ratio(difference: float, error: float) -> float:
    if difference == 0:
        return 0.0
    return difference / error if error else math.copysign(math.inf, difference)


def _absent(table: Evaluated, target: Target) -> str:
    absent = sorted(target.names() - table.columns)
    return f"the table has no {', '.join(absent)}" if absent else ""


def counts(compared: pd.DataFrame) -> dict[str, int]:
    """Count the rows: usable, met, not met, not used; of the met and not met those assumed.

    Parameters
    ----------
    compared : DataFrame
        As `compare` returns it.
    """
    status = compared["status"]
    used = compared["status"] != "not used"
    assumed = used & (compared["assumed"] != "")
    return {
        "usable": int(used.sum()),
        "met": int((status == "met").sum()),
        "not met": int((status == "not met").sum()),
        "not used": int((~used).sum()),
        "usable with an assumption": int(assumed.sum()),
        "met with an assumption": int((assumed & (status == "met")).sum()),
    }


def unconstrained(targets: Sequence[Target], names: Sequence[str]) -> pd.DataFrame:
    """Tell what a reference says about each biomarker's shape, and what it leaves open.

    Parameters
    ----------
    targets : sequence of Target
    names : sequence of str
        Biomarkers.

    Returns
    -------
    DataFrame
        ``biomarker``, ``figures`` (number of usable ones that it enters), ``of it alone`` (of
        them), ``constrained by`` (their statistics), ``location``, ``spread``
        (``constrained``, ``only together with others`` or ``not constrained``).
    """
    shapes = [t for t in targets if not t.not_used and t.compute in _SHAPES]
    rows = []
    for name in names:
        joint = [t for t in shapes if name in names_of(t.of)]
        alone = [t for t in joint if not names_of(t.of) & (set(names) - {name})]
        rows.append(
            {
                "biomarker": name,
                "figures": len(joint),
                "of it alone": len(alone),
                "constrained by": ", ".join(sorted({t.compute for t in joint})),
                "location": _constrained(bool(joint), bool(alone)),
                "spread": _constrained(_two(joint), _two(alone)),
            }
        )
    return pd.DataFrame(rows)


def _two(targets: Sequence[Target]) -> bool:
    """Whether there is an SD, or two different figures of the same people: they pin a spread."""
    figures = {(t.compute, t.of, t.among) for t in targets}
    people = [among for *_, among in figures]
    return any(t.compute == "sd" for t in targets) or len(people) > len(set(people))


def _constrained(joint: bool, alone: bool) -> str:
    if alone:
        return "constrained"
    return "only together with others" if joint else "not constrained"


_SHAPES = {"mean", "sd", "median", "q1", "q3", "share", "slope_per_decade"}
