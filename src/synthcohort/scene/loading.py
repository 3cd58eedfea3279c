"""Load a scene from wherever it is: parse, translate the flat format, resolve."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthcohort.scene.defaults import resolve
from synthcohort.scene.flat_format import from_flat, is_flat
from synthcohort.scene.model import Scene
from synthcohort.scene.problems import SceneWarning
from synthcohort.scene.sources import parse


def load_scene(source: Scene | str | Path | Mapping[str, Any]) -> Scene:
    """Load a scene, check it and resolve every default.

    Parameters
    ----------
    source : Scene, str, Path or mapping
        A catalogue id, a ``.toml`` file, a ``.py`` file or dotted module with a ``SCENE``
        dict (its code is run), the data itself, or a scene.

    Returns
    -------
    Scene

    Raises
    ------
    SceneError
        With every problem: where, what was got and what is allowed.

    Warns
    -----
    SceneWarning
        For unknown keys of a flat scene, which that format has always ignored.

    Examples
    --------
    >>> load_scene("haalsi_example").size
    10000
    """
    if isinstance(source, Scene):
        return resolve(source.model_dump(), source.name)
    parsed = parse(source)
    if not is_flat(parsed.data):
        return resolve(parsed.data, parsed.source)
    data, remarks = from_flat(parsed.data, parsed.stem, parsed.source)
    for remark in remarks:
        warnings.warn(f"{parsed.source}: {remark}", SceneWarning, stacklevel=2)
    return resolve(data, parsed.source)
