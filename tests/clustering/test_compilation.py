"""Compiled loops: kept where asked, and working where nothing can be kept."""

import os
import subprocess
import sys
from pathlib import Path

import numba

import synthcohort
from synthcohort.clustering.compilation import compiled
from synthcohort.machine.caches import CACHE


def double(x: int) -> int:
    return 2 * x


def test_kept_in_the_folder_that_the_variable_names(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))
    before = numba.config.CACHE_DIR
    assert compiled(double)(2) == 4
    assert before == numba.config.CACHE_DIR
    assert len(list(tmp_path.glob("compiled/*/*double*.nbi"))) == 1


def test_kept_for_the_user_where_the_folder_of_the_source_is_read_only(tmp_path) -> None:
    source = tmp_path / "loops.py"
    source.write_text(
        "from synthcohort.clustering.compilation import compiled\n"
        "@compiled\ndef double(x):\n    return 2 * x\n"
        "print(double(2))\n"
    )
    (tmp_path / "__pycache__").touch()  # not even root can write into a file
    home = tmp_path / "home"
    package = str(Path(synthcohort.__file__).parents[1])
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(home))
    known = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-B", str(source)],
        env=known | places | {"PYTHONPATH": package},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("4\n", "")
    assert len(list(home.rglob("*double*.nbi"))) == 1


_NOTHING_MORE = """
import gc
from numba.core.dispatcher import Dispatcher
from synthcohort import generate, load_scene
from synthcohort.clustering.first_compilation import compile_loops
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.whole_grid import run_grid

def compiled():
    found = [d for d in gc.get_objects() if isinstance(d, Dispatcher)]
    return sum(len(d.signatures) for d in found if d.py_func.__module__.startswith("synthcohort"))

few = {"preprocessings": ["zscore"], "base": {"kmeans": [3]}, "bootstraps": 3, "references": 0}
cohort = cohort_of(generate(with_settings(load_scene("haalsi_example"), 100, None, few)))
compile_loops(False)
before = compiled()
run_grid(cohort, False, 1, lambda *_: None)
print(before, compiled())
"""


def test_every_loop_of_a_run_is_compiled_before_its_workers_start() -> None:
    """In a process of its own: a grid after `compile_loops` compiles nothing more."""
    done = subprocess.run(
        [sys.executable, "-c", _NOTHING_MORE], capture_output=True, text=True, check=True
    )
    before, after = map(int, done.stdout.split())
    assert before == after > 10


def test_where_nothing_can_be_kept_it_compiles_and_says_so(tmp_path) -> None:
    """A file in place of every folder: not even root can write into it."""
    source = tmp_path / "loops.py"
    source.write_text(
        "from synthcohort.clustering.compilation import compiled\n"
        "@compiled\ndef double(x):\n    return 2 * x\n"
        "@compiled\ndef triple(x):\n    return 3 * x\n"
        "print(double(2), triple(2))\n"
    )
    (tmp_path / "__pycache__").touch()
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", CACHE), str(source))
    package = str(Path(synthcohort.__file__).parents[1])
    known = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-B", str(source)],
        env=known | places | {"PYTHONPATH": package},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["4", "6"]
    assert done.stderr.count("no folder for compiled code can be written to") == 1
