"""Names of earlier versions: still taken, and said to be old."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

REMOVED_IN = "0.3.0"
"""The version that no longer knows the old names."""

FUNCTIONS = {"null_twin": "null_scene"}
"""Old names of public functions, and their present names."""

SETTINGS = {"nulls": "references", "null_twin": "reference_data"}
"""Old names of the settings of an experiment, and their present names."""

OPTIONS = {
    "--null": "--null-scene",
    "--nulls": "--references",
    "--null-twin": "--reference-data",
}
"""Old names of options of the command line, and their present names."""


def said(old: str, new: str) -> str:
    """Return the sentence that a name is old."""
    return f"{old} is now called {new}; {REMOVED_IN} removes the old name"


def renewed_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by their present names; the present name's value goes before the old's.

    Warns
    -----
    FutureWarning
        For each old name.
    """
    settings = {name: value for name, value in given.items() if name not in SETTINGS}
    for old, new in SETTINGS.items():
        if given.get(old) is not None:
            warnings.warn(said(f"the setting {old}", new), FutureWarning, stacklevel=3)
            settings.setdefault(new, given[old])
    return settings
