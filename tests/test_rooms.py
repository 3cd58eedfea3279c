"""The import order of the rooms: data flows one way."""

import ast
import graphlib
from collections import Counter
from pathlib import Path

import pytest

import synthcohort

ROOT = Path(synthcohort.__file__).parent
ORDER = [
    "old_names",
    "scene",
    "machine",
    "task_store",
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
    "simulation_study",
    "detection_power",
    "runs",
    "plots",
    "public_names",
    "cli",
]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Modules of the package that a file imports anywhere, for a type checker too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{a.name}" for a in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("synthcohort.")}


def imported_rooms(path: Path) -> set[str]:
    own = {room_of(p) for p in FILES}
    return {room for name in imported(path) if (room := name.split(".")[1]) in own}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)


FILES = [p for p in ROOT.rglob("*.py") if p.name != "__init__.py" or p.parent != ROOT]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_above_it(path: Path) -> None:
    allowed = ORDER[: ORDER.index(room_of(path)) + 1]
    assert imported_rooms(path) <= set(allowed)


def test_every_room_is_in_the_order() -> None:
    assert {room_of(p) for p in FILES} == set(ORDER)


def test_no_files_import_each_other_in_a_circle() -> None:
    graphlib.TopologicalSorter({module_of(p): imported(p) for p in FILES}).prepare()


def definitions(path: Path, *kinds: type[ast.stmt]) -> list[str]:
    """Names of the public functions or classes that a file defines."""
    body = ast.parse(path.read_text("utf-8")).body
    return [n.name for n in body if isinstance(n, kinds) and not n.name.startswith("_")]


def twice(names: list[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_no_two_files_share_a_name() -> None:
    assert twice([p.name for p in FILES if p.name not in ("__init__.py", "__main__.py")]) == []


def test_no_two_classes_share_a_name() -> None:
    assert twice([name for p in FILES for name in definitions(p, ast.ClassDef)]) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_function_shadows_its_module(path: Path) -> None:
    assert path.stem not in definitions(path, ast.FunctionDef)


def test_no_room_holds_more_than_a_fifth_of_the_code() -> None:
    lines = Counter[str]()
    for path in FILES:
        lines[room_of(path)] += len(path.read_text("utf-8").splitlines())
    assert max(lines.values()) <= 0.2 * lines.total()


def test_tests_and_package_stand_without_the_benchmarks() -> None:
    files = [*ROOT.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]
    lines = [line for p in files for line in p.read_text("utf-8").splitlines()]
    assert not [line for line in lines if line.startswith(("from benchmarks", "import benchmarks"))]
