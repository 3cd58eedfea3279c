"""Linear algebra in one thread."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """Keep linear algebra to one thread: more wait for each other here, and round differently."""
    return _controller().limit(limits=1)


@cache
def _controller() -> ThreadpoolController:
    # Looking for the libraries takes milliseconds, as long as a replicate.
    return ThreadpoolController()
