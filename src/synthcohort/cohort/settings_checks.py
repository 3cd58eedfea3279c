"""Every key and value of a settings file that can't be what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from synthcohort.cohort.files.reading import reading_problems
from synthcohort.cohort.numeric_values import BEYOND
from synthcohort.cohort.suspicions import KINDS
from synthcohort.scene import Problem
from synthcohort.scene.problems import nearest

KEYS = (
    *("name", "description", "seed", "id", "weight", "cutoffs"),
    *("biomarkers", "groups", "covariates", "experiment", "reading", "where"),
    *("missing_texts", "beyond_detection", "keep_levels_apart", "repeated_ids"),
    *("strict", "accept", "smallest_cell"),
)
PARTS = {
    "biomarkers": ("column", "unit", "label", "cutoffs", "missing_codes", "beyond_detection"),
    "groups": ("column", "label", "levels", "missing_codes", "keep_levels_apart"),
    "covariates": ("column", "unit", "label", "missing_codes", "beyond_detection"),
}
REPEATED = ("refuse", "first", "last")

_TEXTS = ("id", "weight", "cutoffs")
_SWITCHES = ("keep_levels_apart", "strict")
_TABLES = ("experiment", "reading", "where")
_CHOICES = {"beyond_detection": BEYOND, "repeated_ids": REPEATED}
_LISTS = {"missing_texts": "a list of texts", "accept": "a list of suspicions"}


def settings_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Name every unknown key and every value of the wrong kind."""
    yield from _unknown("", data, KEYS)
    yield from _values("", data)
    for key in _TEXTS:
        if key in data:
            yield from _kind(key, data[key], str, "a text")
    for key in _TABLES:
        if key in data:
            yield from _kind(key, data[key], Mapping, "a table")
    if isinstance(data.get("reading"), Mapping):
        yield from reading_problems(data["reading"])
    for kind in data.get("accept", []) if isinstance(data.get("accept", []), list) else []:
        if kind not in KINDS:
            yield Problem("accept", f"got {kind!r}; {nearest(str(kind), KINDS)}")
    smallest = data.get("smallest_cell", 5)
    if not isinstance(smallest, int) or isinstance(smallest, bool) or smallest < 1:
        yield Problem("smallest_cell", f"got {smallest!r}, allowed: a number of people from 1")
    if not data.get("biomarkers"):
        yield Problem("biomarkers", "got nothing, allowed: a list of columns or a table of them")
    for part, allowed in PARTS.items():
        yield from _part_problems(part, data.get(part, {}), allowed)
    names = [(part, name) for part in PARTS for name in _names(data.get(part))]
    for part, name in names:
        if part == "groups" and name in _names(data.get("biomarkers")):
            message = "got the name of a biomarker, allowed: another name"
            yield Problem(f"groups.{name}", message)


def _part_problems(part: str, given: Any, allowed: tuple[str, ...]) -> Iterator[Problem]:
    if isinstance(given, list):
        for i, name in enumerate(given):
            yield from _kind(f"{part}.{i}", name, str, "the name of a column")
        names = [name for name in given if isinstance(name, str)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(part, f"got {name!r} twice, allowed: once")
        return
    if not isinstance(given, Mapping):
        yield Problem(part, f"got {given!r}, allowed: a list of columns or a table of them")
        return
    for name, keys in given.items():
        place = f"{part}.{name}"
        if not isinstance(keys, Mapping):
            yield Problem(place, f"got {keys!r}, allowed: a table with {', '.join(allowed)}")
            continue
        yield from _unknown(place, keys, allowed)
        yield from _values(f"{place}.", keys)
        if "column" in keys:
            yield from _kind(f"{place}.column", keys["column"], str, "the name of a column")
        if "missing_codes" in keys:
            words = "a list of values, or a table value = reason"
            yield from _kind(f"{place}.missing_codes", keys["missing_codes"], Mapping | list, words)
        if "levels" in keys and not isinstance(keys["levels"], Mapping | list):
            message = f"got {keys['levels']!r}, allowed: a list of values, or a table value = level"
            yield Problem(f"{place}.levels", message)


def _values(place: str, keys: Mapping[str, Any]) -> Iterator[Problem]:
    """Name values of keys that stand at the top and in parts."""
    for key, allowed in _CHOICES.items():
        if key in keys and keys[key] not in allowed:
            yield Problem(f"{place}{key}", f"got {keys[key]!r}; {nearest(str(keys[key]), allowed)}")
    for key in _SWITCHES:
        if key in keys:
            yield from _kind(f"{place}{key}", keys[key], bool, "true or false")
    for key, words in _LISTS.items():
        if key in keys:
            yield from _kind(f"{place}{key}", keys[key], list, words)


def _unknown(place: str, keys: Mapping[str, Any], allowed: tuple[str, ...]) -> Iterator[Problem]:
    for key in keys:
        if key not in allowed:
            where = f"{place}.{key}" if place else key
            yield Problem(where, f"unknown key; {nearest(key, allowed)}")


def _kind(place: str, value: Any, kind: Any, words: str) -> Iterator[Problem]:
    if not isinstance(value, kind):
        yield Problem(place, f"got {value!r}, allowed: {words}")


def _names(given: Any) -> list[str]:
    return [str(name) for name in given] if isinstance(given, Mapping | list) else []
