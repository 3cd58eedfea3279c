"""What a run knows by name: entries that come with the package, and those that a user adds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from synthcohort.scene import Problem, SceneError

Entry = TypeVar("Entry")


class Registry(dict[str, Entry]):
    """Entries by name.

    Parameters
    ----------
    kind : str
        What an entry is, for messages.
    built_in : mapping
        Entries that come with the package; they can't be replaced.
    taken : collection of str, optional
        Further names that mean something else where the entries' names are used.
    """

    def __init__(
        self, kind: str, built_in: Mapping[str, Entry], taken: Collection[str] = ()
    ) -> None:
        super().__init__(built_in)
        self.kind = kind
        self._built_in = frozenset(built_in)
        self._taken = frozenset(taken)

    def register(self, name: str, entry: Entry) -> None:
        """Add an entry, or replace one that was added before.

        Raises
        ------
        SceneError
            If the name is built in or taken, or not made of letters, digits and underscores: it
            is part of the names of tables' columns.
        """
        allowed = None
        if not (isinstance(name, str) and name.isidentifier()):
            allowed = "letters, digits and underscores, no digit first"
        elif name in self._built_in:
            allowed = "a name that does not come with the package"
        elif name in self._taken:
            allowed = "a name that no column of the scores has"
        if allowed is not None:
            raise self.wrong(f"got the name {name!r}, allowed: {allowed}")
        self[name] = entry

    def wrong(self, message: str) -> SceneError:
        """Return the error for an entry that can't be registered."""
        return SceneError("registry", [Problem(self.kind, message)])

    def added(self) -> dict[str, Entry]:
        """Return the entries that do not come with the package."""
        return {name: entry for name, entry in self.items() if name not in self._built_in}
