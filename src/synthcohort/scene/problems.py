"""Faults of a scene: where, what was got and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches

from synthcohort.scene.short_text import printable

_SHOWN = 30


@dataclass(frozen=True)
class Problem:
    """One fault of an input.

    Parameters
    ----------
    place : str
        Dotted path of the key, or the name of a flag or file.
    message : str
        What was got and what is allowed.
    source : str, optional
        The file at fault, where one error names the problems of several.
    """

    place: str
    message: str
    source: str = ""

    def __str__(self) -> str:
        """Return the one line that a user reads."""
        return printable(f"{self.place}: {self.message}" if self.place else self.message)


class SceneError(ValueError):
    """A scene that can't be used, with all its problems.

    Parameters
    ----------
    source : str
        The file, module or catalogue name the scene came from.
    problems : sequence of Problem
        At least one problem.
    """

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = list(problems)
        lines = (f"{problem.source or source}: {problem}" for problem in self.problems)
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[SceneError], tuple[str, list[Problem]]]:
        """Pickle with both arguments, so that worker processes can raise it."""
        return type(self), (self.source, self.problems)


class SceneWarning(UserWarning):
    """Something in a scene that was probably not meant, though it can be used."""


@contextmanager
def together_with(problems: Sequence[Problem], source: str) -> Iterator[None]:
    """Raise problems that are known already together with those that the block finds.

    Parameters
    ----------
    problems : sequence of Problem
    source : str
        Named in the error where the block raises none.
    """
    try:
        yield
    except SceneError as error:
        raise SceneError(error.source, [*problems, *error.problems]) from None
    if problems:
        raise SceneError(source, problems)


def nearest(name: str, known: Iterable[str]) -> str:
    """Sentence that names what is allowed, the closest first.

    Parameters
    ----------
    name : str
        The unknown name.
    known : iterable of str
        The names that are allowed.

    Returns
    -------
    str
        Such as ``"did you mean 'loadings'?"``, or the allowed names where none is close.
    """
    names = [str(item) for item in known]
    close = get_close_matches(str(name), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(names[:_SHOWN])
    if len(names) > _SHOWN:
        shown += f" and {len(names) - _SHOWN:,} more"
    return f"allowed: {shown}" if names else "nothing is allowed here"
