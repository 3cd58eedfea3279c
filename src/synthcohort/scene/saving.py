"""Write a scene to a file, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthcohort.scene.loading import load_scene
from synthcohort.scene.model import Scene
from synthcohort.scene.problems import Problem, SceneError
from synthcohort.scene.serialization import to_toml


def save_scene(scene: Scene | str | Path | Mapping[str, Any], path: str | Path) -> Path:
    """Write a scene as TOML; `load_scene` of the file gives the same scene.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    path : str or Path
        A file with the ending ``.toml``; one that is there is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    SceneError
        If the scene can't be used, or the file has another ending or can't be written.
    """
    out = Path(path)
    if out.suffix != ".toml":
        message = f"got {str(path)!r}, allowed: a file that ends in .toml"
        raise SceneError("output", [Problem("path", message)])
    write_text(to_toml(load_scene(scene)), out, place="path")
    return out


def write_text(text: str, out: Path, place: str) -> None:
    """Write a text file whole or not at all.

    Parameters
    ----------
    text : str
    out : Path
    place : str
        The parameter or option that named the file, for the message.

    Raises
    ------
    SceneError
        If the file can't be written.
    """
    partial = out.with_name(f".{out.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        message = f"got {str(out)!r}, allowed: a file that can be written ({error.strerror})"
        raise SceneError("output", [Problem(place, message)]) from None
