"""The manifest of a run folder: what was made when and how, and checksums to verify it."""

from __future__ import annotations

import json
import math
import platform
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from synthcohort.results.formats.writers import mark
from synthcohort.scene import Problem, Scene, SceneError, digest, to_dict
from synthcohort.scene.serialization import checksum

_PACKAGES = ("synthcohort", "numpy", "pandas", "scipy", "scikit-learn", "numba")


def provenance(scene: Scene, now: datetime, synthetic: bool = True) -> dict[str, Any]:
    """Say what was made when, from which scene, by which versions on which platform."""
    return {
        **mark(synthetic),
        "created": now.astimezone().isoformat(timespec="seconds"),
        "scene": to_dict(scene),
        "scene_hash": digest(scene),
        "seed": scene.seed,
        "versions": {name: version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest with the checksum of every other file of the folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    checksums = {str(p.relative_to(folder)): checksum(p) for p in files}
    whole = _strict(content | {"checksums": checksums})
    text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _strict(value: Any) -> Any:
    """Replace numbers that JSON has not, NaN and infinite ones, by null."""
    if isinstance(value, dict):
        return {key: _strict(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    SceneError
        If the folder is not a run folder.
    """
    try:
        content: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        problem = Problem("RUN", f"got {str(folder)!r}, allowed: a run folder ({error})")
        raise SceneError("run folder", [problem]) from None
    return content


def verify(folder: str | Path) -> list[str]:
    """Compare every file of a run folder with its checksum.

    Returns
    -------
    list of str
        One sentence a file that is missing, changed or not of the run; empty when all is well.
    """
    root = Path(folder)
    known = read_manifest(root).get("checksums", {})
    found = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()} - {"manifest.json"}
    faults = [f"{name}: missing" for name in known if name not in found]
    faults += [f"{name}: not part of the run" for name in sorted(found - set(known))]
    return faults + [
        f"{name}: changed since the run"
        for name, value in known.items()
        if name in found and checksum(root / name) != value
    ]
