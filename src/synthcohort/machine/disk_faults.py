"""What a disk refused, in one sentence: the asker's to mend, or the machine's."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from synthcohort.machine.machine_error import MachineError
from synthcohort.scene.problems import Problem, SceneError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ASKED = {
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENAMETOOLONG,
    errno.EINVAL,
    errno.ELOOP,
    errno.ENXIO,
}
"""Another place would do: wrong input."""

_NOTHING_FREE = 1 << 16


def disk_fault(error: Exception, what: Path, place: str, allowed: str) -> Exception | None:
    """Put into words why something could not be written.

    Parameters
    ----------
    error : Exception
        What a library raised; some hide the system's own error.
    what : Path
        The file or folder as the user knows it.
    place : str
        The option or parameter that named it.
    allowed : str
        What would do there, such as "a writable folder".

    Returns
    -------
    MachineError, SceneError or None
        None where the disk is not to blame.
    """
    if isinstance(error, SceneError | MachineError):
        return None
    code = error.errno if isinstance(error, OSError) else None
    if code in _FULL or (code not in _ASKED and nothing_free(what.parent)):
        return MachineError(f"{what.name} could not be written: {room_on_disk(what.parent)}")
    if not isinstance(error, OSError):
        return None
    if code in _ASKED:
        message = f"got {str(what)!r}, allowed: {allowed} ({error.strerror or error})"
        return SceneError("output", [Problem(place, message)])
    return MachineError(f"{what} could not be written ({error.strerror or error})")


def nothing_free(folder: Path) -> bool:
    """Whether the disk of a folder has neither space nor room for another file."""
    space, files = _free(folder)
    return min(space, _NOTHING_FREE * files) < _NOTHING_FREE


def room_on_disk(folder: Path) -> str:
    """Say how much is free where a folder is."""
    space, files = _free(folder)
    if files < 1:
        return f"no more files fit on the disk of {folder} (no inodes are free)"
    return f"the disk of {folder} is full ({space / 1e6:,.1f} MB are free)"


def _free(folder: Path) -> tuple[int, int]:
    """Bytes and files that still fit."""
    there = next((p for p in (folder, *folder.parents) if p.is_dir()), Path())
    try:
        space = shutil.disk_usage(there).free
        if not hasattr(os, "statvfs"):
            return space, 1
        found = os.statvfs(there)
        return space, found.f_favail if found.f_files else 1  # some count no files
    except OSError:
        return _NOTHING_FREE, 1
