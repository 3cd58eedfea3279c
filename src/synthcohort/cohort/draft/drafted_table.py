"""A draft for a whole table: one id, one weight, who is what, and what the values ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.cohort.draft.column_guesses import guess_column
from synthcohort.cohort.draft.cutoff_guesses import usual_cutoffs
from synthcohort.cohort.draft.guess import Guess
from synthcohort.cohort.draft.sexes import sex_levels
from synthcohort.cohort.files import Table
from synthcohort.cohort.mapping import doubts_about, table_cohort
from synthcohort.cohort.raw_columns import raw_column
from synthcohort.cohort.table_settings import load_settings
from synthcohort.cohort.understood import place_of, understand
from synthcohort.scene import Problem, SceneError

_KS = (2, 3, 4, 8, 16, 25, 40)
_PEOPLE_A_CLUSTER = 10
_ENOUGH = 0.75
"""A smaller share of people without any gap asks for imputation, and of groups to be left out."""
_NEARLY_NOTHING = 0.01
_PARTS = {"covariate": "covariates", "group": "groups", "biomarker": "biomarkers"}


@dataclass
class Draft:
    """The settings that a table probably needs.

    Parameters
    ----------
    source : str
    guesses : list of Guess
        Each column of the table; without a role it is left out.
    experiment : dict
    remarks : dict of str to str
        Of keys of the experiment.
    top : dict
        Keys beside the columns: where, repeated_ids, reading.
    """

    source: str
    guesses: list[Guess]
    experiment: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)

    def of(self, role: str) -> list[Guess]:
        """Return the columns of a role, in the order of the table."""
        return [guess for guess in self.guesses if guess.role == role]

    def single(self, role: str) -> Guess | None:
        """Return the column of a role that one column has."""
        return next(iter(self.of(role)), None)

    def data(self) -> dict[str, Any]:
        """Return what the settings file says."""
        columns = {part: {g.name: g.part for g in self.of(r)} for r, part in _PARTS.items()}
        single = {r: g.name for r in ("id", "weight") if (g := self.single(r)) is not None}
        return {**single, **self.top, **columns, "experiment": self.experiment}


def drafted(table: Table, smallest: int = 5) -> Draft:
    """Guess the settings of a table.

    Parameters
    ----------
    table : Table
        With all its columns.
    smallest : int, default 5
        No value that fewer people have is written.

    Returns
    -------
    Draft

    Raises
    ------
    SceneError
        If no column holds measurements.
    """
    draft = Draft(table.source, [guess_column(table, str(n), smallest) for n in table.frame])
    _one_of_each(draft)
    _waves(draft, table)
    _fewer_groups(draft, table)
    _sexes(draft, table)
    _cutoffs(draft)
    draft.top |= _reading(table)
    _experiment(draft, table)
    _accepted(draft, table)
    return draft


def _one_of_each(draft: Draft) -> None:
    """Keep one id and one weight; what could be an id is one only where no name says so."""
    named = draft.of("id")
    named.sort(key=lambda guess: "repeated_ids" in guess.doubts)
    for guess in draft.of("id?"):
        if not named:
            guess.role = "id"
            guess.doubt("different in every row, so it may be the id")
            named.append(guess)
        else:
            guess.role = ""
            guess.doubt("different in every row")
    for guesses, what in ((named, "id"), (draft.of("weight"), "weight")):
        for other in guesses[1:]:
            other.role = ""
            other.doubts = {"": [f"could be the {what} instead of {guesses[0].name}"]}
        if what == "weight" and guesses:
            more = "others could be" if len(guesses) > 1 else ""
            guesses[0].doubt(" ".join(filter(None, ["a guess by its name;", more])).strip("; "))


def _waves(draft: Draft, table: Table) -> None:
    """Take one row a person."""
    found, wave = draft.single("id"), draft.single("wave")
    repeated = found is not None and "repeated_ids" in found.doubts
    if wave is not None:
        first = raw_column(table, wave.name, {}).values.dropna().min()
        if repeated:
            draft.top["where"] = {wave.name: first.item() if hasattr(first, "item") else first}
        wave.role = ""
        wave.doubts = {"": ["the wave"]}
    if repeated and found is not None:
        found.doubts.pop("repeated_ids")
        left = understand(table, load_settings(draft.data() | {"biomarkers": [found.name]}))
        if left.table.frame[found.name].duplicated().any():
            draft.top["repeated_ids"] = "first"


def _fewer_groups(draft: Draft, table: Table) -> None:
    """Leave out groups and covariates while too few people have a value in all."""
    asked = [*draft.of("group"), *draft.of("covariate"), *draft.of("weight")]
    gaps = {guess.name: _gaps(table, guess) for guess in asked}
    while gaps and float(np.mean(np.logical_or.reduce(list(gaps.values())))) > 1 - _ENOUGH:
        worst = max(gaps, key=lambda name: gaps[name].sum())
        del gaps[worst]
        [guess] = [g for g in asked if g.name == worst]
        guess.role = ""
        guess.doubts = {"": ["its missing values would leave too few people"]}


def _gaps(table: Table, guess: Guess) -> np.ndarray:
    codes = {str(code): "" for code in guess.part.get("missing_codes", [])}
    return raw_column(table, guess.name, codes).values.isna().to_numpy()


def _sexes(draft: Draft, table: Table) -> None:
    for guess in draft.of("group"):
        if guess.is_sex:
            codes = guess.part.get("missing_codes", [])
            levels, sure = sex_levels(raw_column(table, guess.name, {}), codes)
            if levels and any(key != level for key, level in levels.items()):
                guess.part["levels"] = levels
                guess.doubts.pop("", None)
            if levels and not sure:
                guess.doubt("by its name: is it so?", "levels")
            if levels:
                return


def _cutoffs(draft: Draft) -> None:
    sexes = any("levels" in g.part or not g.doubts.get("") for g in draft.of("group") if g.is_sex)
    for guess in draft.of("biomarker"):
        measure = "" if guess.usual is None else guess.usual.measure
        found, remark = usual_cutoffs(measure, guess.part.get("unit", ""), sexes)
        if found:
            guess.part["cutoffs"] = found
            guess.doubt(remark, "cutoffs")


def _reading(table: Table) -> dict[str, Any]:
    """Return what was found out about a text file and could be found out wrongly."""
    used = table.reading
    parts = {"decimal": used.decimal if used.decimal == "," else None, "thousands": used.thousands}
    said = {key: value for key, value in parts.items() if value is not None}
    return {"reading": {"decimal": used.decimal, **said}} if said else {}


def _experiment(draft: Draft, table: Table) -> None:
    biomarkers = draft.of("biomarker")
    with_cutoffs = [guess for guess in biomarkers if "cutoffs" in guess.part]
    chosen = ["zscore", "minmax", "robust"]
    if with_cutoffs:
        chosen += ["pathological", "binary"]
        rest = [g.name for g in biomarkers if "cutoffs" not in g.part]
        if rest:
            draft.remarks["preprocessings"] = (
                f"of {len(rest):,} biomarkers without a cut-off, pathological takes percentiles "
                "and binary leaves them out"
            )
    else:
        draft.remarks["preprocessings"] = "pathological and binary need cut-offs"
    draft.experiment["preprocessings"] = chosen
    gaps = pd.DataFrame({guess.name: _gaps(table, guess) for guess in biomarkers})
    complete = float((~gaps.any(axis=1)).mean()) if len(gaps) else 0.0
    if complete < _ENOUGH:
        draft.experiment["missing"] = "impute"
        draft.remarks["missing"] = 'over a quarter have a gap; or "complete": only people without'
    people = len(table) * (1.0 if complete < _ENOUGH else complete)
    ks = [k for k in _KS if k * _PEOPLE_A_CLUSTER <= people] or [2]
    draft.experiment["base"] = {"kmeans": ks}


def _accepted(draft: Draft, table: Table) -> None:
    """Leave out what the table's own values do not allow, and put each doubt beside its column."""
    for _ in range(len(draft.guesses)):
        if not draft.of("biomarker"):
            raise SceneError(table.source, [_no_measurement(draft)])
        settings = load_settings(draft.data())
        try:
            scene = table_cohort(table, settings, {}).scene
            break
        except SceneError as error:
            places = {problem.place for problem in error.problems}
            faulty = [g for g in draft.guesses if g.role and place_of(g.name) in places]
            if not faulty:
                raise
            for guess in faulty:
                guess.role = ""
                guess.doubts = {"": ["its values do not allow what its name says"]}
    by_place = {place_of(guess.name): guess for guess in draft.guesses}
    for one in doubts_about(understand(table, settings), settings, scene):
        if one.kind == "dependence":
            draft.experiment["whiten_min_share"] = _NEARLY_NOTHING
            draft.remarks["whiten_min_share"] = "a biomarker is nearly made of others"
        by_place[one.place].doubt(one.gist or one.message)


def _no_measurement(draft: Draft) -> Problem:
    reasons = {
        g.name: "; ".join(t for texts in g.doubts.values() for t in texts) or g.role
        for g in draft.guesses[:5]
    }
    shown = "; ".join(f"{name}: {why}" for name, why in reasons.items())
    return Problem("biomarkers", f"no column looks like a measurement ({shown})")
