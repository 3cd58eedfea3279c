"""Independent tasks in parallel, each finished once: kept when done, read when asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from joblib import delayed

from synthcohort.machine.worker_processes import in_processes
from synthcohort.task_store.stored_results import TaskStore

Result = TypeVar("Result")


def finished_tasks(
    function: Callable[..., Any],
    jobs: Mapping[str, tuple[Any, ...]],
    workers: int,
    store: TaskStore,
) -> Iterator[tuple[str, Any]]:
    """Yield the result of every task: those that are kept, then the others as they finish.

    Parameters
    ----------
    function : callable
        Run in processes of this machine, or where `on_cluster` sends them.
    jobs : mapping of str to tuple
        By the task's name in the store: the arguments. Started in their order.
    workers : int
        Processes.
    store : TaskStore

    Yields
    ------
    name : str
    result : object
    """
    kept = store.found(jobs)
    yield from kept.items()
    waiting = {name: arguments for name, arguments in jobs.items() if name not in kept}
    if not waiting:
        return
    # Whatever is done is kept at once, also while a longer task that began before still runs.
    calls = (delayed(_named)(function, name, arguments) for name, arguments in waiting.items())
    for name, result in in_processes(calls, min(workers, len(waiting)), in_order=False):
        store.keep(name, result)
        yield name, result


def finished_task(
    name: str, store: TaskStore, function: Callable[..., Result], *arguments: Any
) -> Result:
    """Return the result of one task, run in this process unless it is kept."""
    kept: dict[str, Result] = store.found([name])
    if name not in kept:
        kept[name] = function(*arguments)
        store.keep(name, kept[name])
    return kept[name]


def _named(function: Callable[..., Any], name: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    return name, function(*arguments)
