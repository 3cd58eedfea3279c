"""A whole page around any content: self-contained, without a request, in light and dark."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

SYNTHETIC = "SYNTHETIC DATA: no real person is described here"
OWN_TABLE = "YOUR TABLE: not synthetic, and nobody knows its true groups"


def whole_page(
    title: str,
    mark: str,
    content: Markup,
    *,
    style: str = "",
    script: str = "",
    payload: Mapping[str, str] | None = None,
) -> str:
    """Put content into the page that all reports share.

    Parameters
    ----------
    title : str
        Of the browser's window, and of no heading: the content has its own.
    mark : str
        What the reader must know first, such as `SYNTHETIC`.
    content : Markup
        Inside of ``<main>``.
    style : str, default ""
        Rules besides those of the shell.
    script : str, default ""
        JavaScript without ``</script``; a page without any may run none.
    payload : mapping of str to str, optional
        Texts that the script reads, by the id of their element: base64, harmless as they are.

    Returns
    -------
    str
        HTML whose policy allows this style and script, pictures within it, and nothing else.
    """
    shared = (files("synthcohort.report.shell") / "page.css").read_text(encoding="utf-8")
    style = shared + style
    return render(
        "synthcohort.report.shell",
        "shell.html.jinja",
        title=title,
        mark=mark,
        content=content,
        style=Markup(style),
        script=Markup(script),
        payload={name: Markup(text) for name, text in (payload or {}).items()},
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def render(package: str, template: str, **names: Any) -> str:
    """Fill in a template of a package; the macros of ``layout.html.jinja`` are `layout` in it."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=PackageLoader(package, ""),
    )
    shared = environment.overlay(loader=PackageLoader("synthcohort.report.shell", ""))
    layout = shared.get_template("layout.html.jinja").module
    return environment.get_template(template).render(layout=layout, **names)


def _hash(text: str) -> str:
    """Return what a content security policy calls a text by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
