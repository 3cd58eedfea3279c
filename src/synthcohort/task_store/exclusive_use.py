"""One process at a time in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synthcohort.machine.claims import claim, release
from synthcohort.machine.disk_faults import disk_fault
from synthcohort.machine.fresh_folder import make_folder
from synthcohort.scene import Problem, SceneError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while the block runs; it is made where it is not there.

    The system ends the hold when the process ends, however that happens.

    Raises
    ------
    SceneError
        If another process holds it, or it can't be made.
    MachineError
        If the disk is full.
    """
    try:
        make_folder(folder)
        held = claim(folder)
    except OSError as error:
        raise (disk_fault(error, folder, "--out", "a writable folder") or error) from None
    if held is None:
        message = "another study is running in this folder; wait for it, or give another --out"
        raise SceneError(str(folder.parent), [Problem("", message)])
    try:
        yield
    finally:
        release(held, folder)
