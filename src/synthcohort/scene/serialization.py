"""A scene as plain data, JSON and TOML, and its hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import tomli_w

from synthcohort.scene.model import Scene


def to_dict(scene: Scene) -> dict[str, Any]:
    """Return the resolved form: every default written out."""
    return scene.model_dump()


def to_json(scene: Scene) -> str:
    """Return the resolved form as JSON, two spaces deep."""
    return json.dumps(to_dict(scene), indent=2, ensure_ascii=False) + "\n"


def to_toml(scene: Scene) -> str:
    """Return the scene as TOML without what is default anyway; loading it gives the same scene."""
    short = scene.model_dump(exclude_defaults=True, exclude_none=True)
    return tomli_w.dumps(short, multiline_strings=True)


def digest(scene: Scene) -> str:
    """SHA-256 of the resolved form, in hexadecimal.

    The order of groups, levels and biomarkers counts: it is part of what is generated.
    """
    text = json.dumps(to_dict(scene), separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
