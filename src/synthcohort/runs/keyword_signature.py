"""What `run` and `cluster` show of their keywords: in a signature, in their help."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from typing import Any, TypeVar

from synthcohort.scene.run_settings import settings_for
from synthcohort.scene.setting_words import bounds, default, description, kind

Verb = TypeVar("Verb", bound=Callable[..., Any])
_PLACES = ("    **settings\n", "    **keywords\n")


def shows_settings(verb: Verb) -> Verb:
    """Name every setting in the signature and the docstring of a function that takes them.

    A type checker reads them from the generated `keywords`; notebooks and `help` from here.
    """
    settings = settings_for(verb.__name__)
    signature = inspect.signature(verb)
    own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in settings
    ]
    verb.__signature__ = signature.replace(parameters=[*own, *made])  # type: ignore[attr-defined]
    lines = []
    for name, field in settings.items():
        remarks = [kind(field.annotation), bounds(field), f"default: {default(field)}"]
        lines.append(f"    {name} : {', '.join(one for one in remarks if one)}")
        lines.append(textwrap.indent(textwrap.fill(description(field), 84), " " * 8))
    for place in _PLACES:
        verb.__doc__ = (verb.__doc__ or "").replace(place, "\n".join(lines) + "\n")
    return verb
