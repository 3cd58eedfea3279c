"""Whatever is written goes through the one door: read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import synthcohort

ROOT = Path(synthcohort.__file__).parent
FILES = [p for p in ROOT.rglob("*.py") if p.relative_to(ROOT).parts[0] != "machine"]

WRITERS = {
    "write_text",
    "write_bytes",
    "to_csv",
    "to_parquet",
    "to_feather",
    "to_stata",
    "to_excel",
    "to_json",
    "to_pickle",
    "to_hdf",
    "write_table",
    "write_csv",
    "write_feather",
    "write_sav",
    "write_dta",
    "write_por",
    "write_xport",
    "ParquetWriter",
    "CSVWriter",
    "FileOutputStream",
    "open_memmap",
    "memmap",
    "save",
    "savez",
    "savez_compressed",
    "savetxt",
    "tofile",
    "mkdir",
    "makedirs",
    "rmdir",
    "removedirs",
    "unlink",
    "remove",
    "rmtree",
    "touch",
    "symlink",
    "symlink_to",
    "hardlink_to",
    "link",
    "rename",
    "renames",
    "replace",
    "move",
    "copy",
    "copy2",
    "copyfile",
    "copytree",
    "chmod",
    "truncate",
    "mkstemp",
    "mkdtemp",
    "TemporaryDirectory",
    "TemporaryFile",
    "NamedTemporaryFile",
    "SpooledTemporaryFile",
}
"""What makes, changes or takes away files. Those of the next line are also words for data."""
FOR_DATA = {"copy", "remove", "replace", "rename", "to_json", "truncate"}
"""Of lists, texts and tables, unless called on one of `MODULES` or a path."""
MODULES = {"os", "shutil", "tempfile", "pathlib", "np", "numpy"}
OPENERS = {"open", "fdopen"}


def around(source: str) -> list[str]:
    """Writes that do not go through the door, as they stand in the code."""
    tree = ast.parse(source)
    return sorted({*_calls(tree, frozenset()), *_imports(tree)})


def _calls(node: ast.AST, doors: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.With):
        doors |= {name for item in node.items if (name := _door(item))}
    if isinstance(node, ast.Call) and _writes(node) and not _through(node, doors):
        yield ast.unparse(node)
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, doors)


def _door(item: ast.withitem) -> str:
    """Name that a ``with written(...) as name`` gives."""
    call, name = item.context_expr, item.optional_vars
    is_door = isinstance(call, ast.Call) and ast.unparse(call.func) == "written"
    return name.id if is_door and isinstance(name, ast.Name) else ""


def _writes(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in OPENERS and _mode(call)
    if not isinstance(call.func, ast.Attribute):
        return False
    name, owner = call.func.attr, ast.unparse(call.func.value)
    if name in OPENERS:
        return _mode(call)
    if name.startswith("to_") and not call.args:  # returns a text
        return any(k.arg in ("path", "path_or_buf", "buf") for k in call.keywords)
    if owner == "writer":  # was opened through the door
        return False
    if name in FOR_DATA:
        # Path.rename and Path.replace take one argument, texts and tables two or a keyword.
        path_like = name in ("rename", "replace") and len(call.args) == 1 and not call.keywords
        return owner in MODULES or (
            path_like and not isinstance(call.args[0], ast.Constant | ast.Dict | ast.DictComp)
        )
    return name in WRITERS


def _mode(call: ast.Call) -> bool:
    """Whether something is opened to be written to."""
    given = [*call.args, *(k.value for k in call.keywords if k.arg in ("mode", "flags"))]
    modes = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return any(set(m) & set("wax+") and set(m) <= set("rwaxbt+") for m in modes) or any(
        flag in ast.unparse(call) for flag in ("O_WRONLY", "O_RDWR", "O_CREAT")
    )


def _through(call: ast.Call, doors: frozenset[str]) -> bool:
    words = [ast.unparse(a) for a in call.args]
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return any(
        w in doors or w.removeprefix("str(").removesuffix(")") in doors for w in [*words, owner]
    )


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("os", "shutil", "tempfile"):
            yield from (
                f"from {node.module} import {a.name}" for a in node.names if a.name in WRITERS
            )


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_write_goes_through_the_door(path: Path) -> None:
    assert around(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_worker_processes_have_one_door_too(path: Path) -> None:
    """Threads, which end with their process, may be joblib's own."""
    text = path.read_text("utf-8")
    assert "Parallel(" not in text.replace('require="sharedmem"', "") or "sharedmem" in text
    assert "ProcessPoolExecutor" not in text
    assert "multiprocessing.Process" not in text


@pytest.mark.parametrize(
    "code",
    [
        "path.write_text('x')",
        "frame.to_csv(path)",
        "pa.parquet.write_table(table, path)",
        "open(path, 'w')",
        "path.open(mode='ab')",
        "os.open(path, os.O_WRONLY)",
        "os.replace(a, b)",
        "partial.rename(target)",
        "folder.mkdir()",
        "from shutil import rmtree",
        "tempfile.mkdtemp()",
        "with written(path) as door:\n    frame.to_csv(path)",
        "np.save(path, x)",
    ],
)
def test_what_goes_around_it_is_found(code: str) -> None:
    assert len(around(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "with written(path) as door:\n    frame.to_csv(door, index=False)",
        "with written(path) as door:\n    pyreadstat.write_sav(frame, str(door))",
        "with a(b) as c, written(path) as door, door.open('wb') as file:\n    file.write(c)",
        "frame.rename(columns=names).replace({1: 2})",
        "text.replace('a', 'b'); names.copy(); path.open('rb'); open(path)",
    ],
)
def test_what_goes_through_it_is_not(code: str) -> None:
    assert around(code) == []
