"""Warnings on the terminal: ours in a line each, those of libraries only counted."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from synthcohort.scene.short_text import counted, printable

_OURS = ("SceneWarning", "MachineWarning", "ConvergenceWarning")
"""By name: their modules would have to be imported, and most commands warn of nothing."""


@contextmanager
def warnings_in_words(raw: bool = False) -> Iterator[None]:
    """Show what was written for the user; count what libraries say to programmers.

    Parameters
    ----------
    raw : bool
        Show those too.
    """
    others = 0

    def show(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        nonlocal others
        ours = category.__name__ in _OURS
        if ours or raw:
            prefix = "warning" if ours else category.__name__
            print(printable(f"{prefix}: {message}"), file=sys.stderr)
        else:
            others += 1

    with warnings.catch_warnings():
        warnings.showwarning = show
        try:
            yield
        finally:
            if others:
                said = counted(others, "warning")
                print(f"{said} of libraries not shown (--debug shows them)", file=sys.stderr)
