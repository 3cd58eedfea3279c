"""A run folder: written under a hidden name, renamed when whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from synthcohort.scene import Problem, SceneError


def slug(name: str) -> str:
    """Part of a path that a name may safely become.

    Examples
    --------
    >>> slug("../<b>two profiles</b>")
    'b-two-profiles-b'
    """
    return re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-") or "scene"


@contextmanager
def new_folder(out: Path, name: str, now: datetime) -> Iterator[tuple[Path, Path]]:
    """Yield a hidden folder to write into and the path that it is renamed to when whole.

    Whatever ends the block early leaves no folder that looks complete.

    Raises
    ------
    SceneError
        If folders can't be made in `out`.
    """
    made = _missing_parents(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        partial, target = _claimed(out, f"{slug(name)}__{now:%Y%m%d_%H%M%S}")
    except OSError as error:
        _remove_empty(made)
        message = f"got {str(out)!r}, allowed: a writable folder ({error.strerror})"
        raise SceneError("output", [Problem("--out", message)]) from None
    try:
        yield partial, target
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        _remove_empty(made)
        raise


def _missing_parents(path: Path) -> list[Path]:
    """Folders that have to be made to have `path`, the deepest first."""
    try:
        return [p for p in (path, *path.parents) if not p.exists()]
    except OSError:
        return []


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _claimed(out: Path, stem: str) -> tuple[Path, Path]:
    """Make the hidden folder of the first name that no other run has: itself the claim.

    ``<stem>``, or with a number behind it. Runs of one second may all ask at once: making
    a folder succeeds for one of them only.
    """
    for number in count(1):
        target = out / (stem if number == 1 else f"{stem}_{number}")
        partial = target.with_name(f".{target.name}.partial")
        try:
            partial.mkdir()
        except FileExistsError:
            continue
        if not target.exists():
            return partial, target
        partial.rmdir()
    raise AssertionError("numbers do not end")
