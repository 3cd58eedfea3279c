"""Where a setting of a run applies, and how the command line writes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """What the model of the settings says of a field beside its type, range and default.

    Parameters
    ----------
    verbs : tuple of str
        The functions, and commands of the same name, that take it.
    flag : str, optional
        On the command line; by default its name, with dashes.
    old_flags : tuple of str
        Earlier names, still accepted.
    otherwise : str
        What holds where it is not given, in words, if the default does not say it.
    """

    verbs: tuple[str, ...] = ("run", "cluster")
    flag: str | None = None
    old_flags: tuple[str, ...] = ()
    otherwise: str = ""
