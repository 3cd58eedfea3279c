"""From plain data to a scene with every default filled in, or all its problems at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from synthcohort.scene import instrument as measurement
from synthcohort.scene import model
from synthcohort.scene.model import Scene
from synthcohort.scene.problems import Problem, SceneError, nearest
from synthcohort.scene.rules import problems_of

_ROUNDS = 20
Path = tuple[str | int, ...]


def resolve(data: Mapping[str, Any], source: str = "scene") -> Scene:
    """Check plain data and fill in every default.

    Parameters
    ----------
    data : mapping
        As parsed, or a resolved scene's own dump: resolving twice changes nothing.
    source : str
        Named in every error.

    Returns
    -------
    Scene

    Raises
    ------
    SceneError
        With all problems: unknown keys, impossible values, dangling names.
    """
    scene, problems = _validate(plain(data))
    if scene is not None:
        problems += [p for p in problems_of(scene) if not _follows(p, problems)]
    if problems or scene is None:
        raise SceneError(source, problems)
    return _fill(scene)


def plain(value: Any) -> Any:
    """Return dicts, lists and Python scalars for any mapping, sequence or NumPy value."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(item) for item in value]
    return value


def _validate(data: Any) -> tuple[Scene | None, list[Problem]]:
    """Validate the form; faulty values are taken out so that the rest can still be checked."""
    problems: list[Problem] = []
    data = copy.deepcopy(data)
    for _ in range(_ROUNDS):
        try:
            return Scene.model_validate(data), problems
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=True)
            places = [_path(data, item) for item in found]
            new = [problem_of(p, e) for p, e in zip(places, found, strict=True)]
            problems += [p for p in new if not _follows(p, problems)]
            for place, item in sorted(
                zip(places, found, strict=True), key=lambda pair: str(pair[0]), reverse=True
            ):
                if item["type"] == "missing" or not place:
                    return None, problems
                _mend(data, place, item)
    return None, problems


def _path(data: Any, error: ErrorDetails) -> Path:
    """Keys of the input that lead to the error; pydantic's own tags are left out."""
    path: list[str | int] = []
    for key in error["loc"]:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            continue
        path.append(key)
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    return tuple(path)


def _mend(data: Any, place: Path, error: ErrorDetails) -> None:
    """Put 0 for a faulty number of a table, so that its name stays known; take the rest out."""
    *parents, last = place
    for key in parents:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return  # an earlier fault took it out
    number = error["type"].startswith(("float", "finite", "greater", "less"))
    if number and isinstance(data, dict) and data.get(last) != 0.0 and last not in ("size", "seed"):
        data[last] = 0.0
    elif isinstance(data, dict):
        data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]


def problem_of(place: Path, error: ErrorDetails) -> Problem:
    """Say of a value that pydantic refuses what was got and what is allowed."""
    got, context = f"got {_short(error['input'])}", error.get("ctx", {})
    kind = error["type"]
    if kind == "extra_forbidden":
        message = f"unknown key; {nearest(str(place[-1]), _fields(place[:-1]))}"
    elif kind == "missing":
        message = "is missing"
    elif kind in _ALLOWED:
        message = f"{got}, allowed: {_ALLOWED[kind].format(**context)}"
    else:
        message = f"{got}: {error['msg']}"
    return Problem(".".join(map(str, place)), message)


_ALLOWED = {
    "greater_than_equal": "{ge:g} or more",
    "greater_than": "above {gt:g}",
    "less_than_equal": "{le:g} or less",
    "less_than": "below {lt:g}",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "literal_error": "{expected}",
    "string_pattern_mismatch": "a name without control characters",
    "string_too_short": "a name of 1 to 80 characters",
    "string_too_long": "a name of 1 to 80 characters",
    "too_short": "at least {min_length}",
    "dict_too_short": "at least {min_length}",
}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _fields(path: Path) -> list[str]:
    """Keys that are allowed at a place."""
    kinds: dict[str | int, type[BaseModel]] = {
        "groups": model.Group,
        "covariates": model.Covariate,
        "factors": model.Factor,
        "biomarkers": model.Biomarker,
        "missing": model.Missing,
        "sampling": model.Sampling,
        "experiment": model.Experiment,
        "measurement": measurement.Measurement,
        "detection": measurement.Detection,
        "heaping": measurement.Heaping,
        "outliers": measurement.Outliers,
        "cutoffs": model.Cutoffs,
    }
    if not path:
        return list(Scene.model_fields)
    return list(kinds[path[-1] if len(path) > 2 else path[0]].model_fields)


def _follows(problem: Problem, earlier: list[Problem]) -> bool:
    """Whether a problem may only follow from one already named at, above or below its place."""
    here = f"{problem.place}."
    return any(here.startswith(f"{e.place}.") or f"{e.place}.".startswith(here) for e in earlier)


def _fill(scene: Scene) -> Scene:
    """Fill in what depends on the rest of the scene."""
    factors = {
        name: f.model_copy(
            update={
                "mean": _all_levels(scene, f.mean),
                "spread": _all_levels(scene, f.spread, default=1.0),
            }
        )
        for name, f in scene.factors.items()
    }
    biomarkers = {
        name: b.model_copy(
            update={
                "shift": _all_levels(scene, b.shift),
                "spread": _all_levels(scene, b.spread, default=1.0),
            }
        )
        for name, b in scene.biomarkers.items()
    }
    covariates = {
        name: c.model_copy(update={"centre": c.middle}) for name, c in scene.covariates.items()
    }
    missing = {
        name: m.model_copy(update={"on": _all_log_odds(scene, m.on)})
        for name, m in scene.missing.items()
    }
    filled = scene.model_copy(
        update={
            "covariates": covariates,
            "factors": factors,
            "biomarkers": biomarkers,
            "missing": missing,
        }
    )
    chosen = scene.experiment
    biomarkers_used = chosen.biomarkers or list(scene.biomarkers)
    with_cutoffs = any(scene.biomarkers[name].cutoffs for name in biomarkers_used)
    given = with_cutoffs or "preprocessings" in chosen.model_fields_set
    left_out = () if given else model.CLINICAL_DEFAULTS
    experiment = chosen.model_copy(
        update={
            "biomarkers": biomarkers_used,
            "preprocessings": [n for n in chosen.preprocessings if n not in left_out],
            "truth": chosen.truth or _default_truth(filled),
        }
    )
    return filled.model_copy(update={"experiment": experiment})


def _all_levels(
    scene: Scene, shifts: dict[str, dict[str, float]], default: float = 0.0
) -> dict[str, dict[str, float]]:
    return {
        group: {level: by_level.get(level, default) for level in scene.groups[group].levels}
        for group, by_level in shifts.items()
    }


def _all_log_odds(
    scene: Scene, on: dict[str, float | dict[str, float]]
) -> dict[str, float | dict[str, float]]:
    by_level = {name: row for name, row in on.items() if isinstance(row, dict)}
    return on | _all_levels(scene, by_level)


def _default_truth(scene: Scene) -> str | None:
    """First hidden group that has any effect, else the first visible one that has."""
    acting = scene.acting_groups()
    hidden = [name for name in acting if scene.groups[name].hidden]
    return next(iter(hidden + acting), None)
