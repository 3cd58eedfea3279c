"""The scenarios of a study: every scene with every combination of what varies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from synthcohort.cohort.experiment_settings import check_settings, with_settings
from synthcohort.scene import Problem, Scene, SceneError, load_scene
from synthcohort.scene.problems import nearest
from synthcohort.simulation_study.scene_parameters import with_parameters
from synthcohort.simulation_study.study_model import Study, StudyMethod, StudyScene


@dataclass(frozen=True)
class Scenario:
    """One data-generating mechanism of a study.

    Parameters
    ----------
    name : str
        Of its scene in the study.
    varied : dict of str to object
        What varies, by path; the same paths in all scenarios, None where one does not apply.
    scene : Scene
    truth : str or None
        The group to find; None where there is nothing to find.
    """

    name: str
    varied: dict[str, Any]
    scene: Scene
    truth: str | None


def scenarios_of(study: Study, beside: Path = Path()) -> list[Scenario]:
    """Resolve and check every scenario of a study, and every method on it.

    Parameters
    ----------
    study : Study
    beside : Path
        The folder in which files of scenes are looked for.

    Returns
    -------
    list of Scenario

    Raises
    ------
    SceneError
        With every problem: scenes that can't be loaded, paths that name no parameter, settings
        of methods that are unknown.
    """
    found: list[Scenario] = []
    problems: list[Problem] = []
    for name, part in study.scenes.items():
        try:
            rows = _wanted(part, combinations(study))
        except SceneError as error:
            problems += _within(name, error)
            continue
        for varied in rows:
            try:
                one = _scenario(study, name, part, varied, beside)
                for title, method in study.methods.items():
                    if method.runs_on(name):
                        _check(title, method, one.scene)
            except SceneError as error:
                problems += _within(name, error)
            else:
                found.append(one)
    if problems:
        raise SceneError(study.name, list(dict.fromkeys(problems)))
    return found


def _within(scene: str, error: SceneError) -> list[Problem]:
    return [
        Problem(f"scenes.{scene}" + f".{p.place}" * bool(p.place), p.message)
        for p in error.problems
    ]


def combinations(study: Study) -> list[dict[str, Any]]:
    """List what varies in every scene: the table, or the grid or its fraction."""
    if study.scenarios:
        paths = dict.fromkeys(path for row in study.scenarios for path in row)
        return [{path: row.get(path) for path in paths} for row in study.scenarios]
    return list(_grid(study))


def _grid(study: Study) -> Iterator[dict[str, Any]]:
    levels = [list(enumerate(values)) for values in study.factors.values()]
    for chosen in product(*levels):
        if sum(number for number, _ in chosen) % study.fraction == 0:
            yield dict(zip(study.factors, (value for _, value in chosen), strict=True))


def _wanted(part: StudyScene, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the combinations that a scene is run with; an unknown path is a problem."""
    known = list(dict.fromkeys(path for row in rows for path in row))
    problems = [
        Problem(f"only.{path}", f"does not vary in this study; {nearest(path, known)}")
        for path in part.only
        if path not in known
    ]
    if problems:
        raise SceneError(part.scene, problems)
    kept = [row for row in rows if all(row[p] in values for p, values in part.only.items())]
    if not kept:
        raise SceneError(part.scene, [Problem("only", "leaves no scenario, allowed: at least one")])
    return kept


def _scenario(
    study: Study, name: str, part: StudyScene, varied: Mapping[str, Any], beside: Path
) -> Scenario:
    is_file = part.scene.endswith((".toml", ".py"))
    scene = load_scene(beside / part.scene if is_file else part.scene)
    given = part.set | {path: value for path, value in varied.items() if value is not None}
    scene = with_parameters(scene, given, study.truth)
    truth = study.truth or scene.experiment.truth
    acts = truth is not None and truth in scene.acting_groups()
    return Scenario(name, dict(varied), scene, truth if acts else None)


def method_scene(method: StudyMethod, scene: Scene) -> Scene:
    """Return a scene whose experiment is that of a method.

    Raises
    ------
    SceneError
        With every setting that is unknown or can't be run on this scene.
    """
    return with_settings(scene, None, None, method.experiment or {})


def _check(title: str, method: StudyMethod, scene: Scene) -> None:
    if method.experiment is None:
        return
    try:
        check_settings(method_scene(method, scene))
    except SceneError as error:
        raise SceneError(
            scene.name, [Problem(f"methods.{title}.{p.place}", p.message) for p in error.problems]
        ) from None
