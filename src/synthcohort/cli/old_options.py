"""Options of earlier versions: still taken, and said to be old."""

from __future__ import annotations

import sys
from typing import Any

from typer.core import TyperCommand

from synthcohort.old_names import OPTIONS, said


class KeepsOldOptions(TyperCommand):
    """A command that takes the old names of its options too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, each old name replaced."""
        return super().parse_args(ctx, [_renewed(one) for one in args])


def _renewed(argument: str) -> str:
    name, equals, value = argument.partition("=")
    if name not in OPTIONS:
        return argument
    print(said(name, OPTIONS[name]), file=sys.stderr)
    return f"{OPTIONS[name]}{equals}{value}"
