"""A run that was stopped: what it had finished is kept until the same run ends."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from synthcohort.clustering.worker_entries import anything_registered
from synthcohort.cohort.cohort import Cohort
from synthcohort.machine.fresh_folder import remove, slug
from synthcohort.scene import Scene, SceneWarning, to_dict
from synthcohort.scene.short_text import counted
from synthcohort.task_store.content_keys import content_key
from synthcohort.task_store.stored_results import TaskStore

UNFINISHED = ".unfinished"
"""Hidden folder, in that of the run folders, of what stopped runs had finished."""


@contextmanager
def resumable(
    out: Path, scene: Scene, exact: bool, resume: bool, cohort: Cohort | None = None
) -> Iterator[TaskStore]:
    """Yield the store of a run; it is emptied when the block ends well.

    Parameters
    ----------
    out : Path
        The folder in which the run folder is made.
    scene : Scene
    exact : bool
        As in `run`.
    resume : bool
        False begins anew.
    cohort : Cohort, optional
        Where the individuals are not those of the scene.

    Warns
    -----
    SceneWarning
        If there is nothing to resume, or an unfinished run is not resumed.

    Notes
    -----
    What stops the block early gets a note that says how to go on.
    """
    content = {
        "scene": to_dict(scene),
        "exact": exact,
        "table": "" if cohort is None else _hash_of(cohort),
    }
    folder = out / UNFINISHED / f"{slug(scene.name)}__{content_key(content)[:16]}"
    # The code of registered entries can't be compared, so nothing of theirs is kept.
    store = TaskStore(None if anything_registered() else folder)
    _begin(store, resume)
    try:
        yield store
    except BaseException as error:
        _say_kept(store, error)
        raise
    store.forget()
    if folder.parent.is_dir() and not any(folder.parent.iterdir()):  # no other run has stopped
        remove(folder.parent)


def _begin(store: TaskStore, resume: bool) -> None:
    kept = store.count
    if resume and not kept:
        message = "nothing to resume: no run of the same data, settings and code has stopped here"
        warnings.warn(f"{message}; it begins anew", SceneWarning, stacklevel=5)
    elif kept and not resume:
        message = f"{counted(kept, 'finished task')} of the same run, which stopped here, are gone"
        warnings.warn(f"{message}: only --resume goes on with them", SceneWarning, stacklevel=5)
        store.forget()


def _say_kept(store: TaskStore, error: BaseException) -> None:
    kept = store.count
    if kept:
        message = f"{counted(kept, 'finished task')} kept in {store.folder}"
        error.add_note(f"{message}; to go on: the same command with --resume, or resume=True")


def _hash_of(cohort: Cohort) -> str:
    """Hash of the values of a table that are used, and of their columns and ids."""
    found = hashlib.sha256()
    weight = pd.DataFrame() if cohort.weight is None else cohort.weight.to_frame("weight")
    for frame in (cohort.X, cohort.groups, cohort.known, weight):
        found.update(repr(list(frame.columns)).encode())
        found.update(pd.util.hash_pandas_object(frame).to_numpy().tobytes())
    return found.hexdigest()
