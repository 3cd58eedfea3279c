"""Keys of tasks: what a result depends on, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

_LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "numba", "pyarrow")


def content_key(description: Mapping[str, Any]) -> str:
    """Key of a task by its description and the version of the code.

    Parameters
    ----------
    description : mapping
        Of JSON values. The order of its keys counts, as in a scene.

    Returns
    -------
    str
        40 hexadecimal digits.
    """
    text = json.dumps([code_version(), description], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


@cache
def code_version() -> str:
    """Hash of this package's code and of the versions of the libraries that compute."""
    found = hashlib.sha256()
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*.py")):
        found.update(path.relative_to(package).as_posix().encode())
        found.update(path.read_bytes())
    found.update(" ".join(version(name) for name in _LIBRARIES).encode())
    return found.hexdigest()
