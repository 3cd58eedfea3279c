"""Progress of long work on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Tell = Callable[[str, int, int], None]

_EVERY = 30.0


@contextmanager
def progress() -> Iterator[Tell]:
    """Yield a callback that draws one bar a stage, or, in a log file, writes a line at times."""
    if sys.stderr.isatty():
        with _bars() as tell:
            yield tell
    else:
        yield _lines()


@contextmanager
def _bars() -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, Any] = {}
    bars = Progress(*columns, console=Console(stderr=True))

    def tell(stage: str, done: int, total: int) -> None:
        if not tasks:
            bars.start()  # not before: wrong input should leave no empty line
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done)

    try:
        yield tell
    finally:
        if tasks:
            bars.stop()


def _lines() -> Tell:
    start = last = time.monotonic()
    begun: dict[str, tuple[float, int]] = {}

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        since, first = begun.setdefault(stage, (now, done))
        if now - last >= _EVERY:
            last = now
            text = f"{stage}: {done} of {total} after {now - start:.0f} s"
            if first < done < total:
                text += f", about {(now - since) / (done - first) * (total - done):.0f} s left"
            print(text, file=sys.stderr)

    return tell
