"""What was registered in one process, known in the processes that it sends its work to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from synthcohort.clustering.base.base_clusterers import BASES, Base
from synthcohort.clustering.preprocessing.registry import PREPROCESSINGS, Preprocessing


def with_registered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function for a worker process: what was registered here is registered there.

    A new process knows only what comes with the package. So the entries travel with each
    call: by value where a script or a notebook defined them, else by the name of their
    module, which the worker has to be able to import.
    """
    preprocessings, bases = PREPROCESSINGS.added(), BASES.added()
    if not preprocessings and not bases:
        return function
    return partial(_call, function, preprocessings, bases)


def anything_registered() -> bool:
    """Whether this process knows entries that do not come with the package."""
    return bool(PREPROCESSINGS.added() or BASES.added())


def _call(
    function: Callable[..., Any],
    preprocessings: dict[str, Preprocessing],
    bases: dict[str, Base],
    *arguments: Any,
) -> Any:
    PREPROCESSINGS.update(preprocessings)
    BASES.update(bases)
    return function(*arguments)
