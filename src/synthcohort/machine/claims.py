"""Claims on what is being written: locks that end with their process, however that ends.

A process number in a file would lie: numbers are given again, and containers that share a folder
each count their own. The system's own lock is gone the moment its process is.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows: nothing is locked, so nothing is taken for abandoned
    fcntl = None

LOCK = ".lock"
"""The file of a folder that is locked for as long as somebody fills the folder."""

_OLD = 3600.0
"""Seconds after which a folder without its lock is abandoned: making one follows the other."""


def claim(path: Path) -> int | None:
    """Lock a file, or make a folder's file and lock that.

    Returns
    -------
    int or None
        A descriptor: closing it ends the claim. None if somebody else has it.
    """
    try:
        descriptor = os.open(path / LOCK if path.is_dir() else path, os.O_RDWR | os.O_CREAT, 0o666)
    except FileNotFoundError:  # the folder was taken for abandoned
        return None
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # no locks on this file system
        pass
    if os.fstat(descriptor).st_nlink == 0:  # it was removed before it was locked
        os.close(descriptor)
        return None
    return descriptor


def clear_abandoned(path: Path) -> bool:
    """Remove a file or folder whose writer is dead; return whether it was."""
    try:
        descriptor = os.open(path / LOCK if path.is_dir() else path, os.O_RDWR)
    except OSError:
        if path.is_dir() and not (path / LOCK).exists() and _age(path) > _OLD:
            shutil.rmtree(path, ignore_errors=True)
            return not path.exists()
        return False
    try:
        if fcntl is None:
            return False
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
        return not path.exists()
    except OSError:  # its writer lives, or nobody can tell
        return False
    finally:
        os.close(descriptor)


def release(descriptor: int, path: Path) -> None:
    """End the claim on a folder that is whole by now, or on a file that is gone."""
    with suppress(OSError):
        (path / LOCK).unlink(missing_ok=True)
    os.close(descriptor)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
