"""A manifest that was changed is seen, and nothing is drawn from it."""

import json
import shutil

import pytest

from synthcohort import SceneError, verify
from synthcohort.results.manifest import result_faults
from synthcohort.runs.report_files import renew_report

CHANGED = ["manifest.json: changed since the run"]


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(seed=m["seed"] + 1),
        lambda m: m["scene"].update(name="another"),
        lambda m: m["checksums"].pop("scores.csv"),
        lambda m: m.pop("seal"),
        lambda m: m.update(notes=[]) or m.update(notes=["all is well"]),
    ],
)
def test_any_change_is_seen(small_run, tmp_path, change) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    assert verify(folder) == []
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content, indent=2))
    assert CHANGED[0] in verify(folder)
    assert result_faults(folder) == CHANGED
    with pytest.raises(SceneError, match=r"manifest\.json: changed since the run"):
        renew_report(folder)


def test_spaces_are_no_change(small_run, tmp_path) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text())))
    assert verify(folder) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000])
def test_a_damaged_manifest_is_one_line(tmp_path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(SceneError, match="allowed: a run folder") as caught:
        verify(tmp_path)
    assert "\n" not in str(caught.value)
