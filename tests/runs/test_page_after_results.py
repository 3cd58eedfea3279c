"""Results first, then pictures: whatever happens while a page is drawn, the run stays whole."""

import errno
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from synthcohort import run
from synthcohort.cli import main
from synthcohort.machine.machine_error import MachineError
from synthcohort.results import page_files
from synthcohort.results.manifest import has_page, verify
from synthcohort.results.run_folder import read_findings
from synthcohort.runs.report_files import renew_report
from synthcohort.scene import SceneError, SceneWarning

FEW = {
    "preprocessings": ["zscore"],
    "whiten": [False],
    "base": {"kmeans": [2]},
    "resolutions": [1.0],
    "bootstraps": 4,
    "references": 0,
}
BROKEN = "synthcohort.runs.conductor.write_report"


def fails(*_: object) -> None:
    raise KeyError("jaccard")


def test_a_page_that_fails_costs_nothing(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(BROKEN, fails)
    with pytest.warns(SceneWarning, match=r"KeyError: 'jaccard'.*synthcohort report"):
        done = run("planted_profiles", tmp_path, size=120, workers=1, **FEW)
    assert str(done.folder) in done.page_failure
    assert verify(done.folder) == []
    assert not has_page(done.folder)
    assert read_findings(done.folder).tables.scores.equals(done.scores)
    assert renew_report(done.folder) == done.report
    assert verify(done.folder) == []
    assert has_page(done.folder)


def command(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    monkeypatch.setattr(sys, "argv", ["synthcohort", *arguments])
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    with warnings.catch_warnings():
        warnings.simplefilter("always", SceneWarning)
        with pytest.raises(SystemExit) as end:
            main()
    return (int(end.value.code or 0), *capsys.readouterr())


def test_the_command_says_how_to_draw_it_again(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(BROKEN, fails)
    arguments = ["run", "haalsi_example", "--no-cluster", "--size", "20", "--out", str(tmp_path)]
    code, out, error = command(monkeypatch, capsys, *arguments)
    [folder] = tmp_path.iterdir()
    assert (code, out.strip()) == (1, str(folder))
    assert f"synthcohort report {folder}" in error
    code, out, _ = command(monkeypatch, capsys, "verify", str(folder))
    assert code == 0
    assert f"synthcohort report {folder}" in out


KILLED = """
import os, signal
from pathlib import Path
from synthcohort.machine.machine_error import MachineError
from synthcohort.results import page_files
from synthcohort.runs.report_files import renew_report

moves = 0
def move(source, target, real=page_files.move):
    global moves
    moves += 1
    if moves > {moves}:
        os.kill(os.getpid(), signal.SIGKILL)
    real(source, target)

page_files.move = move
renew_report(Path({folder!r}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return run("haalsi_example", tmp_path_factory.mktemp("r"), cluster=False, size=40).folder


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_killed_while_drawing(moves: int, folder: Path) -> None:
    """With the figures moved or not, the page moved or not: never a fault of the results."""
    code = KILLED.format(moves=moves, folder=str(folder))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not has_page(folder)
    assert verify(folder) == []
    renew_report(folder)
    assert has_page(folder)
    assert verify(folder) == []
    assert not (folder / page_files.PARTIAL_PAGE).exists()


def test_an_old_page_stays_when_a_new_one_has_no_room(folder: Path, monkeypatch) -> None:
    before = (folder / "report.html").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(MachineError, match=r"could not be written: the disk of .* is full"):
        renew_report(folder)
    assert (folder / "report.html").read_bytes() == before
    assert verify(folder) == []


def test_a_changed_page_is_a_fault_and_can_be_drawn_again(folder: Path) -> None:
    (folder / "report.html").write_text("changed")
    (folder / "figures" / "extra.png").write_text("x")
    assert verify(folder) == [
        "figures/extra.png: not part of the run",
        "report.html: changed since the run",
    ]
    renew_report(folder)
    assert verify(folder) == []


def test_no_page_is_drawn_from_changed_results(folder: Path) -> None:
    """Nor do changed results get new checksums."""
    data, manifest = folder / "data.parquet", folder / "manifest.json"
    before, known = data.read_bytes(), manifest.read_bytes()
    data.write_bytes(before + b" ")
    with pytest.raises(SceneError, match=r"data\.parquet: changed since the run"):
        renew_report(folder)
    assert verify(folder) == ["data.parquet: changed since the run"]
    assert manifest.read_bytes() == known
    data.write_bytes(before)


def test_interrupted_while_drawing(tmp_path, monkeypatch, capsys) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(BROKEN, interrupt)
    arguments = ["run", "haalsi_example", "--no-cluster", "--size", "20", "--out", str(tmp_path)]
    code, _, error = command(monkeypatch, capsys, *arguments)
    assert code == 130
    assert "all results are in" in error
    [folder] = tmp_path.iterdir()
    assert verify(folder) == []
