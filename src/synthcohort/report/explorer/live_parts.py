"""What makes a page with an element called ``explorer`` come alive."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from synthcohort.report.explorer.payload import packed_run
from synthcohort.report.explorer.script import explorer_script
from synthcohort.results.findings import Findings


def live(findings: Findings) -> dict[str, Any]:
    """Return style, script and payload of the explorer, as `whole_page` takes them."""
    style = (files("synthcohort.report.explorer") / "explorer.css").read_text(encoding="utf-8")
    return {"style": style, "script": explorer_script(), "payload": packed_run(findings)}
