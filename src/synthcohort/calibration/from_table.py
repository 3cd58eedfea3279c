"""A scene from a table of people: shifts by group and a factor model within groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthcohort.calibration.calibrated_scene import Calibration, rounded
from synthcohort.calibration.column_types import ColumnType, detect
from synthcohort.calibration.factor_model import Factors, factors_of
from synthcohort.calibration.observed_groups import describe_groups, design, groupings_of
from synthcohort.scene import Problem, SceneError, load_scene

Array = np.ndarray


def calibrate_table(
    frame: pd.DataFrame,
    biomarkers: Sequence[str],
    groups: Sequence[str] = (),
    *,
    name: str = "calibrated",
    factors: int | None = None,
    minimum: int = 20,
    digits: int = 4,
    seed: int = 0,
) -> Calibration:
    """Make a scene whose population resembles a table, from aggregates only.

    Each biomarker is brought to the scale of the linear model (see `detect`), its shifts by
    group are least squares, and what is left within groups has a factor model by maximum
    likelihood, varimax-rotated, the number of factors by parallel analysis.

    Parameters
    ----------
    frame : DataFrame
        One row a person.
    biomarkers : sequence of str
        Numeric columns; missing values are left out variable by variable.
    groups : sequence of str
        Columns of categories.
    name : str
        Of the scene.
    factors : int, optional
        Number of factors, instead of the parallel analysis.
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
        a level of a group.
    """
    _check(frame, biomarkers, minimum)
    grouped, notes = groupings_of(frame, list(groups), minimum)
    described, more = describe_groups(grouped, minimum)
    _check_levels(frame, biomarkers, grouped, minimum)
    columns = [detect(n, frame[n].to_numpy(dtype=float), minimum) for n in biomarkers]
    indicators, levels = design(grouped)
    first = {str(g): {str(grouped[g].cat.categories[0]): 0.0} for g in grouped}
    fits = [_fit(column, indicators) for column in columns]
    residuals = np.column_stack([residual for *_, residual in fits])
    correlation, n, few = _correlation(residuals, columns, minimum)
    model = factors_of(correlation, n, np.random.default_rng(seed), factors)
    if few:
        more.append(f"{few} correlations of under {minimum} people are written as none")
    notes += [*more, *(f"{c.name}: {c.note}" for c in columns), *_factor_notes(model, factors)]
    missing, missing_notes = _missing(frame, biomarkers, minimum)
    scene = {
        "name": name,
        "description": f"Calibrated to aggregates of a table of {len(frame):,} people.",
        "size": len(frame),
        "seed": seed,
        "groups": described,
        "factors": {f"factor_{i + 1}": {} for i in range(model.loadings.shape[1])},
        "biomarkers": {
            column.name: _biomarker(
                column, fit, sd, levels, first, model.loadings[i], model.uniqueness[i], digits
            )
            for i, (column, (fit, sd, _)) in enumerate(zip(columns, fits, strict=True))
        },
        "missing": missing,
    }
    return Calibration(
        load_scene(scene), notes + missing_notes, _privacy(len(frame), minimum, digits)
    )


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
    """Refuse shifts that would rest on few people with a value."""
    problems = []
    for name in biomarkers:
        there = frame[name].notna()
        for group in grouped:
            counts = there.groupby(grouped[group], observed=False).sum()
            problems += [
                Problem(
                    f"column {name!r}",
                    f"got {count} values in {group} {level}, allowed: at least {minimum}",
                )
                for level, count in counts.items()
                if count < minimum
            ]
    if problems:
        raise SceneError("table", problems)


def _fit(column: ColumnType, indicators: Array) -> tuple[Array, float, Array]:
    """Effects of the groups by least squares, the SD within groups, the residuals.

    Normal scores of a category shrink effects by their variance, which is undone; the latent
    variable of a score has variance 1 over everybody, as its thresholds have it.
    """
    there = ~np.isnan(column.latent)
    found, *_ = np.linalg.lstsq(indicators[there], column.latent[there], rcond=None)
    residual = column.latent - indicators @ found
    if column.reliability == 1:
        freedom = int(there.sum()) - len(found)
        return found, float(np.sqrt(np.nansum(residual**2) / freedom)), residual
    found = found / column.reliability**2
    explained = float(np.var(indicators[there] @ found))
    return found, float(np.sqrt(max(1 - explained, 0.05))), residual


def _correlation(
    residuals: Array, columns: list[ColumnType], minimum: int
) -> tuple[Array, int, int]:
    """Correlate the latent variables by pairs.

    Also the fewest people behind a pair, and how many pairs have too few: they count as none.
    """
    matrix = pd.DataFrame(residuals).corr().fillna(0.0).to_numpy(copy=True)
    scale = np.array([c.reliability for c in columns])
    matrix = np.clip(matrix / np.outer(scale, scale), -0.99, 0.99)
    there = (~np.isnan(residuals)).astype(float)
    people = there.T @ there
    few = people < minimum
    matrix[few] = 0.0
    np.fill_diagonal(matrix, 1.0)
    return matrix, int(people[~few].min()), int(few.sum()) // 2


def _biomarker(
    column: ColumnType,
    fit: Array,
    sd: float,
    levels: list[tuple[str, str]],
    first: dict[str, dict[str, float]],
    loadings: Array,
    uniqueness: float,
    digits: int,
) -> dict[str, object]:
    """Parameters of one biomarker in its own units, rounded."""
    shift: dict[str, dict[str, float]] = {}
    for (group, level), value in zip(levels, fit[1:], strict=True):
        shift.setdefault(group, dict(first[group]))[level] = rounded(float(value), digits)
    return {
        "baseline": rounded(float(fit[0]), digits),
        "shift": shift,
        "loadings": {
            f"factor_{j + 1}": rounded(float(sd * loading), digits)
            for j, loading in enumerate(loadings)
        },
        "noise": rounded(float(sd * np.sqrt(uniqueness)), digits),
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
    shown = model.eigenvalues.iloc[: max(number, model.by_chance) + 1]
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


def _missing(
    frame: pd.DataFrame, biomarkers: Sequence[str], minimum: int
) -> tuple[dict[str, dict[str, object]], list[str]]:
    """Missing rates; columns that are missing for the same people are one block."""
    blocks: dict[bytes, list[str]] = {}
    for name in biomarkers:
        blocks.setdefault(np.packbits(frame[name].isna().to_numpy()).tobytes(), []).append(name)
    found: dict[str, dict[str, object]] = {}
    notes = []
    for names in blocks.values():
        count = int(frame[names[0]].isna().sum())
        if count >= minimum:
            rate = round(count / len(frame), 3)
            found[f"no_{names[0]}"] = {"variables": names, "rate": rate}
            notes.append(f"missing: {', '.join(names)} in {100 * rate:.1f} %, completely at random")
        elif count:
            few = f"under {minimum} people"
            notes.append(f"missing: {', '.join(names)} in {few}, written as never missing")
    return found, notes


def _privacy(n: int, minimum: int, digits: int) -> list[str]:
    return [
        f"Written from {n:,} people: shares of groups, means and SDs by group, correlations as "
        "loadings, cut points of scores, missing rates, decimals.",
        f"Every parameter has {digits} significant digits and rests on at least {minimum} people; "
        "rarer levels and categories were joined, rarer missing values left out.",
        "No row, no lowest or highest value, no id and no quantile of an individual is in it.",
        "Aggregates are not differential privacy: who has nearly all the others' data could still "
        "learn something from exact means.",
    ]
