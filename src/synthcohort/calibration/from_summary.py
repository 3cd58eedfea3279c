"""A scene from published summaries alone, and what they do not pin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.calibration.calibrated_scene import Calibration, rounded
from synthcohort.calibration.marginals import CrossedGroups, Marginal, solve
from synthcohort.calibration.published_correlations import Within, slopes, within_groups
from synthcohort.calibration.published_summary import PublishedFigure, Summary, read_summary
from synthcohort.scene import Problem, SceneError, load_scene

_CLOSE = 0.01


@dataclass(frozen=True)
class FromSummary:
    """A scene from summaries.

    Parameters
    ----------
    calibration : Calibration
    figures : DataFrame
        ``variable``, ``group``, ``statistic``, ``target``, ``implied``: what the scene's
        parameters give for every figure.
    """

    calibration: Calibration
    figures: pd.DataFrame


def calibrate_summary(
    frame: pd.DataFrame, name: str = "calibrated", digits: int = 6, source: str = "summary"
) -> FromSummary:
    """Make a scene that has given means, SDs, quantiles, prevalences and correlations.

    Each variable is normal (or log-normal where its quartiles or its SD say so) within groups,
    with shifts, and SDs where figures tell them apart, by level; groups are independent.
    Correlations become slopes.

    Parameters
    ----------
    frame : DataFrame
        See `read_summary`.
    name : str
        Of the scene.
    digits : int, default 6
        Significant digits of every parameter.
    source : str
        Named in errors.

    Returns
    -------
    FromSummary

    Raises
    ------
    SceneError
        With every problem: rows that can't be read, correlations that are impossible.
    """
    summary = read_summary(frame, source)
    pairs = [f for f in summary.figures if f.statistic == "correlation"]
    single = [f for f in summary.figures if f.statistic != "correlation"]
    by_name = {f.variable: [g for g in single if g.variable == f.variable] for f in single}
    _check(by_name, pairs, source)
    linked = {name for f in pairs for name in (f.variable, f.other)}
    marginals = {n: solve(own, summary.shares, n not in linked) for n, own in by_name.items()}
    within = within_groups(pairs, marginals, CrossedGroups.of(summary.shares), source)
    scene = _scene(name, summary, marginals, within, digits)
    notes = [*summary.notes, *_notes(marginals, within, by_name, summary)]
    return FromSummary(Calibration(load_scene(scene), notes), _figures(by_name, marginals))


def _check(
    by_name: dict[str, list[PublishedFigure]], pairs: list[PublishedFigure], source: str
) -> None:
    problems = []
    if not by_name:
        message = "got no mean, SD, quantile or prevalence, allowed: at least one"
        problems.append(Problem("statistic", message))
    for f in pairs:
        place = f"correlation of {f.variable} and {f.other}"
        if f.variable == f.other:
            problems.append(Problem(place, "is of a variable with itself"))
        problems += [
            Problem(place, f"{name} has no other figure, so it has no mean and no SD")
            for name in dict.fromkeys((f.variable, f.other))
            if name not in by_name
        ]
        if f.level != "all":
            problems.append(Problem(place, f"got {f.level!r}, allowed: correlations of all"))
    if problems:
        raise SceneError(source, problems)


def _scene(
    name: str, summary: Summary, marginals: dict[str, Marginal], within: Within, digits: int
) -> dict[str, object]:
    sd = np.array([marginals[n].sd for n in within.names])
    slope, noise = slopes(within, sd)
    linked = {n: (s, e) for n, s, e in zip(within.names, slope, noise, strict=True)}
    biomarkers = {}
    for n, marginal in marginals.items():
        on, left = linked.get(n, ({}, marginal.sd))
        biomarkers[n] = {
            "unit": summary.units.get(n, ""),
            "baseline": rounded(marginal.baseline, digits),
            "shift": _own_shift(marginal, on, marginals, summary.shares, digits),
            "slopes": {other: rounded(value, digits) for other, value in on.items()},
            "noise": rounded(float(left), digits),
            "spread": {
                g: {lv: rounded(v, digits) for lv, v in row.items()}
                for g, row in marginal.spread.items()
            },
            "measurement": {"scale": "log"} if marginal.log else {},
        }
    return {
        "name": name,
        "description": "Calibrated to a table of published summaries.",
        "groups": {g: {"probabilities": _exact(row)} for g, row in summary.shares.items()},
        "biomarkers": biomarkers,
        "missing": {
            f"no_{n}": {"variables": [n], "rate": rounded(rate, digits)}
            for n, rate in summary.missing.items()
            if 0 < rate < 1
        },
    }


def _exact(row: dict[str, float]) -> dict[str, float]:
    """Shares that add up to 1 in their last digit: the last level takes what is left."""
    *first, last = row
    found = {level: round(row[level], 6) for level in first}
    return {**found, last: round(1 - sum(found.values()), 6)}


def _own_shift(
    marginal: Marginal,
    on: dict[str, float],
    marginals: dict[str, Marginal],
    shares: dict[str, dict[str, float]],
    digits: int,
) -> dict[str, dict[str, float]]:
    """Shift less what arrives through the slopes."""
    found: dict[str, dict[str, float]] = {}
    for group, row in shares.items():
        values = {
            level: marginal.shift.get(group, {}).get(level, 0.0)
            - sum(b * marginals[o].shift.get(group, {}).get(level, 0.0) for o, b in on.items())
            for level in row
        }
        if any(values.values()):
            found[group] = {level: rounded(value, digits) for level, value in values.items()}
    return found


def _figures(
    by_name: dict[str, list[PublishedFigure]], marginals: dict[str, Marginal]
) -> pd.DataFrame:
    rows = [
        {
            "variable": f.variable,
            "group": f.level,
            "statistic": f.statistic,
            "target": f.value,
            "implied": implied,
        }
        for n, own in by_name.items()
        for f, implied in zip(own, marginals[n].implied, strict=True)
    ]
    return pd.DataFrame(rows)


def _notes(
    marginals: dict[str, Marginal],
    within: Within,
    by_name: dict[str, list[PublishedFigure]],
    summary: Summary,
) -> list[str]:
    notes = []
    for n, marginal in marginals.items():
        scale = "log-normal within groups" if marginal.log else "normal within groups"
        if marginal.assumed:
            what = ", ".join(marginal.assumed)
            reason = "an SD of 15 % of the centre, no shift, equal SDs where nothing tells"
            notes.append(f"{n}: {scale}; not identified: {what} (assumed: {reason})")
        else:
            notes.append(f"{n}: {scale}; identified by {len(by_name[n])} figures")
        silent = [g for g, row in summary.shares.items() if not set(row) & _levels(by_name[n])]
        if silent:
            notes.append(f"{n}: not identified by {', '.join(silent)} (assumed: no shift)")
        off = [
            f"{f.statistic} of {f.level}: {f.value:g}, got {value:.4g}"
            for f, value in zip(by_name[n], marginal.implied, strict=True)
            if abs(value - f.value) > _CLOSE * max(abs(f.value), 1e-12)
        ]
        if off:
            notes.append(f"{n}: figures that do not fit together: {'; '.join(off)}")
    if within.assumed:
        notes.append(
            f"correlations not identified: {len(within.assumed)} pairs without a figure "
            f"(assumed: none within groups): {'; '.join(within.assumed)}"
        )
    alone = [n for n in marginals if n not in within.names]
    if len(marginals) > 1 and alone:
        notes.append(f"correlations not identified of {', '.join(alone)} (assumed: none)")
    skewed = [n for n in within.names if marginals[n].log]
    if skewed:
        notes.append(f"correlations of {', '.join(skewed)} are taken as those of the logarithms")
    return notes


def _levels(figures: list[PublishedFigure]) -> set[str]:
    return {f.level for f in figures}
