"""The one command that all others hang on."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class Interrupted(BaseException):
    """Carries a `KeyboardInterrupt` past typer, which would drop what was said with it."""


class Commands(TyperGroup):
    """All commands."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Interrupted from error


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


_HELP = "Synthetic cohorts with a known truth: what can your clustering pipeline find?"


@app.callback(help=_HELP)
def root(
    debug: Annotated[  # taken off the arguments by `main`: it may stand anywhere
        bool, typer.Option("--debug", help="Show tracebacks and the warnings of libraries.")
    ] = False,
) -> None:
    """Take the options of all commands."""
