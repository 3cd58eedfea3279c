"""The columns of a table in use, each as what the settings say it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthcohort.cohort.category_levels import Categories, categories
from synthcohort.cohort.files import Table
from synthcohort.cohort.individuals import id_problems, index_as_columns
from synthcohort.cohort.numeric_values import Numbers, numbers
from synthcohort.cohort.raw_columns import raw_column
from synthcohort.cohort.table_settings import TableSettings
from synthcohort.cohort.variable_labels import label_and_unit
from synthcohort.cohort.wildcards import is_pattern
from synthcohort.cohort.words import as_word, each
from synthcohort.scene import Problem
from synthcohort.scene.problems import nearest


@dataclass(frozen=True)
class Understood:
    """A table as its settings understand it.

    Parameters
    ----------
    table : Table
        The rows that are taken.
    numbers : dict of str to Numbers
        Covariates and biomarkers, by their name in the settings.
    categories : dict of str to Categories
        Groups.
    weight : Numbers, optional
    labels, units : dict of str to str
        Of covariates, biomarkers and groups: the settings' own, or else the table's.
    coded : dict of str to int
        By name: how many values the settings say mean missing.
    problems : list of Problem
    biomarkers : list of str
        Names of the numbers that are no covariates.
    """

    table: Table
    numbers: dict[str, Numbers]
    categories: dict[str, Categories]
    weight: Numbers | None
    labels: dict[str, str]
    units: dict[str, str]
    coded: dict[str, int]
    problems: list[Problem]
    biomarkers: list[str]


def understand(table: Table, settings: TableSettings) -> Understood:
    """Take the rows and columns of a table that its settings name, and every problem of them."""
    problems = list(_absent(table, settings))
    absent = {problem.place for problem in problems}
    table = _rows_where(table, settings, absent)
    if settings.repeated_ids != "refuse" and settings.id is not None:
        table = _once(table, settings.id, settings.repeated_ids)
    if settings.id is None or place_of(settings.id) not in absent:
        problems += _of_table(table, id_problems(table.frame, settings.id))
    flat = replace(table, frame=index_as_columns(table.frame))
    found_numbers: dict[str, Numbers] = {}
    found_categories: dict[str, Categories] = {}
    coded: dict[str, int] = {}
    for name in (*settings.covariates, *settings.biomarkers, *settings.groups):
        column = settings.columns[name]
        if place_of(column) in absent:
            continue
        codes = settings.missing_codes.get(name, {})
        raw = raw_column(flat, column, codes, settings.missing_texts)
        if codes or raw.coded:
            coded[name] = sum(raw.coded.values())
        if name in settings.groups:
            one = categories(raw, settings.levels.get(name), name in settings.apart)
            found_categories[name] = one
            problems += _of_table(table, one.problems)
        else:
            number = numbers(raw, flat.reading, settings.beyond.get(name, "limit"))
            found_numbers[name] = number
            problems += _of_table(table, number.problems)
            if name in settings.biomarkers and not number.problems:
                problems += _of_table(table, _constant(number, name))
    weight = None
    if settings.weight is not None and place_of(settings.weight) not in absent:
        raw = raw_column(flat, settings.weight, {}, settings.missing_texts)
        weight = numbers(raw, flat.reading)
        faults = weight.problems or list(_weight_problems(weight))
        problems += _of_table(table, faults)
    labels, units = _labels(table, settings)
    return Understood(
        table,
        found_numbers,
        found_categories,
        weight,
        labels,
        units,
        coded,
        list(dict.fromkeys(problems)),
        settings.biomarkers,
    )


def place_of(column: str) -> str:
    """Return the place of a column in a message."""
    return f"column {column!r}"


def _absent(table: Table, settings: TableSettings) -> Iterator[Problem]:
    """Columns that the settings name and the table does not have: the settings are at fault."""
    single = [name for name in (settings.id, settings.weight) if name is not None]
    for column in dict.fromkeys([*settings.columns.values(), *single, *settings.where]):
        if column not in table.names:
            message = f"is not in the table; {nearest(column, table.names)}"
            if is_pattern(column, table.names):
                message = "fits no column of the table that is not named elsewhere"
            yield Problem(place_of(column), message, settings.source)


def _of_table(table: Table, problems: Iterator[Problem] | list[Problem]) -> list[Problem]:
    return [replace(problem, source=table.source) for problem in problems]


def _rows_where(table: Table, settings: TableSettings, absent: set[str]) -> Table:
    """Take the rows that the settings ask for, by value or by label."""
    kept = np.ones(len(table), dtype=bool)
    flat = index_as_columns(table.frame)
    for column, values in settings.where.items():
        if place_of(column) in absent:
            continue
        labels = table.codes.get(column, {})
        words = each(flat[column], as_word).isin(values)
        names = each(flat[column], labels.get).isin(values)
        kept &= (words | names).to_numpy()
    return table if kept.all() else table.rows(kept)


def _once(table: Table, column: str, which: str) -> Table:
    flat = index_as_columns(table.frame)
    if column not in flat:
        return table
    again = flat[column].duplicated(keep="first" if which == "first" else "last").to_numpy()
    return table.rows(~again) if again.any() else table


def _constant(found: Numbers, name: str) -> Iterator[Problem]:
    if found.values.nunique() == 1:
        of = "" if name == found.column else f" (the biomarker {name!r})"
        value = float(found.values.dropna().iloc[0])
        message = f"every value is {value}{of}, allowed: values that differ"
        yield Problem(place_of(found.column), message)
    elif found.values.notna().sum() == 0:
        message = "no value is left without those that mean missing, allowed: at least one"
        yield Problem(place_of(found.column), message)


def _weight_problems(weight: Numbers) -> Iterator[Problem]:
    negative = int((weight.values < 0).sum())
    if negative:
        message = f"got {negative:,} negative weights, allowed: 0 or more"
        yield Problem(place_of(weight.column), message)
    elif not (weight.values > 0).any():
        yield Problem(place_of(weight.column), "every weight is 0, allowed: some above 0")


def _labels(table: Table, settings: TableSettings) -> tuple[dict[str, str], dict[str, str]]:
    labels: dict[str, str] = {}
    units: dict[str, str] = {}
    given: Mapping[str, Mapping[str, str]] = settings.parts["biomarkers"] | settings.parts["groups"]
    for name, column in settings.columns.items():
        label, unit = label_and_unit(table.labels.get(column, ""))
        labels[name] = given.get(name, {}).get("label") or label
        units[name] = given.get(name, {}).get("unit") or unit
    return labels, units
