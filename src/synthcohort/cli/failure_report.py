"""What a command says when it fails: one line, what was kept, and where the details are."""

from __future__ import annotations

import errno
import os
import platform
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from synthcohort.machine.caches import kept_folder
from synthcohort.machine.disk_faults import room_on_disk
from synthcohort.machine.ending_signals import Terminated
from synthcohort.machine.fresh_folder import make_folder
from synthcohort.machine.machine_error import MachineError
from synthcohort.machine.memory import said_memory
from synthcohort.machine.written_files import write_text
from synthcohort.scene.problems import SceneError
from synthcohort.scene.short_text import printable

_LONGEST = 300
_PACKAGES = (
    "synthcohort",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "scikit-learn",
    "numba",
    "joblib",
    "pydantic",
    "typer",
    "altair",
    "vl-convert-python",
    "pyreadstat",
    "python-calamine",
    "distributed",
)


def report_failure(error: BaseException) -> int:
    """Print on standard error what happened and what was kept; return the exit code.

    Wrong input ends with 2, Ctrl-C and other signals with 128 and their number, all else with 1.
    """
    lines, code = _said(error)
    notes = [] if code == 2 else getattr(error, "__notes__", [])
    print(printable("; ".join(["\n".join(lines), *dict.fromkeys(notes)])), file=sys.stderr)
    return code


def _said(error: BaseException) -> tuple[list[str], int]:
    if isinstance(error, SceneError):
        return str(error).splitlines(), 2
    if isinstance(error, Terminated):
        return [f"ended by {error}: nothing half-written is left"], 128 + error.number
    if isinstance(error, KeyboardInterrupt):
        return ["interrupted: nothing half-written is left"], 130
    if isinstance(error, MachineError):
        return [f"failed: {error}"], 1
    if isinstance(error, MemoryError):
        return [f"failed: not enough memory ({said_memory()})"], 1
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        full = room_on_disk(Path(error.filename).parent) if error.filename else "its disk is full"
        return [f"failed: {error.filename or 'output'} could not be written: {full}"], 1
    what = f"{type(error).__name__}: {error}"
    what = what if len(what) <= _LONGEST else f"{what[:_LONGEST]}..."
    line = f"failed, which should not happen: {' '.join(what.split())}"
    return [f"{line}; {_kept_details(error)}"], 1


def _kept_details(error: BaseException) -> str:
    """Write a log without what errors say, which may be a person's value; say where it is."""
    name = f"failure_{datetime.now():%Y%m%d_%H%M%S}_{os.getpid()}.log"
    with suppress(SceneError, MachineError, OSError):
        make_folder(kept_folder())
        path = kept_folder() / name
        write_text("\n".join(_details(error)) + "\n", path)
        return f"where, without any value of your data, is in {path}; --debug shows all"
    return "--debug shows where"


def _details(error: BaseException) -> Iterator[str]:
    yield f"synthcohort failed at {datetime.now().astimezone().isoformat(timespec='seconds')}"
    yield f"Python {platform.python_version()} on {platform.platform()}"
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            yield f"{package} {version(package)}"
    seen: BaseException | None = error
    while seen is not None:
        yield f"\n{type(seen).__name__}, raised through"
        for frame in traceback.extract_tb(seen.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
