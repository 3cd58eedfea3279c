"""The public interface, and that the README tells the truth about it."""

import subprocess
import sys
from pathlib import Path

import pytest

import synthcohort as sc

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", sc.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(sc, name) is not None


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = sc.nothing


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
