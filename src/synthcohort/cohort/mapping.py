"""From a user's table and its settings to a cohort, or all its problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.experiment_settings import check_settings
from synthcohort.cohort.individuals import id_note, id_problems, ids_of, index_as_columns
from synthcohort.cohort.table_files import check_columns
from synthcohort.cohort.table_settings import TableSettings, as_word
from synthcohort.population.groupings import known_groupings
from synthcohort.scene import Problem, Scene, SceneError
from synthcohort.scene.clinical import replace_cutoffs
from synthcohort.scene.defaults import resolve
from synthcohort.scene.problems import nearest


def table_cohort(
    frame: pd.DataFrame,
    settings: TableSettings,
    experiment: Mapping[str, Any],
    seed: int | None = None,
    cutoffs: tuple[str, str] | None = None,
) -> Cohort:
    """Take the mapped columns of a table as a cohort.

    Parameters
    ----------
    frame : DataFrame
        The table, an individual a row. Where the settings name no id, its index is the id.
    settings : TableSettings
    experiment : mapping
        Fields of the experiment that replace those of the settings; None keeps them.
    seed : int, optional
        Replaces that of the settings.
    cutoffs : (str, str), optional
        CSV text of a table of cut-offs and its name.

    Returns
    -------
    Cohort
        Individuals without a value in a group, covariate or weight are left out, and a note
        counts them. Missing biomarkers stay missing.

    Raises
    ------
    SceneError
        With every problem: unknown columns, text among numbers, infinite or constant
        values, columns without any value, ids that are missing or there twice, unknown
        levels, negative weights, and whatever is wrong with the settings.
    """
    table = frame
    frame, coded = _without_codes(index_as_columns(table), settings)
    problems = list(_table_problems(frame, settings))
    faulty = {problem.place for problem in problems}
    if settings.id is None or _place(settings.id) not in faulty:
        problems += id_problems(table, settings.id)
    groups = {
        name: _categories(frame[column], settings.levels.get(name))
        for name, column in _columns(settings, settings.groups).items()
        if _place(column) not in faulty
    }
    covariates = {
        name: pd.to_numeric(frame[name].astype(object)).astype(float)
        for name in settings.covariates
        if _place(name) not in faulty
    }
    weight = None
    if settings.weight is not None and _place(settings.weight) not in faulty:
        weight = frame[settings.weight].astype(float)
    kept = pd.Series(True, index=frame.index)
    needed = groups | covariates | ({} if weight is None else {"the survey weight": weight})
    for column in needed.values():
        kept &= column.notna()
    if not problems and not kept.any():
        message = "nobody has a value in every group, covariate and weight"
        problems.append(Problem("groups", message))
    try:
        scene = _scene(settings, groups, kept, experiment, seed, cutoffs)
    except SceneError as error:
        # Cut-offs by the levels of a group that is itself at fault would only be named again.
        own = [p for p in error.problems if not (faulty and ".cutoffs" in p.place)]
        raise SceneError(error.source, problems + own) from None
    if problems:
        raise SceneError(settings.source, problems)
    ids = ids_of(table, settings.id)
    index = ids[kept.to_numpy()]
    X = pd.DataFrame(
        {
            name: pd.to_numeric(frame[column].astype(object)).astype(float)
            for name, column in _columns(settings, settings.biomarkers).items()
        }
    )
    levels = pd.DataFrame(groups, index=frame.index)[kept].set_axis(index)
    return Cohort(
        scene=scene,
        X=X[kept].set_axis(index),
        groups=levels,
        known=known_groupings(levels, {n: v[kept].to_numpy() for n, v in covariates.items()}),
        weight=None if weight is None else _scaled(weight[kept].set_axis(index)),
        notes=[
            *coded,
            *_left_out(needed, kept),
            *_weighted(settings.weight),
            *id_note(ids, settings.id),
        ],
    )


def _without_codes(frame: pd.DataFrame, settings: TableSettings) -> tuple[pd.DataFrame, list[str]]:
    """Take out the values that mean missing, and say how many there were."""
    counts = {}
    for name, codes in settings.missing_codes.items():
        column = settings.columns[name]
        if column in frame:
            hit = _as_text(frame[column]).isin(codes)
            counts[name] = int(hit.sum())
            frame = frame.assign(**{column: frame[column].mask(hit)})
    parts = [f"{count:,} in {name}" for name, count in counts.items()]
    return frame, [f"Values that mean missing: {', '.join(parts)}."] if parts else []


def _columns(settings: TableSettings, names: list[str]) -> dict[str, str]:
    return {name: settings.columns[name] for name in names}


def _place(column: str) -> str:
    return f"column {column!r}"


def _table_problems(frame: pd.DataFrame, settings: TableSettings) -> Iterator[Problem]:
    numeric = list(_columns(settings, settings.biomarkers).values())
    numeric += settings.covariates
    numeric += [settings.weight] if settings.weight is not None else []
    others = list(_columns(settings, settings.groups).values())
    others += [settings.id] if settings.id is not None else []
    faulty = set()
    try:
        check_columns(frame, settings.source, numeric, others)
    except SceneError as error:
        yield from error.problems
        faulty = {problem.place for problem in error.problems}
    for name, column in _columns(settings, settings.biomarkers).items():
        if _place(column) not in faulty:
            yield from _constant(column, frame[column], name)
    for name, column in _columns(settings, settings.groups).items():
        if _place(column) not in faulty:
            yield from _unknown_levels(column, frame[column], settings.levels.get(name))
    if settings.weight is not None and _place(settings.weight) not in faulty:
        yield from _weight_problems(settings.weight, frame[settings.weight].astype(float))


def _constant(column: str, values: pd.Series, name: str) -> Iterator[Problem]:
    if values.nunique() == 1:
        of = "" if name == column else f" (the biomarker {name!r})"
        message = f"every value is {values.dropna().iloc[0]}{of}, allowed: values that differ"
        yield Problem(_place(column), message)


def _unknown_levels(
    column: str, values: pd.Series, levels: Mapping[str, str] | None
) -> Iterator[Problem]:
    if levels is None:
        return
    for value in dict.fromkeys(_as_text(values.dropna())):
        if value not in levels:
            yield Problem(_place(column), f"got {value!r}; {nearest(value, levels)}")


def _weight_problems(column: str, values: pd.Series) -> Iterator[Problem]:
    negative = int((values < 0).sum())
    if negative:
        message = f"got {negative:,} negative weights, allowed: 0 or more"
        yield Problem(_place(column), message)
    elif not (values > 0).any():
        yield Problem(_place(column), "every weight is 0, allowed: some above 0")


def _categories(values: pd.Series, levels: Mapping[str, str] | None) -> pd.Series:
    """Levels in the order of the settings, of the file's own categories, or of the alphabet."""
    text = _as_text(values)
    if levels is not None:
        found = text.map(levels)
        order = [level for level in dict.fromkeys(levels.values()) if (found == level).any()]
        return found.astype(pd.CategoricalDtype(order))
    if isinstance(values.dtype, pd.CategoricalDtype):
        order = [str(level) for level in values.cat.remove_unused_categories().cat.categories]
        return text.astype(pd.CategoricalDtype(order))
    present = values.dropna()
    order = list(dict.fromkeys(_as_text(present.sort_values())))
    return text.astype(pd.CategoricalDtype(order))


def _as_text(values: pd.Series) -> pd.Series:
    """Values as a settings file writes them; None where missing."""
    words = [None if pd.isna(value) else as_word(value) for value in values]
    return pd.Series(words, index=values.index, dtype=object)


def _scene(
    settings: TableSettings,
    groups: Mapping[str, pd.Series],
    kept: pd.Series,
    experiment: Mapping[str, Any],
    seed: int | None,
    cutoffs: tuple[str, str] | None,
) -> Scene:
    """Describe the table in the form of a scene: no effects, the shares that were observed."""
    data = dict(settings.parts)
    if seed is not None:
        data["seed"] = seed
    given = {key: value for key, value in experiment.items() if value is not None}
    data["experiment"] = {**data.get("experiment", {}), **given}
    data["size"] = max(1, int(kept.sum()))
    data["groups"] = {
        name: {
            **settings.parts["groups"][name],
            "probabilities": values[kept].value_counts(normalize=True, sort=False).to_dict(),
        }
        for name, values in groups.items()
        if kept.any()
    }
    scene = resolve(data, settings.source)
    if cutoffs is not None:
        scene = replace_cutoffs(scene, *cutoffs)
    check_settings(scene)
    return scene


def _scaled(weight: pd.Series) -> pd.Series:
    return (weight / weight.mean()).rename("weight")


def _weighted(column: str | None) -> Iterator[str]:
    if column is not None:
        yield (
            f"The survey weights of {column!r}, scaled to mean 1, act in the bootstrap, in the "
            "co-association and in every score."
        )


def _left_out(needed: Mapping[str, pd.Series], kept: pd.Series) -> Iterator[str]:
    gaps = {name: int(column.isna().sum()) for name, column in needed.items()}
    parts = [f"{gap:,} in {name}" for name, gap in gaps.items() if gap]
    if parts:
        yield (
            f"{int((~kept).sum()):,} of {len(kept):,} rows of the table have no value in a group, "
            f"covariate or weight and were left out: {', '.join(parts)}."
        )
