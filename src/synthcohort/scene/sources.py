"""From a catalogue id, a file or a module to plain data; nothing is checked here."""

from __future__ import annotations

import importlib
import runpy
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthcohort.scene import catalogue
from synthcohort.scene.problems import Problem, SceneError, nearest


@dataclass(frozen=True)
class Parsed:
    """Plain data of a scene and where it came from.

    Parameters
    ----------
    source : str
        Named in every error.
    data : mapping
        As written.
    stem : str
        Names a flat scene that has no name of its own.
    """

    source: str
    data: Mapping[str, Any]
    stem: str


def parse(source: str | Path | Mapping[str, Any]) -> Parsed:
    """Read a scene without checking it.

    Parameters
    ----------
    source : str, Path or mapping
        A catalogue id, a ``.toml`` file, a ``.py`` file, a dotted module, or the data itself.

    Returns
    -------
    Parsed

    Raises
    ------
    SceneError
        If there is no such scene or it can't be read.
    """
    if isinstance(source, Mapping):
        return Parsed(str(source.get("name", "scene")), source, "scene")
    text = str(source)
    if text.endswith(".toml"):
        return Parsed(text, _toml(Path(text)), Path(text).stem)
    if text.endswith(".py"):
        return Parsed(text, _python_file(Path(text)), Path(text).stem)
    if text in catalogue.names():
        return Parsed(text, tomllib.loads(catalogue.text(text)), text)
    if "." in text and all(part.isidentifier() for part in text.split(".")):
        return Parsed(text, _module(text), text.rpartition(".")[2])
    raise _error(
        text,
        f"no such scene; {nearest(text, catalogue.names())} "
        "A scene is a catalogue id, a .toml file, a .py file or a dotted module",
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _error(str(path), f"can't be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _error(str(path), f"is not TOML: {error}") from None
    except RecursionError:
        raise _error(str(path), "is nested too deeply, allowed: some ten levels") from None


def _python_file(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise _error(str(path), "can't be read (no such file)")
    return _scene_of(str(path), lambda: runpy.run_path(str(path)))


def _module(name: str) -> Mapping[str, Any]:
    def load() -> dict[str, Any]:
        # As `python -m` does: modules of the folder that the user stands in.
        if "" not in sys.path:
            sys.path.insert(0, "")
        return vars(importlib.import_module(name))

    return _scene_of(name, load)


def _scene_of(source: str, load: Any) -> Mapping[str, Any]:
    try:
        found = load().get("SCENE")
    except ModuleNotFoundError as error:
        raise _error(source, f"can't be imported ({error})") from None
    except Exception as error:  # any fault of the user's own code
        raise _error(source, f"its code failed: {type(error).__name__}: {error}") from None
    if not isinstance(found, Mapping):
        got = "nothing" if found is None else type(found).__name__
        raise _error(source, f"SCENE: got {got}, allowed: a dict named SCENE")
    return found


def _error(source: str, message: str) -> SceneError:
    return SceneError(source, [Problem("", message)])
