"""The public interface, and that the README tells the truth about it."""

import ast
import pkgutil
import re
import subprocess
import sys
import warnings
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

import synthcohort as sc
from synthcohort.scene.model import Experiment
from synthcohort.scene.run_settings import given_settings

ROOT = Path(__file__).parent.parent
ROOMS = {"bases", "metrics", "plots", "preprocessing"}


def modules() -> list[str]:
    found = pkgutil.walk_packages(sc.__path__, "synthcohort.")
    return [one.name for one in found if not one.name.endswith("__main__")]


def test_no_module_shadows_a_name() -> None:
    everything = {name: import_module(name) for name in modules()}
    for name in sc.__all__:
        assert isinstance(getattr(sc, name), ModuleType) == (name in ROOMS), name
        assert name in ROOMS or callable(getattr(sc, name)), name
    for room in [m for m in everything.values() if hasattr(m, "__path__")]:
        for name in getattr(room, "__all__", []):
            inner = f"{room.__name__}.{name}" in everything
            assert inner == isinstance(getattr(room, name), ModuleType), (room, name)


def test_every_name_says_what_it_is() -> None:
    for name in sc.__all__:
        assert (getattr(sc, name).__doc__ or "").strip(), name


def test_the_names_come_from_one_list() -> None:
    """The imports that a type checker sees, the list of names and where they are found."""
    from synthcohort import public_names

    tree = ast.parse(Path(sc.__file__).read_text())
    seen = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(seen) == set(sc.__all__)
    assert set(public_names._HOMES) | ROOMS == set(sc.__all__)
    for name, place in seen.items():
        module, _, attribute = place.rpartition(".")
        assert getattr(import_module(module), attribute) is getattr(sc, name), name


def test_the_typed_file_uses_every_name() -> None:
    text = (ROOT / "tests" / "typing" / "every_public_name.py").read_text()
    assert set(re.findall(r"\bsc\.(\w+)", text.partition("def misspelt")[0])) == set(sc.__all__)


def test_tab_shows_the_verbs_and_nothing_else() -> None:
    assert {name for name in dir(sc) if not name.startswith("__")} == set(sc.__all__)


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = sc.nothing


def test_an_old_name_still_works_and_says_when_it_goes() -> None:
    with pytest.warns(FutureWarning, match=r"now called null_scene; 0.3.0 removes the old name"):
        old = sc.null_twin
    assert old is sc.null_scene


@pytest.mark.parametrize("given", [{"nulls": 3, "null_twin": "gaussian"}, {"references": 3}])
def test_settings_of_earlier_versions_mean_the_same(given: dict[str, object]) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        chosen = Experiment.model_validate(given)
        keywords = given_settings("run", given).experiment
    assert chosen.references == keywords["references"] == 3
    assert chosen.reference_data == ("gaussian" if "nulls" in given else "copula")
    assert len(said) == (4 if "nulls" in given else 0)
    assert all("0.3.0 removes the old name" in str(one.message) for one in said)


def test_the_present_name_of_a_setting_goes_before_the_old_one() -> None:
    with pytest.warns(FutureWarning, match="the setting nulls is now called references"):
        assert Experiment.model_validate({"nulls": 3, "references": 5}).references == 5


def test_one_version() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    assert sc.__version__ == version("synthcohort")
    assert f'version = "{sc.__version__}"' in text
    assert f"\nversion: {sc.__version__}\n" in (ROOT / "CITATION.cff").read_text()


def test_the_short_set_names_tests_that_are_there() -> None:
    for line in (ROOT / ".ci" / "short_tests").read_text().split():
        path, _, name = line.partition("::")
        assert f"def {name}" in (ROOT / path).read_text(), line


def test_import_is_light() -> None:
    heavy = {"numba", "igraph", "altair", "pandas"}
    code = f"import sys, synthcohort.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_test_command_of_the_readme_is_the_one_in_ci() -> None:
    readme, ci = (ROOT / "README.md").read_text(), (ROOT / ".ci" / "run").read_text()
    assert ".venv/bin/pytest" in readme
    assert ".venv/bin/pytest" in ci
    assert ".venv/bin/synthcohort run haalsi_example" in readme
