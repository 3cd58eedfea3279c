"""The difficulty dial: scale the separation of a group until its ceiling is met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from scipy.optimize import brentq

from synthcohort.evaluation.ceilings.expected_ceiling import ceiling as ceiling_of
from synthcohort.exact_theory import overlap as overlap_of
from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_dict

_LARGEST = 64.0
_TOLERANCE = 1e-3


def scaled(scene: Scene, group: str, factor: float) -> Scene:
    """Return the scene with every effect of a group multiplied.

    Shifts of factors and biomarkers are multiplied; multipliers of SDs are raised to the
    power, and slopes by level differ from their mean by so much more or less: 0 takes the
    effect away in all cases.
    """
    data = to_dict(scene)
    for part in data["factors"].values():
        for level, shift in part["mean"].get(group, {}).items():
            part["mean"][group][level] = shift * factor
        for level, spread in part["spread"].get(group, {}).items():
            part["spread"][group][level] = spread**factor
    for part in data["biomarkers"].values():
        for level, shift in part["shift"].get(group, {}).items():
            part["shift"][group][level] = shift * factor
        for level, spread in part["spread"].get(group, {}).items():
            part["spread"][group][level] = spread**factor
    for part in [*data["factors"].values(), *data["biomarkers"].values()]:
        for slope in part["slopes"].values():
            if isinstance(slope, dict) and scene.group_of_slope(slope) == group:
                mean = fmean(slope.values())
                slope |= {level: mean + (own - mean) * factor for level, own in slope.items()}
    return load_scene(data)


def tune(
    scene: Scene | str | Path | Mapping[str, Any],
    *,
    ceiling: float | None = None,
    overlap: float | None = None,
    group: str | None = None,
) -> Scene:
    """Scale the separation of a group until its ceiling or its average overlap is met.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    ceiling : float, optional
        Wanted best expected ARI on the experiment's biomarkers, between 0 and 1.
    overlap : float, optional
        Wanted average pairwise overlap instead, between 0 and 1.
    group : str, optional
        The truth of the scene's experiment by default.

    Returns
    -------
    Scene
        Named ``<name>_tuned``.

    Raises
    ------
    SceneError
        If the target is out of range or can't be reached, or the group has no effect.
    """
    scene = load_scene(scene)
    group = group or scene.experiment.truth
    problems = _problems(scene, group, ceiling, overlap)
    if problems or group is None:
        raise SceneError(scene.name, problems)
    chosen = group

    def harder(factor: float) -> float:
        """How much too easy the scaled scene is: rises with the factor."""
        if ceiling is not None:
            return ceiling_of(scaled(scene, chosen, factor), chosen).value - ceiling
        return float(overlap or 0) - overlap_of(scaled(scene, chosen, factor), chosen).average

    factor = _solve(harder)
    if factor is None:
        message = f"can't be reached by scaling the effects of {chosen!r} by 0 to {_LARGEST:g}"
        raise SceneError(scene.name, [Problem("target", message)])
    found = to_dict(scaled(scene, chosen, factor))
    wanted = f"ceiling {ceiling:g}" if ceiling is not None else f"average overlap {overlap:g}"
    found["name"] = f"{scene.name}_tuned"
    found["description"] = (
        f"{scene.name} with the effects of {chosen} times {factor:.4g}, for a {wanted}."
    )
    return load_scene(found)


def _problems(
    scene: Scene, group: str | None, ceiling: float | None, overlap: float | None
) -> list[Problem]:
    problems = []
    if (ceiling is None) == (overlap is None):
        problems.append(Problem("target", "allowed: either a ceiling or an overlap"))
    for name, value in (("ceiling", ceiling), ("overlap", overlap)):
        if value is not None and not 0 < value < 1:
            problems.append(Problem(name, f"got {value:g}, allowed: between 0 and 1"))
    if group not in scene.acting_groups():
        allowed = ", ".join(scene.acting_groups()) or "none in this scene"
        problems.append(Problem("group", f"got {group!r}, allowed, with an effect: {allowed}"))
    return problems


def _solve(harder: Callable[[float], float]) -> float | None:
    low, high = 0.0, 1.0
    # Groups that depend on each other give each other away.
    if harder(low) > 0:
        return None
    while harder(high) < 0:
        low, high = high, 2 * high
        if high > _LARGEST:
            return None
    return float(brentq(harder, low, high, xtol=1e-4, rtol=_TOLERANCE))
