"""How a user's table maps to biomarkers, groups, weights and an experiment."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthcohort.scene import Problem, Scene, SceneError, load_scene
from synthcohort.scene.model import WEIGHT
from synthcohort.scene.problems import nearest

_KEYS = (
    "name",
    "description",
    "seed",
    "id",
    "weight",
    "cutoffs",
    "biomarkers",
    "groups",
    "covariates",
    "experiment",
)
_BIOMARKER = ("column", "unit", "label", "cutoffs", "missing_codes")
_GROUP = ("column", "label", "levels", "missing_codes")
_OF_TABLE = ("column", "missing_codes")


@dataclass(frozen=True)
class TableSettings:
    """The mapping of a table, its keys checked and its values not yet.

    Parameters
    ----------
    source : str
        Named in every error.
    id, weight : str, optional
        Columns of the individuals' id and survey weight.
    cutoffs : Path, optional
        A file that replaces all cut-offs.
    covariates : list of str
        Columns of numbers, such as age, whose thirds are compared with the partitions.
    columns : dict of str to str
        The table's column of each biomarker and group.
    levels : dict of str to dict of str to str
        For groups that name them: value in the table, written as text, to level.
    missing_codes : dict of str to list of str
        By biomarker or group: values, written as text, that mean missing.
    parts : dict
        What is left, in the form of a scene: name, description, seed, biomarkers,
        groups (labels only) and experiment.
    """

    source: str
    id: str | None
    weight: str | None
    cutoffs: Path | None
    covariates: list[str]
    columns: dict[str, str]
    levels: dict[str, dict[str, str]]
    missing_codes: dict[str, list[str]]
    parts: dict[str, Any]

    @property
    def biomarkers(self) -> list[str]:
        """Names of the biomarkers, in order."""
        return list(self.parts["biomarkers"])

    @property
    def groups(self) -> list[str]:
        """Names of the groups, in order."""
        return list(self.parts["groups"])


def load_settings(source: str | Path | Mapping[str, Any]) -> TableSettings:
    """Read a settings file and check its keys.

    Parameters
    ----------
    source : str, Path or mapping
        A ``.toml`` file, or its data.

    Returns
    -------
    TableSettings

    Raises
    ------
    SceneError
        If the file can't be read, or with every unknown key and value of the wrong kind.
    """
    if isinstance(source, Mapping):
        data, name, place = dict(source), "settings", Path()
    else:
        data, name, place = _read(Path(source)), str(source), Path(source).parent
    problems = list(_problems(data))
    if problems:
        raise SceneError(name, problems)
    biomarkers, groups = _named(data["biomarkers"]), _named(data.get("groups", {}))
    stem = name if isinstance(source, Mapping) else Path(source).stem
    rest: dict[str, Any] = {
        key: data[key] for key in ("description", "seed", "experiment") if key in data
    }
    return TableSettings(
        source=name,
        id=data.get("id"),
        weight=data.get("weight"),
        cutoffs=place / data["cutoffs"] if "cutoffs" in data else None,
        covariates=list(data.get("covariates", [])),
        columns={key: part.get("column", key) for key, part in (biomarkers | groups).items()},
        levels={key: _levels(g["levels"]) for key, g in groups.items() if "levels" in g},
        missing_codes={
            key: [as_word(code) for code in part["missing_codes"]]
            for key, part in (biomarkers | groups).items()
            if "missing_codes" in part
        },
        parts={
            **rest,
            "name": data.get("name", stem),
            "biomarkers": {
                key: {k: v for k, v in part.items() if k not in _OF_TABLE}
                for key, part in biomarkers.items()
            },
            "groups": {key: {"label": g.get("label", "")} for key, g in groups.items()},
        },
    )


def settings_of(
    scene: Scene | str | Path | Mapping[str, Any], columns: Collection[str]
) -> TableSettings:
    """Take the mapping from a scene: each visible variable is the column of its name.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    columns : collection of str
        Of the table; ``id`` is used where it is there, and ``weight`` as the survey weight
        where the scene has unequal sampling: only then is that its meaning.

    Returns
    -------
    TableSettings
    """
    loaded = load_scene(scene)
    groups = {name: group for name, group in loaded.groups.items() if not group.hidden}
    dump = loaded.model_dump()
    experiment = dump["experiment"]
    if experiment["truth"] not in groups:
        experiment["truth"] = None
    return TableSettings(
        source=loaded.name,
        id="id" if "id" in columns else None,
        weight=WEIGHT if loaded.sampling is not None and WEIGHT in columns else None,
        cutoffs=None,
        covariates=list(loaded.covariates),
        columns={name: name for name in (*loaded.biomarkers, *groups)},
        levels={name: {level: level for level in group.levels} for name, group in groups.items()},
        missing_codes={},
        parts={
            "name": loaded.name,
            "description": loaded.description,
            "seed": loaded.seed,
            "biomarkers": {
                name: {key: part[key] for key in ("unit", "label", "cutoffs")}
                for name, part in dump["biomarkers"].items()
            },
            "groups": {name: {"label": group.label} for name, group in groups.items()},
            "experiment": experiment,
        },
    )


def as_word(value: Any) -> str:
    """Write a value as a settings file's keys have it: whole numbers without a point.

    Examples
    --------
    >>> as_word(1.0), as_word(1.5), as_word("male")
    ('1', '1.5', 'male')
    """
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"can't be read ({error.strerror})"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"is not TOML: {error}"
    raise SceneError(str(path), [Problem("", message)])


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown("", data, _KEYS)
    for key in ("id", "weight", "cutoffs"):
        if key in data:
            yield from _kind(key, data[key], str, "a text")
    if "experiment" in data:
        yield from _kind("experiment", data["experiment"], Mapping, "a table")
    if not data.get("biomarkers"):
        yield Problem("biomarkers", "got nothing, allowed: a list of columns or a table of them")
    for part, allowed in (("biomarkers", _BIOMARKER), ("groups", _GROUP)):
        yield from _part_problems(part, data.get(part, {}), allowed)
    covariates = data.get("covariates", [])
    yield from _kind("covariates", covariates, list, "a list of columns")
    if isinstance(covariates, list):
        yield from _part_problems("covariates", covariates, ())
    both = set(_names(data.get("biomarkers"))) & set(_names(data.get("groups")))
    for name in sorted(both):
        yield Problem(f"groups.{name}", "got the name of a biomarker, allowed: another name")


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
        if "column" in keys:
            yield from _kind(f"{place}.column", keys["column"], str, "the name of a column")
        if "missing_codes" in keys:
            place_of = f"{place}.missing_codes"
            yield from _kind(place_of, keys["missing_codes"], list, "a list of values")
        if "levels" in keys and not isinstance(keys["levels"], Mapping | list):
            message = f"got {keys['levels']!r}, allowed: a list of values, or a table value = level"
            yield Problem(f"{place}.levels", message)


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


def _named(given: Any) -> dict[str, dict[str, Any]]:
    if isinstance(given, list):
        return {name: {} for name in given}
    return {name: dict(part) for name, part in given.items()}


def _levels(given: Any) -> dict[str, str]:
    if isinstance(given, list):
        return {as_word(value): as_word(value) for value in given}
    return {str(value): str(level) for value, level in given.items()}
