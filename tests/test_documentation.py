"""What the documents show works: Python and commands run, made smaller; every option exists."""

import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from sklearn.cluster import KMeans
from sklearn.preprocessing import QuantileTransformer

import synthcohort as sc
from synthcohort.cli import app, main
from synthcohort.clustering.preprocessing import PREPROCESSINGS, Preprocessing

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = typer.main.get_command(app).commands
_MANY = re.MULTILINE | re.DOTALL

SMALLER = {
    r"size=\d+": "size=200",
    r"bootstraps=\d+": "bootstraps=5",
    r"(ceiling\([^)]*)\)": r"\1, size=1000)",
}
FEW = "--bootstraps 2 -k 2 --resolution 1.0 --preprocessing zscore --workers 1"
SHORTER = {
    "run": f"--size 120 {FEW}",
    "cluster": f"{FEW} --no-verdict",
    "generate": "--size 100",
    "fidelity": "--size 2000",
    "power": "--repetitions 2 --separation 2 --shares equal --workers 1",
    "study": "--workers 1",
}
"""What is added to a command: of an option given twice the last counts."""

STUDY = """
name = "small"
repetitions = 2
scenes.mine = { scene = "my_scene.toml" }
factors.size = [60, 80]
methods.plain.rival = "ward"
"""
SCENE = """
name = "mine"
groups.sex.probabilities = { female = 0.5, male = 0.5 }
groups.region.probabilities = { rural = 0.4, urban = 0.6 }
biomarkers.Weight = { baseline = 60, noise = 5, shift.region = { urban = 12 } }
biomarkers.Height = { baseline = 160, noise = 6, shift.sex = { male = 9 } }
experiment.truth = "region"
"""


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Every fenced block of a language."""
    fence = rf"^```{language}\n(.*?)^```"
    return [text for path in DOCUMENTS for text in re.findall(fence, text_of(path), _MANY)]


def listed_commands() -> list[str]:
    """Commands of the README's list, without what is said of them behind two blanks."""
    [text] = [text for text in blocks("") if text.startswith("synthcohort scenes")]
    lines = [re.split(r"\s{2,}", line)[0] for line in text.splitlines()]
    return [line for line in lines if line.startswith("synthcohort")]


def inline_commands() -> list[str]:
    """Commands within sentences, without the file that they are written to."""
    found = [c for p in DOCUMENTS for c in re.findall(r"`synthcohort (\w[^`]*)`", text_of(p))]
    return list(dict.fromkeys(command.split(" > ")[0] for command in found))


@pytest.mark.parametrize("text", blocks("python"), ids=lambda text: text.split("\n")[0])
def test_python(text: str, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for pattern, smaller in SMALLER.items():
        text = re.sub(pattern, smaller, text)
    names = {
        "sc": sc,
        "KMeans": lambda k: KMeans(min(k, 3), n_init=1),
        "Preprocessing": Preprocessing,
        "QuantileTransformer": QuantileTransformer,
        "X": pd.DataFrame(np.random.default_rng(0).normal(size=(60, 2))),
    }
    if text.startswith('"'):  # lines of the registry
        entries = eval(f"{{{text}}}", names)
        assert all(isinstance(one, type(PREPROCESSINGS["zscore"])) for one in entries.values())
        return
    exec(text, names)
    assert ("print(" in text) == bool(capsys.readouterr().out)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Hold the files that the documents name."""
    out = tmp_path_factory.mktemp("documents")
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(100, 10, (120, 2)).round(1), columns=["a", "b"])
    table = table.assign(pid=range(120), sex=pd.Categorical(["male", "female", "male"] * 40))
    table.to_stata(out / "table.dta", write_index=False)
    table.to_csv(out / "my_table.csv", index=False)
    (out / "mine.toml").write_text('id = "pid"\nbiomarkers = ["a", "b"]\ngroups = ["sex"]\n')
    (out / "my_scene.toml").write_text(SCENE)
    (out / "my_study.toml").write_text(STUDY)
    return out


@pytest.mark.parametrize("command", listed_commands())
def test_the_commands_of_the_readme_run(command: str, folder, monkeypatch, capsys) -> None:
    words = shlex.split(command)
    if "sav" in command:
        pytest.importorskip("pyreadstat")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [*words, *shlex.split(SHORTER.get(words[1], ""))])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (0, None), capsys.readouterr().err
    printed = capsys.readouterr().out.strip()
    assert printed
    if words[1] in ("run", "cluster", "generate"):
        assert (folder / printed.splitlines()[-1]).exists()


@pytest.mark.parametrize("command", inline_commands())
def test_the_commands_within_sentences_exist(command: str) -> None:
    name, *words = shlex.split(command)
    wanted = [p for p in COMMANDS[name].params if p.param_type_name == "argument" and p.required]
    given = [word for word in words if not word.startswith("-")]
    filled = [*words, *["SCENE"] * (len(wanted) if not given else 0)]
    COMMANDS[name].make_context(name, filled)


def test_every_option_that_is_named_exists() -> None:
    commands = [typer.main.get_command(app), *COMMANDS.values()]
    known = {option for c in commands for p in c.params for option in p.opts}
    known |= {option for c in commands for p in c.params for option in p.secondary_opts}
    known |= {"--help", "--scene", "--outroot", "--no-cluster", "--bootstraps", "--allowed"}
    named = {
        option
        for path in (ROOT / "README.md", *(ROOT / "docs").glob("[gs]*.md"))
        for option in re.findall(r"`(--[a-z][a-z-]+)", text_of(path))
    }
    assert named
    assert named <= known
