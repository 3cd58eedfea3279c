"""The import order of the rooms: data flows one way."""

import ast
from pathlib import Path

import pytest

import synthcohort

ROOT = Path(synthcohort.__file__).parent
ORDER = [
    "scene",
    "measurement",
    "population",
    "exact_theory",
    "clustering",
    "preprocessing",
    "bases",
    "evaluation",
    "metrics",
    "cohort",
    "calibration",
    "results",
    "grid",
    "report",
    "fidelity_check",
    "runs",
    "public_names",
    "cli",
]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {n.split(".")[1] for n in names if n.startswith("synthcohort.")}
    return found


FILES = [p for p in ROOT.rglob("*.py") if p.name != "__init__.py" or p.parent != ROOT]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_above_it(path: Path) -> None:
    allowed = ORDER[: ORDER.index(room_of(path)) + 1]
    assert imported_rooms(path) <= set(allowed)


def test_every_room_is_in_the_order() -> None:
    assert {room_of(p) for p in FILES} == set(ORDER)
