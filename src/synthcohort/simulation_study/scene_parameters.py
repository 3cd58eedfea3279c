"""A scene with some parameters set by their path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthcohort.evaluation.ceilings.difficulty import scaled, tune
from synthcohort.exact_theory import null_scene
from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_dict
from synthcohort.scene.problems import nearest

SEPARATION, CEILING, MISSING_RATE, NULL = "separation", "ceiling", "missing_rate", "null"
DERIVED = (SEPARATION, CEILING, MISSING_RATE, NULL)
"""What can be set beside a scene's own parameters."""


def with_parameters(scene: Scene, given: Mapping[str, Any], truth: str | None = None) -> Scene:
    """Return a scene with parameters replaced.

    Parameters
    ----------
    scene : Scene
    given : mapping of str to object
        Values by path, such as ``size`` or ``factors.adiposity.sd``. Also ``separation``, which
        multiplies every effect of the truth; ``ceiling``, the best expected ARI that these
        effects are scaled to; ``missing_rate``, the share of the values of every clustered
        biomarker that is missing completely at random; and ``null = true``, the null scene.
        They follow the paths, in this order: separation, ceiling, null, missing_rate.
    truth : str, optional
        The group whose effects are scaled; the experiment's by default.

    Returns
    -------
    Scene

    Raises
    ------
    SceneError
        With every path that names no parameter, and the nearest names.
    """
    data, problems = to_dict(scene), []
    for path, value in given.items():
        if path not in DERIVED:
            problems += _set(data, path, value)
    problems += _wrong(given)
    if problems:
        raise SceneError(scene.name, problems)
    found = load_scene(data)
    group = truth or found.experiment.truth
    if SEPARATION in given:
        found = scaled(found, _acting(found, group), given[SEPARATION])
    if CEILING in given:
        found = tune(found, ceiling=given[CEILING], group=group)
    if given.get(NULL):
        found = null_scene(found)
    return _with_missing(found, given.get(MISSING_RATE, 0))


def _set(data: dict[str, Any], path: str, value: Any) -> list[Problem]:
    """Put a value in its place; name the problem where there is no such place."""
    *parents, last = path.split(".")
    for number, key in enumerate([*parents, last]):
        new = parents == ["missing"] and number == 1  # a further reason for missing values
        if not isinstance(data, dict) or not (new or key in data):
            known = [".".join([*parents[:number], str(name)]) for name in data or ()]
            known = known + list(DERIVED) if number == 0 else known
            wrong = ".".join([*parents, last][: number + 1])
            return [Problem(path, f"names no parameter of the scene; {nearest(wrong, known)}")]
        if number == len(parents):
            data[key] = value
        else:
            data = data[key]
    return []


def _wrong(given: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for name, low, high, allowed in (
        (SEPARATION, 0, 64, "a number from 0 to 64"),
        (CEILING, 1e-9, 1 - 1e-9, "a number between 0 and 1"),
        (MISSING_RATE, 0, 0.95, "a share from 0 to 0.95"),
    ):
        value = given.get(name, low)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            problems.append(Problem(name, f"got {value!r}, allowed: {allowed}"))
    if not isinstance(given.get(NULL, False), bool):
        problems.append(Problem(NULL, f"got {given[NULL]!r}, allowed: true or false"))
    return problems


def _acting(scene: Scene, group: str | None) -> str:
    if group is None or group not in scene.acting_groups():
        allowed = ", ".join(scene.acting_groups()) or "none in this scene"
        message = f"scales the effects of {group!r}, allowed, with an effect: {allowed}"
        raise SceneError(scene.name, [Problem(SEPARATION, message)])
    return group


def _with_missing(scene: Scene, rate: float) -> Scene:
    """Lose values of every clustered biomarker completely at random, each independently."""
    if not rate:
        return scene
    data = to_dict(scene)
    for name in scene.experiment.biomarkers:
        data["missing"][f"{MISSING_RATE} {name}"] = {"variables": [name], "rate": rate}
    return load_scene(data)
