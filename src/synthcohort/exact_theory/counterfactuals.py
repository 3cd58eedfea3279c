"""Counterfactuals of a scene: the same people and the same draws, with an effect switched off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_dict
from synthcohort.scene.problems import nearest

NOISE = "noise"


def without(scene: Scene | str | Path | Mapping[str, Any], *effects: str) -> Scene:
    """Return the scene with the effect of groups, covariates, factors or noise switched off.

    The counterfactual has the same seed, people and draws: only what the effect added is gone.
    Where a slope is by level of a group that is switched off, all levels take the mean slope.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    *effects : str
        Names of groups, covariates and factors, or ``noise`` for the noise of every biomarker.

    Returns
    -------
    Scene
        Named ``<name>_without_<effect>``.

    Raises
    ------
    SceneError
        With every name that is none of these.

    Examples
    --------
    >>> without("haalsi_example", "region").acting_groups()
    ['sex']
    """
    scene = load_scene(scene)
    known = [*scene.groups, *scene.covariates, *scene.factors, NOISE]
    problems = [
        Problem("without", f"got {name!r}; {nearest(name, known)}")
        for name in effects
        if name not in known
    ]
    if problems:
        raise SceneError(scene.name, problems)
    if not effects:
        return scene
    changed = to_dict(scene)
    for name in effects:
        for part in [*changed["factors"].values(), *changed["biomarkers"].values()]:
            for term in ("mean", "shift", "spread", "loadings"):
                part.get(term, {}).pop(name, None)
            part["slopes"] = _slopes_without(scene, part["slopes"], name)
        if name == NOISE:
            for marker in changed["biomarkers"].values():
                marker["noise"] = 0.0
                marker["measurement"]["outliers"] = None
    label = " and ".join(effects)
    changed["name"] = f"{scene.name}_without_{'_'.join(effects)}"
    changed["description"] = f"{scene.name} without the effect of {label}."
    return load_scene(changed)


def _slopes_without(scene: Scene, slopes: dict[str, Any], effect: str) -> dict[str, Any]:
    kept = {}
    for name, slope in slopes.items():
        if name == effect and name in scene.covariates:
            continue
        by_effect = isinstance(slope, dict) and scene.group_of_slope(slope) == effect
        kept[name] = fmean(slope.values()) if by_effect else slope
    return kept
