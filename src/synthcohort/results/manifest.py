"""The manifest of a run folder: what was made when and how, and checksums to verify it."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from synthcohort.machine.claims import LOCK
from synthcohort.machine.written_files import write_text
from synthcohort.results.formats.writers import mark
from synthcohort.results.page_files import (
    PAGE,
    PAGE_CHECKSUMS,
    PARTIAL_PAGE,
    is_of_page,
    page_checksums,
)
from synthcohort.results.tables import SCHEMAS
from synthcohort.scene import Problem, Scene, SceneError, digest, to_dict
from synthcohort.scene.serialization import checksum

FORMAT = 3
"""Of a run folder. In 1 the manifest had the checksums of the page as well; in 2 no seal."""
SEAL = "seal"
"""Key of the checksum of all else in the manifest."""
_SEALED_FROM = 3

_PACKAGES = ("synthcohort", "numpy", "pandas", "scipy", "scikit-learn", "numba")


def provenance(scene: Scene, now: datetime, synthetic: bool = True) -> dict[str, Any]:
    """Say what was made when, from which scene, by which versions on which platform."""
    return {
        **mark(synthetic),
        "format": FORMAT,
        "created": now.astimezone().isoformat(timespec="seconds"),
        "scene": to_dict(scene),
        "scene_hash": digest(scene),
        "seed": scene.seed,
        "versions": {name: version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest with the checksum of every other file of the folder, but of no page.

    It is written once, when the results are whole, and never again.
    """
    checksums = {n: checksum(folder / n) for n in _files(folder) if not is_of_page(n)}
    whole = _strict(content | {"checksums": checksums})
    whole[SEAL] = _seal(whole)
    text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(text + "\n", folder / "manifest.json")


def _seal(content: Mapping[str, Any]) -> str:
    """Checksum of a manifest's content, whatever its spaces and line ends."""
    rest = {key: value for key, value in content.items() if key != SEAL}
    return hashlib.sha256(json.dumps(rest, separators=(",", ":")).encode()).hexdigest()


def _manifest_faults(content: Mapping[str, Any]) -> list[str]:
    sealed = SEAL in content or content.get("format", 1) >= _SEALED_FROM
    broken = sealed and content.get(SEAL) != _seal(content)
    return ["manifest.json: changed since the run"] if broken else []


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
        if not isinstance(content, dict):
            raise ValueError("manifest.json is no table")
    except (OSError, ValueError, RecursionError) as error:
        problem = Problem("RUN", f"got {str(folder)!r}, allowed: a run folder ({error})")
        raise SceneError("run folder", [problem]) from None
    return content


def check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a run folder whose format, or one of whose tables, is of another version.

    Folders from before there were versions pass; their tables are checked when read.

    Raises
    ------
    SceneError
    """
    found = manifest.get("format", 1)
    problems = []
    if found > FORMAT:
        message = f"got format {found}, allowed: up to {FORMAT}; {reads_it(manifest)}"
        problems.append(Problem("manifest.json", message))
    for name, version_of_table in manifest.get("tables", {}).items():
        schema = SCHEMAS.get(name)
        if schema is None:
            message = f"got a table {name}, allowed: {', '.join(SCHEMAS)}; {reads_it(manifest)}"
            problems.append(Problem("manifest.json", message))
        elif version_of_table != schema.version:
            message = f"got version {version_of_table}, allowed: {schema.version}"
            problems.append(Problem(schema.file, f"{message}; {reads_it(manifest)}"))
    if problems:
        raise SceneError(str(folder), problems)


def reads_it(manifest: Mapping[str, Any]) -> str:
    """Say which version of this package reads a run folder."""
    return f"synthcohort {manifest['versions']['synthcohort']}, which wrote this folder, reads it"


def result_faults(folder: str | Path) -> list[str]:
    """Name the results of a run that are missing or changed, a sentence each; not its page's."""
    root = Path(folder)
    manifest = read_manifest(root)
    known = manifest.get("checksums", {})
    results = {n: value for n, value in known.items() if not is_of_page(n)}
    return [*_manifest_faults(manifest), *_differences(root, results)]


def verify(folder: str | Path) -> list[str]:
    """Compare every file of a run folder with its checksum.

    A page that is not there, or was not finished, is no fault: `has_page` tells of it.

    Returns
    -------
    list of str
        One sentence a file that is missing, changed or not of the run; empty when all is well.
    """
    root = Path(folder)
    manifest = read_manifest(root)
    known = manifest.get("checksums", {})
    of_page = page_checksums(root)
    if of_page is not None:
        known = {n: value for n, value in known.items() if not is_of_page(n)} | of_page
    found = set(_files(root)) - {PAGE_CHECKSUMS}
    if of_page is None:
        found = {name for name in found if name in known or not is_of_page(name)}
    foreign = sorted(name for name in found - set(known) if not name.startswith(PARTIAL_PAGE))
    faults = _differences(root, known)
    missing = [fault for fault in faults if fault.endswith(": missing")]
    others = [fault for fault in faults if fault not in missing]
    missing += _manifest_faults(manifest)
    return [*missing, *(f"{name}: not part of the run" for name in foreign), *others]


def has_page(folder: str | Path) -> bool:
    """Whether the page of a run was drawn to its end."""
    known = read_manifest(Path(folder)).get("checksums", {})
    return page_checksums(Path(folder)) is not None or PAGE in known


def _files(folder: Path) -> list[str]:
    """List what is in a run folder, but for the manifest and the claim of whoever fills it."""
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(set(names) - {"manifest.json", LOCK})


def _differences(root: Path, known: Mapping[str, str]) -> list[str]:
    found = []
    for name, value in known.items():
        if not (root / name).is_file():
            found.append(f"{name}: missing")
        elif checksum(root / name) != value:
            found.append(f"{name}: changed since the run")
    return found
