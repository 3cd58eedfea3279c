"""The JSON Schema of a scene file, for editors."""

from __future__ import annotations

from typing import Any

from synthcohort.scene.model import Scene


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that editors check a scene file with."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Scene.model_json_schema(),
        "title": "synthcohort scene",
    }
