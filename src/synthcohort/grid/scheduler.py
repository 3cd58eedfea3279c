"""A Dask cluster as the place where cells run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from joblib import parallel_config

from synthcohort.scene import Problem, SceneError

_TIMEOUT = 10


@contextmanager
def on_cluster(scheduler: str | None) -> Iterator[None]:
    """Send joblib's work within the block to the workers of a scheduler.

    Parameters
    ----------
    scheduler : str, optional
        Address of a running Dask scheduler, such as ``tcp://host:8786``; None: local processes.

    Raises
    ------
    SceneError
        If Dask is not installed, the scheduler does not answer in ten seconds, or a worker
        can't be used.
    """
    if scheduler is None:
        yield
        return
    if find_spec("distributed") is None:
        raise _wrong("needs Dask, allowed after: pip install 'synthcohort[dask]'")
    distributed: Any = import_module("distributed")
    with ThreadPoolExecutor(1) as apart:  # a notebook has an event loop of its own
        apart.submit(asyncio.run, _answer(scheduler)).result()
    with distributed.Client(scheduler, timeout=_TIMEOUT, set_as_default=False) as client:
        _check_workers(client)
        with parallel_config(backend="dask", client=client):
            yield


async def _answer(scheduler: str) -> None:
    """Shake hands with a scheduler.

    A client would do it too, but one that got no answer may wait for it without end.
    """
    connect: Any = import_module("distributed.comm").connect
    allowed = "allowed: the address of a Dask scheduler, such as tcp://host:8786"
    try:
        comm = await asyncio.wait_for(connect(scheduler, timeout=_TIMEOUT), _TIMEOUT)
    except ValueError as error:
        raise _wrong(f"got {scheduler!r} ({error}), {allowed}") from error
    except (OSError, TimeoutError) as error:
        raise _wrong(f"got {scheduler!r}, no answer in {_TIMEOUT} s; {allowed}") from error
    comm.abort()


def _check_workers(client: Any) -> None:
    """Each worker has synthcohort, in this version, and one thread."""
    from synthcohort import __version__

    try:
        client.wait_for_workers(1, timeout=_TIMEOUT)
    except TimeoutError as error:
        raise _wrong(f"got no worker in {_TIMEOUT} s, allowed: at least one") from error
    threads = {name: count for name, count in client.nthreads().items() if count != 1}
    if threads:
        name, count = next(iter(threads.items()))
        # Warnings of fits are caught for a whole process: threads would mix them up.
        raise _wrong(f"worker {name} has {count} threads, allowed: dask worker --nthreads 1")
    try:
        found = client.run(lambda: __import__("synthcohort").__version__)
    except ImportError as error:
        raise _wrong("the workers have no synthcohort, allowed: the same as here") from error
    others = {version for version in found.values() if version != __version__}
    if others:
        raise _wrong(f"workers have synthcohort {', '.join(others)}, allowed: {__version__}")


def _wrong(message: str) -> SceneError:
    return SceneError("cluster", [Problem("--scheduler", message)])
