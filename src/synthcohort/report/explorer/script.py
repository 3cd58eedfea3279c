"""The page's script: its modules in one file, since a page that works offline can't import."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_ORDER = (
    "elements",
    "unpack",
    "agreement",
    "colours",
    "run",
    "measures",
    "selection",
    "ranges",
    "grid_view",
    "crossing_view",
    "profiles_view",
    "people_view",
    "splitting_view",
    "stability_view",
    "losses_view",
    "band_view",
    "consensus_view",
    "partitions_view",
    "main",
)
"""Each after those that it imports."""
_IMPORT = re.compile(r"^import \{([^}]*)\} from \"\./(\w+)\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.MULTILINE)


@cache
def explorer_script() -> str:
    """Join the modules, each in a block of its own, so that only what it exports is seen."""
    return "\n".join(_block(name) for name in _ORDER)


def _block(name: str) -> str:
    text = module(name)
    exported = ", ".join(_EXPORT.findall(text))
    bare = _IMPORT.sub("", text)
    bare = re.sub(r"^export (?=async |function|const|class)", "", bare, flags=re.MULTILINE)
    bare = re.sub(r"^\s*//.*\n", "", bare, flags=re.MULTILINE)
    bare = re.sub(r"^\s+", "", bare, flags=re.MULTILINE)
    if not exported:
        return f"{{\n{bare}}}"
    return f"const {{ {exported} }} = (() => {{\n{bare}return {{ {exported} }};\n}})();"


def module(name: str) -> str:
    """Return the text of one module."""
    path = files("synthcohort.report.explorer") / "modules" / f"{name}.js"
    return path.read_text(encoding="utf-8")


def imports(name: str) -> dict[str, list[str]]:
    """Names that a module imports, by the module they come from."""
    found = _IMPORT.findall(module(name))
    return {source: [n.strip() for n in names.split(",") if n.strip()] for names, source in found}


def exports(name: str) -> list[str]:
    """Names that a module exports."""
    return _EXPORT.findall(module(name))


def modules() -> tuple[str, ...]:
    """Names of all modules, each after those that it imports."""
    return _ORDER
