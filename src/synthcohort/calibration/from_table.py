"""A scene from a table of people: margins, shifts by group and a factor model within groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthcohort.calibration.calibrated_scene import Calibration, rounded
from synthcohort.calibration.column_types import ColumnType, detect
from synthcohort.calibration.correlation_fit import fit_factors
from synthcohort.calibration.factor_model import Factors
from synthcohort.calibration.hidden_groups import hidden_group_warnings
from synthcohort.calibration.missing_patterns import absent_levels, find_patterns
from synthcohort.calibration.observed_groups import (
    Design,
    complete,
    describe_groups,
    groupings_of,
)
from synthcohort.calibration.rank_correlations import within_groups
from synthcohort.scene import Problem, Scene, SceneError, load_scene

Array = np.ndarray
_LEAST_UNIQUE = 0.002


def calibrate_table(
    frame: pd.DataFrame,
    biomarkers: Sequence[str],
    groups: Sequence[str] = (),
    *,
    weight: str | None = None,
    name: str = "calibrated",
    factors: int | None = None,
    minimum: int = 20,
    digits: int = 4,
    seed: int = 0,
) -> Calibration:
    """Make a scene whose population resembles a table, from aggregates only.

    Each biomarker has a normal variable behind it (see `detect`), shifted by groups. Its
    correlations within groups, from rank correlations, have a factor model by maximum
    likelihood, varimax-rotated, the number of factors by parallel analysis and by what is left.

    Parameters
    ----------
    frame : DataFrame
        One row a person.
    biomarkers : sequence of str
        Numeric columns; missing values are left out variable by variable.
    groups : sequence of str
        Columns of categories; people without a value of one are left out.
    weight : str, optional
        Column of survey weights; people without one, or of weight 0, are left out.
    name : str
        Of the scene.
    factors : int, optional
        Number of factors, instead of one that is found.
    minimum : int, default 20
        Nothing is written that rests on fewer people.
    digits : int, default 4
        Significant digits of every parameter.
    seed : int, default 0
        Of the parallel analysis and of the scene.

    Returns
    -------
    Calibration

    Raises
    ------
    SceneError
        If a column can't be used: constant, or fewer than `minimum` values, over everybody or in
        a level of a group that has any.
    """
    frame, weights, notes = complete(frame, list(groups), weight, minimum)
    _check(frame, biomarkers, minimum)
    grouped, more = groupings_of(frame, list(groups), minimum)
    described, independent = describe_groups(grouped, weights, minimum)
    _check_levels(frame, biomarkers, grouped, minimum)
    table = frame[list(biomarkers)].astype(float)
    values, design = table.to_numpy(), Design.of(grouped)
    columns = [
        detect(n, column, minimum, design.among(column), weights)
        for n, column in zip(biomarkers, values.T, strict=True)
    ]
    patterns = find_patterns(table, grouped, weights, described, minimum)
    fitted = np.column_stack([design.matrix @ column.effects for column in columns])
    fitted[np.isnan(values)] = np.nan
    sds = np.array([column.sd for column in columns])
    within = within_groups(values, fitted, sds, weights, minimum)
    people = int(within.people * _precision(weights))
    description = {
        "name": name,
        "description": f"Calibrated to aggregates of a table of {len(frame):,} people.",
        "size": len(frame),
        "seed": seed,
        "groups": described,
        "missing": patterns.reasons,
    }

    def scene_of(model: Factors) -> Scene:
        return load_scene(description | _linear_model(columns, design, model, digits))

    model, scene = fit_factors(within, people, scene_of, factors, seed)
    few = [f"{within.few} correlations of under {minimum} people are written as none"]
    notes += [
        *more,
        *independent,
        *few * bool(within.few),
        *(f"{c.name}: {c.note}" for c in columns),
        *_factor_notes(model, factors),
        *patterns.notes,
    ]
    linear = np.column_stack([column.linear for column in columns])
    privacy = _privacy(len(frame), minimum, digits)
    return Calibration(scene, notes, privacy, hidden_group_warnings(linear - fitted, seed))


def _linear_model(
    columns: list[ColumnType], design: Design, model: Factors, digits: int
) -> dict[str, object]:
    return {
        "factors": {f"factor_{i + 1}": {} for i in range(model.loadings.shape[1])},
        "biomarkers": {
            column.name: _biomarker(
                column, design, model.loadings[i], float(model.uniqueness[i]), digits
            )
            for i, column in enumerate(columns)
        },
    }


def _precision(weight: Array) -> float:
    """People that an unweighted sample as precise would have, for one of this (Kish 1965)."""
    return float(weight.sum() ** 2 / (weight**2).sum() / len(weight))


def _check(frame: pd.DataFrame, biomarkers: Sequence[str], minimum: int) -> None:
    problems = []
    if not biomarkers:
        problems.append(Problem("biomarkers", "got none, allowed: at least one numeric column"))
    for name in biomarkers:
        values = frame[name].dropna()
        if len(values) < minimum:
            message = f"got {len(values)} values, allowed: at least {minimum}"
            problems.append(Problem(f"column {name!r}", message))
        elif values.nunique() == 1:
            problems.append(Problem(f"column {name!r}", "has one value only, allowed: two or more"))
    if problems:
        raise SceneError("table", problems)


def _check_levels(
    frame: pd.DataFrame, biomarkers: Sequence[str], grouped: pd.DataFrame, minimum: int
) -> None:
    """Refuse shifts that would rest on few people with a value; on nobody is another matter."""
    problems = []
    for name in biomarkers:
        there, absent = frame[name].notna(), absent_levels(frame[name], grouped)
        for group in grouped:
            counts = there.groupby(grouped[group], observed=False).sum()
            problems += [
                Problem(
                    f"column {name!r}",
                    f"got {count} values in {group} {level}, allowed: none, or at least {minimum}",
                )
                for level, count in counts.items()
                if count < minimum and (str(group), str(level)) not in absent
            ]
    if problems:
        raise SceneError("table", problems)


def _biomarker(
    column: ColumnType, design: Design, loadings: Array, uniqueness: float, digits: int
) -> dict[str, object]:
    """Parameters of one biomarker on the scale of the linear model, rounded."""
    constant, shift = design.by_level([rounded(float(v), digits) for v in column.effects])
    return {
        "baseline": constant,
        "shift": shift,
        "loadings": {
            f"factor_{j + 1}": rounded(float(column.sd * loading), digits)
            for j, loading in enumerate(loadings)
        },
        "noise": rounded(float(column.sd * np.sqrt(max(uniqueness, _LEAST_UNIQUE))), digits),
        "measurement": column.measurement,
    }


def _factor_notes(model: Factors, asked: int | None) -> list[str]:
    number = model.loadings.shape[1]
    if asked is not None:
        notes = [f"factors: {number}, {asked} asked for (at most so many are identified)"]
    else:
        more = number - model.by_chance
        notes = [
            f"factors: {number}; {model.by_chance} eigenvalues of the correlations within groups "
            "are above chance (parallel analysis)"
            + (f", {more} more for the correlations that were left" if more > 0 else "")
        ]
        if number > model.identified:
            notes.append(
                f"  correlations of {len(model.loadings)} variables identify at most "
                f"{model.identified} factors: these loadings are some of many as good"
            )
    shown = model.eigenvalues.iloc[: max(model.by_chance, 1) + 1]
    notes += [
        f"  eigenvalue {i + 1}: {row['eigenvalue']:.2f}, by chance up to {row['by chance']:.2f}"
        for i, row in enumerate(shown.to_dict("records"))
    ]
    notes.append(
        f"  correlations that the factors do not carry: {model.misfit:.3f} (root mean square)"
    )
    if not model.converged:
        notes.append("  the likelihood had not converged: loadings are approximate")
    if model.repaired:
        notes.append(
            "  the correlations of pairs were not positive definite together; the nearest that "
            f"are differ by up to {model.repaired:.3f}"
        )
    return notes


def _privacy(n: int, minimum: int, digits: int) -> list[str]:
    return [
        f"Written from {n:,} people: shares of groups, means and SDs by group, correlations as "
        "loadings, thresholds of codes, curves through means of bins, missing rates, decimals.",
        f"Every parameter has {digits} significant digits and rests on at least {minimum} people; "
        "rarer levels and categories were joined, rarer missing values left out.",
        "No row, no lowest or highest value, no id and no quantile of an individual is in it.",
        "Aggregates are not differential privacy: who has nearly all the others' data could still "
        "learn something from exact means.",
    ]
