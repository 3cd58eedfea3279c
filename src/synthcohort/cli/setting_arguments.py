"""From the options of `run` and `cluster` to keywords of the functions of the same name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import typer

from synthcohort.cli.setting_options import OPTIONS, OPTIONS_OF

Command = TypeVar("Command", bound=Callable[..., Any])


def takes_settings(command: Command) -> Command:
    """Put an option for each setting in place of a command's ``**settings``."""
    signature = inspect.signature(command, eval_str=True)
    own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    made = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=OPTIONS[name]
        )
        for name in OPTIONS_OF[command.__name__]
    ]
    parameters = [*own, *made]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    return command


def keywords(options: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords that options mean; what was not given is left out.

    Examples
    --------
    >>> keywords({"size": None, "formats": "csv,dta", "base": None, "k": [2, 3], "whiten": True})
    {'formats': ['csv', 'dta'], 'whiten': [True], 'base': {'kmeans': [2, 3]}}
    """
    given = {name: value for name, value in options.items() if value is not None}
    given = {name: value for name, value in given.items() if value != []}
    names, numbers = given.pop("base", None), given.pop("k", None)
    if names and not numbers:
        raise typer.BadParameter("got --base without -k, allowed: with its numbers")
    if "formats" in given:
        given["formats"] = given["formats"].split(",")
    if "whiten" in given:
        given["whiten"] = [given["whiten"]]
    if numbers:
        given["base"] = {name: list(numbers) for name in names or ["kmeans"]}
    return given
