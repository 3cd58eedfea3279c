"""Progress in a log file: lines now and then, none for short work."""

import pytest

from synthcohort.cli.progress_bar import progress


def test_long_work_writes_lines(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr("synthcohort.cli.progress_bar._EVERY", 0.0)
    with progress() as tell:
        tell("clustering", 3, 44)
    assert capsys.readouterr().err == "clustering: 3 of 44 after 0 s\n"


def test_short_work_writes_nothing(capsys) -> None:
    with progress() as tell:
        tell("clustering", 3, 44)
        tell("clustering", 44, 44)
    assert capsys.readouterr().err == ""
