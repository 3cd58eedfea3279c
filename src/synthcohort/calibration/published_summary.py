"""A table of published summaries: its rows, checked, and what can't be used and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from synthcohort.scene import Problem, SceneError
from synthcohort.scene.problems import nearest

ALL = "all"
QUANTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}
_NEEDED = ("variable", "group", "statistic", "value")
_SHAPES = ("mean", "sd", *QUANTILES)
_THRESHOLDS = ("above", "below")
_KNOWN = (*_SHAPES, *_THRESHOLDS, "correlation", "share", "missing")
_DEFAULT_N = 1000


@dataclass(frozen=True)
class PublishedFigure:
    """One summary of one variable.

    Parameters
    ----------
    variable : str
    level : str
        The level of a group that it is about, or ``all``.
    statistic : str
        ``mean``, ``sd``, ``q1``, ``median``, ``q3``, ``above`` or ``below`` (percent at or above,
        or below, the threshold), ``correlation`` (with `other`).
    value : float
        In the variable's unit; percent for ``above`` and ``below``.
    n : int
        Sample size behind it.
    threshold : float
        Of ``above`` and ``below``, else missing.
    other : str
        The second variable of a correlation.
    """

    variable: str
    level: str
    statistic: str
    value: float
    n: int
    threshold: float
    other: str


@dataclass(frozen=True)
class Summary:
    """All figures of a table.

    Parameters
    ----------
    figures : list of PublishedFigure
    shares : dict of str to dict of str to float
        Share of each level by group; they add up to 1.
    missing : dict of str to float
        Share of missing values by variable.
    units : dict of str to str
    notes : list of str
        Rows that are not used and why, shares that are assumed.
    """

    figures: list[PublishedFigure]
    shares: dict[str, dict[str, float]]
    missing: dict[str, float]
    units: dict[str, str]
    notes: list[str]


def is_summary(frame: pd.DataFrame) -> bool:
    """Whether a table has the columns of a summary rather than a row for each person."""
    return set(_NEEDED) <= set(frame.columns)


def read_summary(frame: pd.DataFrame, source: str = "summary") -> Summary:
    """Check a table of summaries.

    Parameters
    ----------
    frame : DataFrame
        Columns ``variable``, ``group`` (``all`` or the name of a level), ``statistic``,
        ``value``; and where they are needed ``n``, ``threshold``, ``other``, ``unit``. The share
        of a level is a row with the group's name as variable, or with ``<group>_<level>``.
    source : str
        Named in errors.

    Returns
    -------
    Summary

    Raises
    ------
    SceneError
        With every problem: columns that are missing, values out of range.
    """
    absent = [name for name in _NEEDED if name not in frame.columns]
    if absent:
        text = "is not in the table; a summary has variable, group, statistic, value"
        raise SceneError(source, [Problem(f"column {name!r}", text) for name in absent])
    # Line numbers as an editor counts them, the header first.
    rows = [(line, record) for line, record in enumerate(frame.to_dict("records"), start=2)]
    problems = [p for line, record in rows for p in _row_problems(line, record)]
    if problems:
        raise SceneError(source, problems)
    levels = {str(r["group"]) for _, r in rows if str(r["group"]) != ALL}
    figures: list[PublishedFigure] = []
    unused: dict[str, list[int]] = {}
    found: dict[str, dict[str, float]] = {}
    missing: dict[str, float] = {}
    for line, record in rows:
        name, level = str(record["variable"]), str(record["group"])
        statistic, value = str(record["statistic"]), float(record["value"])
        share = _share_of(record, levels)
        if share:
            found.setdefault(share[0], {})[share[1]] = value / 100
        elif statistic == "missing" or (statistic == "percent" and name.endswith("_missing")):
            missing[name.removesuffix("_missing")] = value / 100
        elif statistic in (*_SHAPES, *_THRESHOLDS, "correlation"):
            figures.append(_figure(name, level, statistic, value, record))
        else:
            unused.setdefault(_why(statistic), []).append(line)
    used = {f.variable for f in figures} | {f.other for f in figures if f.other}
    missing = {name: rate for name, rate in missing.items() if name in used}
    shares, more = _complete(found, {f.level for f in figures} - {ALL})
    units = {
        str(r["variable"]): str(r["unit"]) for _, r in rows if _there(r.get("unit")) and r["unit"]
    }
    notes = [
        f"not used, {why}: {len(lines)} rows (lines {', '.join(map(str, lines))})"
        for why, lines in unused.items()
    ]
    return Summary(figures, shares, missing, units, notes + more)


def _figure(
    name: str, level: str, statistic: str, value: float, record: Mapping[Any, Any]
) -> PublishedFigure:
    n = int(record["n"]) if _there(record.get("n")) else _DEFAULT_N
    threshold = float(record["threshold"]) if _there(record.get("threshold")) else math.nan
    other = str(record["other"]) if statistic == "correlation" else ""
    return PublishedFigure(name, level, statistic, value, n, threshold, other)


def _there(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _why(statistic: str) -> str:
    if statistic == "percent":
        return "a percentage needs the statistic above or below and a threshold"
    return f"the statistic has to be one of {', '.join(_KNOWN)}"


def _share_of(record: Mapping[Any, Any], levels: set[str]) -> tuple[str, str] | None:
    """Group and level whose share a row states, if it does."""
    name, level, statistic = (str(record[k]) for k in ("variable", "group", "statistic"))
    if statistic == "share" and level != ALL:
        return name, level
    head, _, tail = name.rpartition("_")
    if statistic in ("percent", "share") and level == ALL and head and tail in levels:
        return head, tail
    return None


def _row_problems(line: int, record: Mapping[Any, Any]) -> Iterator[Problem]:
    place = f"line {line}"
    statistic = str(record["statistic"])
    try:
        value = float(record["value"])
    except (TypeError, ValueError):
        yield Problem(place, f"value: got {record['value']!r}, allowed: a number")
        return
    if not math.isfinite(value):
        yield Problem(place, f"value: got {value}, allowed: a finite number")
    if not _there(record["variable"]) or not _there(record["group"]):
        yield Problem(place, "variable and group: got nothing, allowed: a name and a level or all")
    percent = statistic in (*_THRESHOLDS, "share", "missing", "percent")
    if percent and not 0 <= value <= 100:
        yield Problem(place, f"{statistic}: got {value:g}, allowed: a percentage from 0 to 100")
    if statistic in _THRESHOLDS and not 0 < value < 100:
        yield Problem(place, f"{statistic}: got {value:g}, allowed: strictly between 0 and 100")
    if statistic in _THRESHOLDS and not _there(record.get("threshold")):
        yield Problem(place, f"threshold: got nothing, allowed: a number for {statistic!r}")
    if statistic == "sd" and value <= 0:
        yield Problem(place, f"sd: got {value:g}, allowed: above 0")
    if statistic == "correlation":
        if not -1 < value < 1:
            yield Problem(place, f"correlation: got {value:g}, allowed: between -1 and 1")
        if not _there(record.get("other")):
            yield Problem(place, "other: got nothing, allowed: the second variable")
    known = (*_KNOWN, "percent", "n", "min", "max")
    if statistic not in known:
        yield Problem(place, f"statistic: got {statistic!r}; {nearest(statistic, _KNOWN)}")
    if _there(record.get("n")) and not float(record["n"]) >= 1:
        yield Problem(place, f"n: got {record['n']:g}, allowed: 1 or more")


def _complete(
    found: dict[str, dict[str, float]], levels: set[str]
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Shares that add up to 1, with those of levels that no row states assumed equal."""
    notes = []
    known = {level for row in found.values() for level in row}
    unknown = sorted(levels - known)
    if unknown:
        found = {**found, "group": dict.fromkeys(unknown, 1 / len(unknown))}
        notes.append(f"assumed: equal shares of {', '.join(unknown)}; no row states them")
    shares = {}
    for group, row in found.items():
        total = sum(row.values())
        if len(row) == 1:
            notes.append(f"{group} is not used: one level only, {', '.join(row)}")
            continue
        shares[group] = {level: share / total for level, share in row.items()}
        if abs(total - 1) > 0.005:
            notes.append(f"assumed: the shares of {group} add up to 1; as given they are {total:g}")
    return shares, notes
