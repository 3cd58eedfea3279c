"""Loops compiled to machine code, and where that is kept."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import numba

from synthcohort.machine.caches import CACHE
from synthcohort.machine.machine_error import MachineWarning


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, and keep the code for other processes.

    Parameters
    ----------
    function : callable
        Of arrays and numbers; others may run at the same time.

    Returns
    -------
    callable

    Warns
    -----
    MachineWarning
        Where no folder can be written to, so that every process compiles for itself.

    Notes
    -----
    Code is kept in the folder that `SYNTHCOHORT_CACHE` names, else where numba keeps it:
    beside the source or in the user's cache folder. Files appear there whole, so several
    processes may write at once.
    """
    with _folder():
        try:
            return numba.njit(cache=True, nogil=True)(function)
        except RuntimeError:  # numba's, for a folder that can't be written to
            _note()
            return numba.njit(nogil=True)(function)


@contextmanager
def _folder() -> Iterator[None]:
    """Let numba find our folder, for as long as it looks for one."""
    settings: Any = numba.config
    before = settings.CACHE_DIR
    if chosen := os.environ.get(CACHE):
        settings.CACHE_DIR = str(Path(chosen) / "compiled")
    try:
        yield
    finally:
        settings.CACHE_DIR = before


def _note() -> None:
    """Say it in the first process; its workers would say the same."""
    if parent_process() is None:
        warnings.warn(
            "no folder for compiled code can be written to: every process compiles for itself, "
            f"about ten seconds each; {CACHE} may name a folder",
            MachineWarning,
            stacklevel=1,  # one place, so that it is said once
        )
