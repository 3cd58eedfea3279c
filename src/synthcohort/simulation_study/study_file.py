"""A study file: read, checked, every fault named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from synthcohort.clustering.rivals import RIVALS
from synthcohort.scene import Problem, SceneError
from synthcohort.scene.defaults import plain, problem_of
from synthcohort.scene.problems import nearest
from synthcohort.simulation_study.study_model import Study, StudyMethod, StudyScene

_BUNDLED = Path(__file__).parent / "bundled"
_PARTS: dict[str, type[BaseModel]] = {"scenes": StudyScene, "methods": StudyMethod}


def load_study(source: Study | str | Path | Mapping[str, Any]) -> Study:
    """Read a study and check its form.

    Parameters
    ----------
    source : Study, str, Path or mapping
        A ``.toml`` file, its data, or the name of a bundled study.

    Returns
    -------
    Study

    Raises
    ------
    SceneError
        With every unknown key, and the nearest name, and every value that is not allowed.
    """
    if isinstance(source, Study):
        return source
    if isinstance(source, str | Path) and str(source) in bundled():
        source = bundled_file(str(source))
    name = str(source.get("name", "study")) if isinstance(source, Mapping) else str(source)
    data = dict(source) if isinstance(source, Mapping) else _toml(Path(source))
    try:
        study = Study.model_validate(plain(data))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=True)
        raise SceneError(name, list(map(_problem, faults))) from None
    problems = list(_contradictions(study))
    if problems:
        raise SceneError(name, problems)
    return study


def bundled() -> list[str]:
    """Name the studies that come with the package."""
    return sorted(path.stem for path in _BUNDLED.glob("*.toml"))


def bundled_file(name: str) -> Path:
    """Path of a bundled study."""
    return _BUNDLED / f"{name}.toml"


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that editors check a study file with."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Study.model_json_schema(),
        "title": "synthcohort study",
    }


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = f"can't be read ({error.strerror}); bundled studies: {', '.join(bundled())}"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"is not TOML: {error}"
    raise SceneError(str(path), [Problem("", message)])


def _problem(error: ErrorDetails) -> Problem:
    place = error["loc"]
    if error["type"] == "extra_forbidden":
        model = _PARTS[str(place[0])] if len(place) > 1 else Study
        message = f"unknown key; {nearest(str(place[-1]), model.model_fields)}"
        return Problem(".".join(map(str, place)), message)
    return problem_of(place, error)


def _contradictions(study: Study) -> Iterator[Problem]:
    if study.factors and study.scenarios:
        yield Problem("scenarios", "got factors as well, allowed: one of them")
    for name, method in study.methods.items():
        if (method.experiment is None) == (method.rival is None):
            got = "neither" if method.rival is None else "both"
            message = f"got {got} of experiment and rival, allowed: one of them"
            yield Problem(f"methods.{name}", message)
        for scene in method.scenes:
            if scene not in study.scenes:
                message = f"got {scene!r}; {nearest(scene, study.scenes)}"
                yield Problem(f"methods.{name}.scenes", message)
        if method.rival is not None and method.rival not in _plain_rivals():
            message = f"got {method.rival!r}; {nearest(method.rival, _plain_rivals())}"
            yield Problem(f"methods.{name}.rival", message)


def _plain_rivals() -> list[str]:
    return [name for name, rival in RIVALS.items() if not rival.binary]
