"""Results of finished tasks in a folder: a file each, whole or not there."""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from synthcohort.machine.fresh_folder import make_folder, remove
from synthcohort.machine.written_files import write_bytes

_ENDING = ".task"
_DIGEST = hashlib.sha256().digest_size


class TaskStore:
    """Finished tasks by name.

    Processes may share a folder: a file is written under another name and renamed, and two
    that write the same task write the same. A file that is torn or changed counts as absent.

    Parameters
    ----------
    folder : Path, optional
        Made with the first result. It is read as Python objects, so only what was written by
        oneself belongs there. None keeps nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def found(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the results of those of the tasks that are finished."""
        results = {}
        for name in names:
            with suppress(_Absent):
                results[name] = self._read(name)
        return results

    def keep(self, name: str, result: Any) -> None:
        """Write the result of a task.

        Raises
        ------
        MachineError
            If the disk is full. What was kept before stays.
        """
        if self.folder is None:
            return
        if not self.folder.is_dir():
            make_folder(self.folder)
        write_bytes(_packed(result), self._path(name))

    @property
    def count(self) -> int:
        """How many tasks are finished."""
        return 0 if self.folder is None else sum(1 for _ in self.folder.glob(f"*{_ENDING}"))

    def forget(self) -> None:
        """Forget all tasks."""
        if self.folder is not None:
            remove(self.folder)

    def _path(self, name: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{name}{_ENDING}"

    def _read(self, name: str) -> Any:
        if self.folder is None:
            raise _Absent
        try:
            content = self._path(name).read_bytes()
        except OSError:
            raise _Absent from None
        digest, packed = content[:_DIGEST], content[_DIGEST:]
        if hashlib.sha256(packed).digest() != digest:
            raise _Absent
        return pickle.loads(zlib.decompress(packed))


class _Absent(Exception):
    """A task has no result that can be used."""


def _packed(result: Any) -> bytes:
    packed = zlib.compress(pickle.dumps(result, protocol=5), level=1)
    return hashlib.sha256(packed).digest() + packed
