"""Write a scene to a file, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthcohort.machine.written_files import write_text
from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_toml


def save_scene(scene: Scene | str | Path | Mapping[str, Any], path: str | Path) -> Path:
    """Write a scene as TOML; `load_scene` of the file gives the same scene.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    path : str or Path
        A file with the ending ``.toml``; one that is there is replaced, a link followed.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    SceneError
        If the scene can't be used, or the file has another ending or can't be written.
    MachineError
        If the disk is full.
    """
    out = Path(path)
    if out.suffix != ".toml":
        message = f"got {str(path)!r}, allowed: a file that ends in .toml"
        raise SceneError("output", [Problem("path", message)])
    write_text(to_toml(load_scene(scene)), out, "path")
    return out
