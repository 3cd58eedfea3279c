"""Twins of a scene: the same people and the same draws, with an effect switched off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_dict
from synthcohort.scene.problems import nearest

NOISE = "noise"


def without(scene: Scene | str | Path | Mapping[str, Any], *effects: str) -> Scene:
    """Return the scene with the effect of groups, factors or the noise switched off.

    The twin has the same seed, people and draws: only what the effect added is gone.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    *effects : str
        Names of groups and factors, or ``noise`` for the noise of every biomarker.

    Returns
    -------
    Scene
        Named ``<name>_without_<effect>``.

    Raises
    ------
    SceneError
        With every name that is neither a group nor a factor nor ``noise``.

    Examples
    --------
    >>> without("haalsi_example", "region").acting_groups()
    ['sex']
    """
    scene = load_scene(scene)
    known = [*scene.groups, *scene.factors, NOISE]
    problems = [
        Problem("without", f"got {name!r}; {nearest(name, known)}")
        for name in effects
        if name not in known
    ]
    if problems:
        raise SceneError(scene.name, problems)
    if not effects:
        return scene
    twin = to_dict(scene)
    for name in effects:
        for factor in twin["factors"].values():
            factor["mean"].pop(name, None)
            factor["spread"].pop(name, None)
        for marker in twin["biomarkers"].values():
            marker["shift"].pop(name, None)
            marker["loadings"].pop(name, None)
            if name == NOISE:
                marker["noise"] = 0.0
    label = " and ".join(effects)
    twin["name"] = f"{scene.name}_without_{'_'.join(effects)}"
    twin["description"] = f"The twin of {scene.name} without the effect of {label}."
    return load_scene(twin)
