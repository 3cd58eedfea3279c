"""Worker processes by one door: silent, gone with their parent, missed in a sentence."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from joblib import Parallel
from joblib.externals.loky.process_executor import BrokenProcessPool
from joblib.parallel import get_active_backend

from synthcohort.machine.machine_error import MachineError
from synthcohort.machine.shared_maps import maps_folder

_EVERY = 1.0


def in_processes(
    jobs: Iterable[Any], workers: int | None, *, in_order: bool = True, backend: str | None = None
) -> Iterator[Any]:
    """Run joblib's delayed calls in other processes and yield their results.

    Parameters
    ----------
    jobs : iterable of joblib.delayed calls
    workers : int, optional
        As `n_jobs` of joblib; 1 runs everything in this process. Within
        `joblib.parallel_config` it is that backend's processes, wherever they are.
    in_order : bool, default True
        False yields each result as soon as it is there.
    backend : str, optional
        Of joblib; the active one by default.

    Raises
    ------
    MachineError
        If a worker process was killed, for want of memory most likely.
    """
    options: dict[str, Any] = {}
    if workers != 1 and _is_loky(backend):
        options = {
            "initializer": live_with,
            "initargs": (os.getpid(),),
            "temp_folder": maps_folder(),
        }
    try:
        order = "generator" if in_order else "generator_unordered"
        yield from Parallel(workers, backend=backend, return_as=order, **options)(jobs)
    except BrokenProcessPool as error:
        raise MachineError(
            "a worker process was killed or died, often for want of memory: "
            "fewer workers (--workers 1) need less"
        ) from error


def live_with(parent: int) -> None:
    """End this process soon after its parent, and keep what libraries warn of to itself.

    Parameters
    ----------
    parent : int
        Process number of the parent.
    """
    warnings.simplefilter("ignore")  # what a reader has to know comes back with the results
    if hasattr(os, "getppid"):
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    # Joblib's workers wait for work from a parent that was killed, with all their memory.
    while os.getppid() == parent:
        time.sleep(_EVERY)
    os._exit(1)


def _is_loky(backend: str | None) -> bool:
    if backend is not None:
        return backend == "loky"
    return type(get_active_backend()[0]).__name__ == "LokyBackend"
