"""The one door for files: whole or not at all, wherever they go.

Whatever writes asks for a path here first (`tests/machine/test_one_door.py` finds what does not)::

    with written(folder / "scores.csv") as path:
        frame.to_csv(path)
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from synthcohort.machine.claims import claim, clear_abandoned
from synthcohort.machine.disk_faults import disk_fault

STANDARD_OUTPUT = "-"
_OPEN_FILES = ("/dev/std", "/dev/fd/", "/proc/")
_FILE = "a file that can be written"


@contextmanager
def written(target: str | Path, place: str = "--out") -> Iterator[Path]:
    """Yield a path to write to; what is there at the end becomes the target.

    Parameters
    ----------
    target : str or Path
        ``-`` is standard output. Devices and pipes are written to, links are followed, and
        a file that is there is replaced but keeps its permissions.
    place : str
        The option or parameter that named it, for the message.

    Raises
    ------
    SceneError
        If the target can't be written; another could.
    MachineError
        If the disk is full or broken.
    """
    shown = Path(target)
    try:
        if _is_stream(shown):
            with _poured_into(shown) as path:
                yield path
        else:
            with _in_place_of(Path(os.path.realpath(shown))) as path:
                yield path
    except Exception as error:
        if isinstance(error, BrokenPipeError):
            raise
        fault = disk_fault(error, shown, place, _FILE)
        if fault is None:
            raise
        raise fault from error


def write_text(text: str, target: str | Path, place: str = "--out") -> None:
    """Write a text file by the door; parameters and errors are those of `written`."""
    with written(target, place) as path:
        path.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(content: bytes, target: str | Path, place: str = "--out") -> None:
    """Write a file by the door; parameters and errors are those of `written`."""
    with written(target, place) as path:
        path.write_bytes(content)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder among the system's temporary ones, for as long as the block runs.

    Raises
    ------
    MachineError
        If there is no place for it.
    """
    try:
        folder = tempfile.mkdtemp(prefix="synthcohort-")
    except OSError as error:
        where = Path(os.environ.get("TMPDIR") or "/tmp") / "synthcohort"
        fault = disk_fault(error, where, "TMPDIR", "a folder for temporary files")
        raise (fault or error) from error
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget_output() -> None:
    """Let what standard output still holds go nowhere: nobody reads it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_stream(target: Path) -> bool:
    """Whether a target takes bytes and keeps none: replacing it would break what reads it."""
    if str(target) == STANDARD_OUTPUT or str(target).startswith(_OPEN_FILES):
        return True
    try:
        mode = target.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextmanager
def _poured_into(target: Path) -> Iterator[Path]:
    with scratch_folder() as folder:
        path = folder / "output"
        yield path
        with path.open("rb") as source:
            if str(target) == STANDARD_OUTPUT:
                sys.stdout.flush()
                shutil.copyfileobj(source, sys.stdout.buffer)
                sys.stdout.buffer.flush()
            else:
                # It is there already, and may be a file that somebody has written to.
                with open(os.open(target, os.O_WRONLY | os.O_APPEND), "ab") as sink:
                    shutil.copyfileobj(source, sink)


@contextmanager
def _in_place_of(target: Path) -> Iterator[Path]:
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(target))
    if target.parent.is_dir():
        for left in target.parent.glob(f".{_pattern(target.name)}.*.partial"):
            clear_abandoned(left)
    partial = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.partial")
    claimed = None
    try:
        claimed = claim(partial)
        yield partial
        with suppress(FileNotFoundError):
            partial.chmod(stat.S_IMODE(target.stat().st_mode))
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    finally:
        if claimed is not None:
            os.close(claimed)


def _pattern(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name[:200])
