"""The one door for folders: filled under a hidden name, renamed when whole."""

from __future__ import annotations

import os
import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from synthcohort.machine.claims import claim, clear_abandoned, release
from synthcohort.machine.disk_faults import disk_fault
from synthcohort.machine.machine_error import MachineWarning

PARTIAL = ".partial"
_FOLDER = "a writable folder"


def slug(name: str) -> str:
    """Part of a path that a name may safely become.

    Examples
    --------
    >>> slug("../<b>two profiles</b>")
    'b-two-profiles-b'
    """
    return re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")[:100] or "scene"


@contextmanager
def new_folder(out: Path, name: str, now: datetime) -> Iterator[tuple[Path, Path]]:
    """Yield a hidden folder to write into and the path that it is renamed to when whole.

    Whatever ends the block early leaves no folder that looks complete; what killed runs left
    in `out` is cleared.

    Raises
    ------
    SceneError
        If folders can't be made in `out`.
    MachineError
        If the disk is full.
    """
    made = _missing_parents(out)
    stem = f"{slug(name)}__{now:%Y%m%d_%H%M%S}"
    try:
        make_folder(out)
        clear_leftovers(out)
        partial, target, claimed = _claimed(out, stem)
    except OSError as error:
        _remove_empty(made)
        raise (disk_fault(error, out, "--out", _FOLDER) or error) from None
    try:
        yield partial, target
        partial.rename(target)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        _remove_empty(made)
        os.close(claimed)
        fault = disk_fault(error, target, "--out", _FOLDER) if isinstance(error, OSError) else None
        if fault is not None:
            raise fault from error
        raise
    release(claimed, target)


@contextmanager
def inner_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder in the place of one that was left there; it is gone at the end."""
    shutil.rmtree(path, ignore_errors=True)
    claimed = None
    try:
        path.mkdir()
        claimed = claim(path)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if claimed is not None:
            os.close(claimed)


def make_folder(path: Path) -> None:
    """Make a folder and its parents, where a link points to if it is one."""
    Path(os.path.realpath(path)).mkdir(parents=True, exist_ok=True)


def move(source: Path, target: Path) -> None:
    """Put a file or folder into the place of another, within one file system."""
    os.replace(source, target)


def remove(path: Path) -> None:
    """Take away a file, or a folder with what is in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def clear_leftovers(out: Path) -> None:
    """Remove what dead processes left half-written in a folder or in its runs, and say it."""
    folders = [out, *(path for path in _inside(out) if not path.name.startswith("."))]
    left = [path for folder in folders for path in _inside(folder) if _is_partial(path)]
    cleared = [path.name for path in left if clear_abandoned(path)]
    if cleared:
        message = f"cleared what runs that were killed had left in {out}: {', '.join(cleared)}"
        warnings.warn(message, MachineWarning, stacklevel=4)


def _inside(folder: Path) -> list[Path]:
    """Return what is in a folder; nothing where it is none, or has just gone."""
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError:
        return []


def _is_partial(path: Path) -> bool:
    return path.name.startswith(".") and path.name.endswith(PARTIAL)


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


def _claimed(out: Path, stem: str) -> tuple[Path, Path, int]:
    """Make the hidden folder of the first name that no other run has: itself the claim.

    ``<stem>``, or with a number behind it. Runs of one second may all ask at once: making
    a folder succeeds for one of them only.
    """
    for number in count(1):
        target = out / (stem if number == 1 else f"{stem}_{number}")
        partial = target.with_name(f".{target.name}{PARTIAL}")
        try:
            partial.mkdir()
        except FileExistsError:
            continue
        if target.exists():
            partial.rmdir()
            continue
        claimed = claim(partial)
        if claimed is not None:
            return partial, target, claimed
    raise AssertionError("numbers do not end")
