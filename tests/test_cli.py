"""The command line as its users meet it: in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from synthcohort import generate, load_scene
from synthcohort.scene import catalogue

ROOT = Path(__file__).parent.parent
FAST = ["--size", "200", "--bootstraps", "3", "-k", "2", "--resolution", "1.0", "--references", "0"]


def call(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "synthcohort.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=600,
        check=False,
    )


def test_run_prints_the_report_path(tmp_path) -> None:
    done = call(
        "run", "planted_profiles", *FAST, "--preprocessing", "zscore", "--out", str(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip())
    assert path.name == "report.html"
    assert path.is_file()
    assert "z-score" not in done.stdout


def test_the_command_that_researchers_know(tmp_path) -> None:
    command = [sys.executable, "-m", "scenes.run_scene", "--scene", "scenes.scene_example"]
    done = subprocess.run(
        [*command, "--no-cluster", "--outroot", str(tmp_path), "--size", "100"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("scene_example__")
    assert not (folder / "labels.parquet").exists()
    assert (folder / "report.html").exists()


def test_generate_writes_what_is_asked_for(tmp_path) -> None:
    done = call(
        "generate", "haalsi_example", "--size", "50", "--format", "csv", "--out", str(tmp_path)
    )
    folder = Path(done.stdout.strip())
    assert (folder / "data.csv").exists()
    assert not (folder / "data.parquet").exists()
    assert call("verify", str(folder)).returncode == 0


FAULTS = """
name = "four"
[groups.sex]
probabilities = { female = 0.5, male = 0.6 }
[biomarkers.A]
noise = -1
slops = { B = 1 }
[biomarkers.B]
loadings = { F = 1 }
noise = 1
"""


def test_four_faults_on_four_lines(tmp_path) -> None:
    (tmp_path / "four.toml").write_text(FAULTS)
    done = call("run", str(tmp_path / "four.toml"), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 4
    for place in (
        "groups.sex.probabilities",
        "biomarkers.A.noise",
        "biomarkers.A.slops",
        "biomarkers.B.loadings",
    ):
        assert sum(place in line for line in lines) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--preprocessing", "zscor"], "got 'zscor'; did you mean 'zscore'?"),
        (["--size", "20", "-k", "21"], "got k = 21, allowed: at most the 20 individuals"),
        (["--resolution", "0"], "experiment.resolutions.0: got 0.0, allowed: above 0"),
        (["--size", "0"], "size: got 0, allowed: 1 or more"),
        (["--base", "kmean", "-k", "3"], "got 'kmean'; did you mean 'kmeans'?"),
        (["--assign", "out"], "experiment.assign: got 'out', allowed: "),
        (["--missing", "drop"], "experiment.missing: got 'drop', allowed: "),
        (["--bootstraps", "0"], "experiment.bootstraps: got 0, allowed: 1 or more"),
        (["--out", "/proc/nowhere"], "--out: got '/proc/nowhere', allowed: a writable folder"),
    ],
)
def test_wrong_settings(arguments: list[str], message: str, tmp_path) -> None:
    done = call("run", "haalsi_example", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_unknown_key_of_a_flat_scene_warns_and_goes_on(tmp_path) -> None:
    text = (
        (ROOT / "scenes" / "scene_example.py")
        .read_text()
        .replace('"params": {}', '"params": {"hb_bas": 12}')
    )
    (tmp_path / "mine.py").write_text(text)
    done = call(
        "run",
        str(tmp_path / "mine.py"),
        "--no-cluster",
        "--size",
        "50",
        "--out",
        str(tmp_path / "o"),
    )
    assert done.returncode == 0
    assert "params.hb_bas: unknown key, ignored; did you mean 'hb_base'?" in done.stderr


def test_scenes_show_check_and_schema() -> None:
    lines = call("scenes").stdout.splitlines()
    assert [line.split()[0] for line in lines] == catalogue.names()
    shown = call("show", "haalsi_example").stdout
    assert "Weight = 52 +12 X" in shown
    assert "region is carried by (share of variance, 10% or more): Waist" in shown
    assert "Overlap of region" in shown
    assert "no problems" in call("check", "planted_profiles").stdout
    assert '"title": "synthcohort scene"' in call("schema").stdout


def test_a_counterfactual_on_the_command_line(tmp_path) -> None:
    done = call(
        "generate", "haalsi_example", "--without", "region", "--size", "20", "--out", str(tmp_path)
    )
    assert Path(done.stdout.strip()).name.startswith("haalsi_example_without_region__")
    done = call("generate", "haalsi_example", "--null", "--size", "20", "--out", str(tmp_path))
    assert Path(done.stdout.strip()).name.startswith("haalsi_example_null__")
    assert done.stderr.startswith("--null is now called --null-scene; 0.3.0 removes the old name")
    done = call("run", "haalsi_example", "--without", "regoin", "--out", str(tmp_path / "no"))
    assert done.returncode == 2
    assert "without: got 'regoin'; did you mean 'region'?" in done.stderr
    assert not (tmp_path / "no").exists()


def test_a_table_of_ones_own(tmp_path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,x\n2,y\n")
    (tmp_path / "s.toml").write_text(
        'biomarkers = ["Wt"]\nid = "a"\nweight = "b"\n[experiment]\nbootstrap = 3\n'
    )
    done = call("cluster", "t.csv", "--settings", "s.toml", "--out", "no", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "s.toml: column 'Wt': is not in the table; allowed: a, b",
        "t.csv: column 'b': got 'x' in row 1 (2 values are not numbers), allowed: numbers",
        "s.toml: experiment.bootstrap: unknown key; did you mean 'bootstraps'?",
    ]
    assert not (tmp_path / "no").exists()


def test_cutoffs_are_printed_and_taken(tmp_path) -> None:
    rows = call("cutoffs").stdout.splitlines()
    hemoglobin = [row for row in rows if row.startswith("Hemoglobin")]
    (tmp_path / "c.csv").write_text("\n".join([rows[0], *hemoglobin]))
    small = ["--no-cluster", "--size", "20", "--format", "dta", "--out", str(tmp_path)]
    done = call("run", "haalsi_example", "--cutoffs", str(tmp_path / "c.csv"), *small)
    folder = Path(done.stdout.strip()).parent
    book = (folder / "codebook.csv").read_text()
    assert "male: 13; female: 12" in book
    assert "140" not in book
    assert {"data.dta", "data.parquet"} <= {p.name for p in folder.iterdir()}


def test_tune_prints_a_scene(tmp_path) -> None:
    done = call("tune", "trap_equal_means", "--overlap", "0.2")
    assert done.returncode == 0, done.stderr
    (tmp_path / "tuned.toml").write_text(done.stdout)
    assert "no problems" in call("check", str(tmp_path / "tuned.toml")).stdout
    wrong = call("tune", "no_clusters", "--ceiling", "2")
    assert wrong.returncode == 2
    assert len(wrong.stderr.splitlines()) == 2


def test_reference_data_of_the_kind_that_was_asked_for(tmp_path) -> None:
    wrong = call("run", "no_clusters", "--reference-data", "normal", "--out", str(tmp_path / "no"))
    assert wrong.returncode == 2
    assert "experiment.reference_data" in wrong.stderr
    assert "copula" in wrong.stderr
    arguments = [*FAST[:-1], "1", "--reference-data", "gaussian", "--preprocessing", "zscore"]
    done = call("run", "no_clusters", *arguments, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip()).parent
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["scene"]["experiment"]["reference_data"] == "gaussian"
    assert {"references.csv", "band.csv"} <= {p.name for p in folder.iterdir()}


def test_calibrate_writes_a_scene(tmp_path) -> None:
    table, out = tmp_path / "people.csv", tmp_path / "mine.toml"
    generate("haalsi_example", size=400).to_frame().to_csv(table)
    done = call("calibrate", str(table), "--group", "sex", "--group", "region", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(out)
    assert "Privacy statement" in out.read_text()
    assert "correlation error" in done.stderr
    assert load_scene(out).groups["region"].levels == ["mixed", "rural", "urban"]


def test_calibrate_names_wrong_input(tmp_path) -> None:
    (tmp_path / "empty.csv").write_text("")
    done = call("calibrate", str(tmp_path / "empty.csv"))
    assert done.returncode == 2
    assert "empty.csv: is empty" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_fidelity_prints_the_counts(tmp_path) -> None:
    done = call("fidelity", "haalsi_wave1", "--size", "5000", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "of 119 usable published figures are met" in done.stdout
    assert Path(done.stdout.strip().splitlines()[-1]).is_file()
