"""How a user's table maps to biomarkers, groups, weights and an experiment."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from synthcohort.cohort.settings_checks import settings_problems
from synthcohort.cohort.wildcards import fitting, is_pattern, keyed
from synthcohort.cohort.words import as_word
from synthcohort.scene import Problem, Scene, SceneError, load_scene
from synthcohort.scene.model import WEIGHT

_OF_TABLE = ("column", "missing_codes", "beyond_detection")


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
        Names of numbers, such as age, whose thirds are compared with the partitions.
    columns : dict of str to str
        The table's column of each biomarker, group and covariate.
    levels : dict of str to dict of str to str
        For groups that name them: value in the table, written as text, to level.
    missing_codes : dict of str to dict of str to str
        By biomarker, group or covariate: values, written as text, that mean missing, and the
        reason; without one it is the value's label.
    parts : dict
        What is left, in the form of a scene: name, description, seed, biomarkers,
        groups (labels only) and experiment.
    reading : dict
        How the file is read, as `Reading` has it.
    where : dict of str to list of str
        Only rows with one of these values in a column are taken.
    missing_texts : list of str
        Texts that mean missing in every column.
    beyond : dict of str to str
        By biomarker or covariate: what a value beyond a detection limit counts as.
    apart : list of str
        Groups whose levels are kept apart if they differ by case or blanks only.
    repeated_ids : str
        ``refuse``, or which row of each id is kept: ``first`` or ``last``.
    strict : bool
        Whether every suspicion is an error.
    accept : list of str
        Kinds of suspicions that are not said.
    smallest : int
        No output counts fewer people than this.
    """

    source: str
    id: str | None
    weight: str | None
    cutoffs: Path | None
    covariates: list[str]
    columns: dict[str, str]
    levels: dict[str, dict[str, str]]
    missing_codes: dict[str, dict[str, str]]
    parts: dict[str, Any]
    reading: dict[str, Any] = field(default_factory=dict)
    where: dict[str, list[str]] = field(default_factory=dict)
    missing_texts: list[str] = field(default_factory=list)
    beyond: dict[str, str] = field(default_factory=dict)
    apart: list[str] = field(default_factory=list)
    repeated_ids: str = "refuse"
    strict: bool = False
    accept: list[str] = field(default_factory=list)
    smallest: int = 5

    @property
    def biomarkers(self) -> list[str]:
        """Names of the biomarkers, in order."""
        return list(self.parts["biomarkers"])

    @property
    def groups(self) -> list[str]:
        """Names of the groups, in order."""
        return list(self.parts["groups"])

    def wanted(self, names: Sequence[str]) -> list[str]:
        """Choose the columns of a file that are used; others are not looked at."""
        single = [name for name in (self.id, self.weight) if name is not None]
        used = {*single, *self.expanded(names).columns.values(), *self.where}
        return [name for name in names if name in used]

    def expanded(self, names: Sequence[str]) -> TableSettings:
        """Return settings in which every name with wildcards is the names that it stands for.

        Parameters
        ----------
        names : sequence of str
            Of the table's columns.

        Returns
        -------
        TableSettings
            A column that is named in full, or by an earlier pattern, is not taken by a pattern; one
            that no column fits stays as it is, for the error that names it.
        """
        patterns = [name for name, column in self.columns.items() if is_pattern(column, names)]
        if not patterns:
            return self
        single = [name for name in (self.id, self.weight) if name is not None]
        taken = {*single, *self.where}
        taken |= {column for name, column in self.columns.items() if name not in patterns}
        found: dict[str, list[str]] = {}
        for name in patterns:
            fits = fitting(self.columns[name], names)
            found[name] = [one for one in fits if one not in taken]
            taken |= set(found[name])

        parts = self.parts
        experiment = dict(parts.get("experiment", {}))
        if isinstance(experiment.get("biomarkers"), list):
            known = list(keyed(parts["biomarkers"], found))
            asked = experiment["biomarkers"]
            experiment["biomarkers"] = [n for name in asked for n in fitting(name, known) or [name]]
        return replace(
            self,
            covariates=list(keyed(dict.fromkeys(self.covariates), found)),
            columns={name: self.columns.get(name, name) for name in keyed(self.columns, found)},
            levels=keyed(self.levels, found),
            missing_codes=keyed(self.missing_codes, found),
            beyond=keyed(self.beyond, found),
            apart=list(keyed(dict.fromkeys(self.apart), found)),
            parts={
                **parts,
                **({"experiment": experiment} if "experiment" in parts else {}),
                "biomarkers": keyed(parts["biomarkers"], found),
                "groups": keyed(parts["groups"], found),
            },
        )


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
    problems = list(settings_problems(data))
    if problems:
        raise SceneError(name, problems)
    biomarkers, groups = _named(data["biomarkers"]), _named(data.get("groups", {}))
    covariates = _named(data.get("covariates", {}))
    used = covariates | biomarkers | groups
    stem = name if isinstance(source, Mapping) else Path(source).stem
    rest: dict[str, Any] = {
        key: data[key] for key in ("description", "seed", "experiment") if key in data
    }
    return TableSettings(
        source=name,
        id=data.get("id"),
        weight=data.get("weight"),
        cutoffs=place / data["cutoffs"] if "cutoffs" in data else None,
        covariates=list(covariates),
        columns={key: part.get("column", key) for key, part in used.items()},
        levels={key: _levels(g["levels"]) for key, g in groups.items() if "levels" in g},
        missing_codes={
            key: _codes(part["missing_codes"])
            for key, part in used.items()
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
        reading=dict(data.get("reading", {})),
        where={key: _values(value) for key, value in data.get("where", {}).items()},
        missing_texts=[str(text) for text in data.get("missing_texts", [])],
        beyond={
            key: str(part.get("beyond_detection", data.get("beyond_detection")))
            for key, part in (covariates | biomarkers).items()
            if "beyond_detection" in part or "beyond_detection" in data
        },
        apart=[
            key
            for key, part in groups.items()
            if part.get("keep_levels_apart", data.get("keep_levels_apart", False))
        ],
        repeated_ids=data.get("repeated_ids", "refuse"),
        strict=data.get("strict", False),
        accept=list(data.get("accept", [])),
        smallest=data.get("smallest_cell", 5),
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
    names = (*loaded.covariates, *loaded.biomarkers, *groups)
    return TableSettings(
        source=loaded.name,
        id="id" if "id" in columns else None,
        weight=WEIGHT if loaded.sampling is not None and WEIGHT in columns else None,
        cutoffs=None,
        covariates=list(loaded.covariates),
        columns={name: name for name in names},
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


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = f"can't be read ({error.strerror})"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"is not TOML: {error}"
    except RecursionError:
        message = "is nested too deeply, allowed: some ten levels"
    raise SceneError(str(path), [Problem("", message)])


def _named(given: Any) -> dict[str, dict[str, Any]]:
    if isinstance(given, list):
        return {name: {} for name in given}
    return {name: dict(part) for name, part in given.items()}


def _levels(given: Any) -> dict[str, str]:
    if isinstance(given, list):
        return {as_word(value): as_word(value) for value in given}
    return {str(value): str(level) for value, level in given.items()}


def _codes(given: Any) -> dict[str, str]:
    """Return values that mean missing, with the reason where one is given."""
    if isinstance(given, list):
        return {as_word(value): "" for value in given}
    return {str(value): str(reason) for value, reason in given.items()}


def _values(given: Any) -> list[str]:
    return [as_word(value) for value in given] if isinstance(given, list) else [as_word(given)]
