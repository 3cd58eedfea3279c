"""The bundled scenes: one commented TOML file each, beside this module."""

from __future__ import annotations

from importlib.resources import files


def names() -> list[str]:
    """Catalogue ids, in alphabetical order.

    Examples
    --------
    >>> "haalsi_example" in names()
    True
    """
    found = [item.name for item in files(__name__).iterdir()]
    return sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml"))


def scenes() -> list[str]:
    """Return the ids of the bundled scenes, which `load_scene` takes.

    Examples
    --------
    >>> "haalsi_example" in scenes()
    True
    """
    return names()


def text(name: str) -> str:
    """Return the TOML text of a catalogue scene, comments included."""
    return (files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
