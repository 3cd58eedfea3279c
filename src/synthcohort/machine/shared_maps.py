"""Where arrays lie that several processes read: a folder that a dead process does not keep."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from synthcohort.machine.claims import claim, clear_abandoned

_NAME = "synthcohort-maps-"
_MEMORY = Path("/dev/shm")
_ENOUGH = 2 << 30
"""Free bytes below which memory is no place for them: joblib's own limit."""


@cache
def maps_folder() -> str | None:
    """Return this process's folder for shared arrays, and clear those of dead processes.

    Returns
    -------
    str or None
        None where there is no place for one: joblib then looks for itself.
    """
    places = [place for place in (_MEMORY, Path(tempfile.gettempdir())) if place.is_dir()]
    for place in places:
        with suppress(OSError):
            for left in place.glob(f"{_NAME}*"):
                clear_abandoned(left)
    for place in places:
        with suppress(OSError):
            if place != _MEMORY or shutil.disk_usage(place).free >= _ENOUGH:
                return _claimed(place)
    return None


def _claimed(place: Path) -> str:
    folder = Path(tempfile.mkdtemp(prefix=_NAME, dir=place))
    descriptor = claim(folder)
    atexit.register(_remove, folder, descriptor, os.getpid())
    return str(folder)


def _remove(folder: Path, descriptor: int | None, owner: int) -> None:
    if os.getpid() != owner:  # a forked child leaves its parent's folder
        return
    shutil.rmtree(folder, ignore_errors=True)
    if descriptor is not None:
        os.close(descriptor)
