"""Whatever fails ends in one line, with its exit code, and nothing of a library reaches it raw."""

import errno
import os
import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from synthcohort.cli import main
from synthcohort.machine.machine_error import MachineError, MachineWarning

PLACE = "synthcohort.exact_theory.theory_text.expectations"


@pytest.fixture
def failing(monkeypatch, capsys, tmp_path) -> Callable[..., tuple[int, str]]:
    """Let ``show`` end in some way; give its exit code and what it said."""
    monkeypatch.setenv("SYNTHCOHORT_CACHE", str(tmp_path / "kept"))

    def call(action: BaseException | Callable[..., str], *options: str) -> tuple[int, str]:
        def run(*_: object) -> str:
            if isinstance(action, BaseException):
                raise action
            return action()

        monkeypatch.setattr(PLACE, run)
        monkeypatch.setattr(sys, "argv", ["synthcohort", "show", "no_clusters", *options])
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().err
        return 0, capsys.readouterr().err

    return call


def noted(error: BaseException) -> BaseException:
    error.add_note("42 cells are kept")
    return error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (MachineError("the disk is full"), 1, "failed: the disk is full"),
        (noted(MachineError("full")), 1, "failed: full; 42 cells are kept"),
        (MemoryError(), 1, "failed: not enough memory ("),
        (OSError(errno.ENOSPC, "x", "/tmp/y"), 1, "failed: /tmp/y could not be written: the disk"),
        (
            noted(KeyboardInterrupt()),
            130,
            "interrupted: nothing half-written is left; 42 cells are kept",
        ),
        (KeyError("jaccard"), 1, "failed, which should not happen: KeyError: 'jaccard'; where,"),
        (RecursionError("deep"), 1, "failed, which should not happen: RecursionError: deep"),
        (
            ValueError("a\x1b[31m\nb" * 200),
            1,
            r"failed, which should not happen: ValueError: a\x1b",
        ),
    ],
)
def test_one_line_and_the_exit_code(failing, error: BaseException, code: int, words: str) -> None:
    got, said = failing(error)
    assert got == code
    assert said.startswith(words)
    assert said.count("\n") == 1
    assert len(said) < 700


def test_the_log_has_the_place_and_the_versions_and_no_value(failing, tmp_path) -> None:
    _, said = failing(ValueError("could not read 'Nomsa Mthembu'"))
    [log] = (tmp_path / "kept").iterdir()
    assert str(log) in said
    text = log.read_text()
    assert "in expectations" not in text
    assert "test_failures.py" in text
    assert "numpy " in text
    assert "Nomsa" not in text


def test_no_place_for_the_log(failing, tmp_path) -> None:
    (tmp_path / "kept").write_text("a file")
    assert failing(KeyError("x"))[1].endswith("'x'; --debug shows where\n")


def test_debug_shows_the_traceback(failing) -> None:
    assert "Traceback (most recent call last)" in failing(KeyError("x"), "--debug")[1]


def test_sigterm_is_as_ctrl_c(failing) -> None:
    def term() -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        return ""

    assert failing(term) == (143, "ended by SIGTERM: nothing half-written is left\n")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_warnings_of_libraries_are_counted(failing) -> None:
    def warn() -> str:
        warnings.warn("overflow encountered in square", RuntimeWarning, stacklevel=1)
        warnings.warn("no folder", MachineWarning, stacklevel=1)
        return ""

    _, said = failing(warn)
    assert said == "warning: no folder\n1 warning of libraries not shown (--debug shows them)\n"
    assert "RuntimeWarning: overflow" in failing(warn, "--debug")[1]


def test_a_full_standard_output(failing, monkeypatch) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        code, said = failing(lambda: "x" * 100_000)
        assert code == 1
        assert "could not be written" in said
        monkeypatch.undo()
        full.close = lambda: None  # type: ignore[method-assign]
