"""From a user's table and its settings to a cohort, or all its problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.experiment_settings import check_settings
from synthcohort.cohort.files import Table, from_frame
from synthcohort.cohort.individuals import id_note, ids_of
from synthcohort.cohort.missing import by_reason, missing_groupings, missing_note
from synthcohort.cohort.suspicions import SeenTable, Suspicion, suspicions
from synthcohort.cohort.table_settings import TableSettings
from synthcohort.cohort.understood import Understood, place_of, understand
from synthcohort.cohort.words import people
from synthcohort.population.groupings import known_groupings
from synthcohort.scene import Problem, Scene, SceneError
from synthcohort.scene.clinical import replace_cutoffs
from synthcohort.scene.defaults import resolve
from synthcohort.scene.model import Experiment


def table_cohort(
    table: Table | Any,
    settings: TableSettings,
    experiment: Mapping[str, Any],
    seed: int | None = None,
    cutoffs: tuple[str, str] | None = None,
) -> Cohort:
    """Take the mapped columns of a table as a cohort.

    Parameters
    ----------
    table : Table or DataFrame
        An individual a row. Where the settings name no id, its index is the id.
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
        levels, negative weights, suspicions where the settings are strict, and whatever is
        wrong with the settings.
    """
    if not isinstance(table, Table):
        table = from_frame(table, settings.wanted)
    settings = settings.expanded(table.names)
    found = understand(table, settings)
    kept = _kept(found)
    problems = list(found.problems)
    if not problems and not kept.any():
        message = "nobody has a value in every group, covariate and weight"
        problems.append(Problem("groups", message, found.table.source))
    scene: Scene | None = None
    try:
        scene = _scene(settings, found, kept, experiment, seed, cutoffs)
    except SceneError as error:
        # Cut-offs by the levels of a group that is itself at fault would only be named again.
        own = [p for p in error.problems if not (found.problems and ".cutoffs" in p.place)]
        problems += own
    doubts = doubts_about(found, settings, scene)
    if settings.strict:
        problems += [one.problem(found.table.source) for one in doubts]
    if problems or scene is None:
        raise SceneError(settings.source, problems)
    return _cohort(_Taken(found, settings, scene, kept), doubts)


@dataclass(frozen=True)
class _Taken:
    """A table without problems, and who of it is taken."""

    found: Understood
    settings: TableSettings
    scene: Scene
    kept: np.ndarray

    @property
    def ids(self) -> pd.Index:
        return ids_of(self.found.table.frame, self.settings.id)


def _cohort(taken: _Taken, doubts: list[Suspicion]) -> Cohort:
    found, settings, kept = taken.found, taken.settings, taken.kept
    ids = taken.ids
    index = ids[kept]
    X = pd.DataFrame({n: found.numbers[n].values for n in settings.biomarkers})
    X = X[kept].set_axis(index)
    levels = pd.DataFrame(
        {n: one.values for n, one in found.categories.items()}, index=pd.RangeIndex(len(kept))
    )[kept].set_axis(index)
    numbers = {n: found.numbers[n].values[kept].to_numpy() for n in settings.covariates}
    missing = by_reason(
        {n: found.numbers[n].why[kept] for n in settings.biomarkers}
        | {n: found.categories[n].why for n in settings.groups}
        | {n: found.numbers[n].why for n in settings.covariates}
    )
    beyond = {n: found.numbers[n].beyond[kept].notna() for n in settings.biomarkers}
    wanted = taken.scene.experiment
    gaps = missing_groupings(
        X,
        pd.DataFrame({n: b.set_axis(index) for n, b in beyond.items() if b.any()}, index=index),
        wanted.biomarkers,
        wanted.missing == "impute",
        settings.smallest,
    )
    weight = None
    if found.weight is not None:
        weight = _scaled(found.weight.values[kept].set_axis(index))
    return Cohort(
        scene=taken.scene,
        X=X,
        groups=levels,
        known=pd.concat([known_groupings(levels, numbers), gaps], axis=1),
        weight=weight,
        notes=[
            *_coded(found),
            *_left_out(found, kept, settings.smallest),
            *_weighted(settings.weight),
            *id_note(ids, settings.id),
            *found.table.notes,
            *_words(found, settings.smallest),
            *missing_note(missing, settings.smallest),
            *(one.note for one in doubts),
        ],
        doubts=[str(one) for one in doubts],
        missing=missing,
        codes={n: one.codes for n, one in found.categories.items()},
        smallest=settings.smallest,
    )


def _needed(found: Understood) -> dict[str, pd.Series]:
    """Columns in which everybody who is taken has a value, by their name in a note."""
    biomarkers = set(found.biomarkers)
    columns = {n: one.values for n, one in found.categories.items()}
    columns |= {n: one.values for n, one in found.numbers.items() if n not in biomarkers}
    weight = {} if found.weight is None else {"the survey weight": found.weight.values}
    return columns | weight


def _kept(found: Understood) -> np.ndarray:
    kept = np.ones(len(found.table), dtype=bool)
    for column in _needed(found).values():
        kept &= column.notna().to_numpy()
    return kept


def _scene(
    settings: TableSettings,
    found: Understood,
    kept: np.ndarray,
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
    if cutoffs is not None:  # not known yet when defaults are filled in
        every = Experiment().preprocessings
        data["experiment"] = {"preprocessings": every, **data["experiment"]}
    data["size"] = max(1, int(kept.sum()))
    data["biomarkers"] = {
        name: {**part, "label": found.labels[name], "unit": found.units[name]}
        for name, part in settings.parts["biomarkers"].items()
    }
    faulty = {problem.place for problem in found.problems}
    data["groups"] = {
        name: {
            "label": found.labels[name],
            "probabilities": one.values[kept].value_counts(normalize=True, sort=False).to_dict(),
        }
        for name, one in found.categories.items()
        if kept.any() and place_of(one.column) not in faulty
    }
    scene = resolve(data, settings.source)
    if cutoffs is not None:
        scene = replace_cutoffs(scene, *cutoffs)
    check_settings(scene)
    return scene


def doubts_about(
    found: Understood, settings: TableSettings, scene: Scene | None = None
) -> list[Suspicion]:
    """Return every suspicion about the columns that have no problem."""
    faulty = {problem.place for problem in found.problems}
    numbers = {n: one for n, one in found.numbers.items() if place_of(one.column) not in faulty}
    wanted = None if scene is None else scene.experiment
    clustered = settings.biomarkers if wanted is None else wanted.biomarkers
    seen = SeenTable(
        numbers=numbers,
        biomarkers=[name for name in clustered if name in numbers],
        categories={
            n: one for n, one in found.categories.items() if place_of(one.column) not in faulty
        },
        weight=None if found.weight is None or found.weight.problems else found.weight.values,
        weight_column=settings.weight or "",
        units=found.units,
        labels=found.labels,
        declared=frozenset(settings.levels),
        limits_declared=frozenset(settings.beyond),
        whitened=wanted is not None and True in wanted.whiten and not wanted.whiten_min_share,
        smallest=settings.smallest,
    )
    return suspicions(seen, settings.accept)


def _scaled(weight: pd.Series) -> pd.Series:
    return (weight / weight.mean()).rename("weight")


def _coded(found: Understood) -> Iterator[str]:
    parts = [f"{count:,} in {name}" for name, count in found.coded.items()]
    if parts:
        yield f"Values that mean missing: {', '.join(parts)}."


def _words(found: Understood, smallest: int) -> Iterator[str]:
    """Say which words among numbers were taken as missing, and what limits count as."""
    for name, one in found.numbers.items():
        for word, count in one.words.items():
            times = people(count, smallest)
            yield f"In {name}, {times} times {word!r} among the numbers counts as missing."


def _weighted(column: str | None) -> Iterator[str]:
    if column is not None:
        yield (
            f"The survey weights of {column!r}, scaled to mean 1, act in the bootstrap, in the "
            "co-association and in every score."
        )


def _left_out(found: Understood, kept: np.ndarray, smallest: int) -> Iterator[str]:
    gaps = {name: int(column.isna().sum()) for name, column in _needed(found).items()}
    parts = [f"{people(gap, smallest)} in {name}" for name, gap in gaps.items() if gap]
    if parts:
        yield (
            f"{people(int((~kept).sum()), smallest)} of {len(kept):,} rows of the table have no "
            f"value in a group, covariate or weight and were left out: {', '.join(parts)}."
        )
