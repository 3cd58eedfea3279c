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
