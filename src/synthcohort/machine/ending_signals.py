"""Signals that end a process, as one exception that lets everything clean up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Terminated(KeyboardInterrupt):
    """A signal to end: as Ctrl-C, but from a scheduler, a container or a closed terminal.

    Parameters
    ----------
    number : int
        Of the signal.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


@contextmanager
def signals_as_interrupts() -> Iterator[None]:
    """Raise `Terminated` for SIGTERM and SIGHUP within the block, in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
    before = {}
    for number in numbers:
        if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` ignores SIGHUP: so do we
            before[number] = signal.signal(number, _raise)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _: Any) -> None:
    raise Terminated(number)
