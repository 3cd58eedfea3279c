"""The one command that all others hang on."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="Synthetic cohorts with a known truth: what can your clustering pipeline find?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
