"""Sizes that can't fit are refused before anything is drawn; memory is what limits leave."""

import pytest

from synthcohort import SceneError, export, generate, run
from synthcohort.machine import memory
from synthcohort.population import memory_needed
from synthcohort.runs import room_needed
from synthcohort.scene import load_scene

FREE = "available_memory"


def test_a_size_beyond_the_memory_is_refused() -> None:
    with pytest.raises(SceneError, match=r"size: got 1,000,000,000,000, which needs .* TB of mem"):
        generate("haalsi_example", size=10**12)
    with pytest.raises(SceneError, match=r"EB of memory where .* is left, allowed here: about"):
        generate("haalsi_example", size=10**18)


def test_nothing_is_refused_that_fits(monkeypatch) -> None:
    scene = load_scene("planted_profiles")
    each = memory_needed.bytes_of_each(generate(scene, size=1000))
    assert 100 < each < 1000
    monkeypatch.setattr(memory_needed, FREE, lambda: int(each * 100_000) + 1)
    generate(scene, size=100_000)
    monkeypatch.setattr(memory_needed, FREE, lambda: int(each * 100_000) - 1)
    with pytest.raises(SceneError, match="size: got 100,000"):
        generate(scene, size=100_000)


def test_files_beyond_the_disk(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(room_needed, "_free", lambda _: 10**6)
    with pytest.raises(SceneError, match=r"size: got 200,000, whose files take .* of disk where 1"):
        export("planted_profiles", tmp_path, size=200_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bootstraps": 10**12}, r"experiment.bootstraps: got 1,000,000,000,000, whose labels"),
        (
            {"size": 90_000, "base": {"agglomerative": [2]}},
            r"experiment.base.agglomerative: needs 32.4 GB of memory for the distances",
        ),
    ],
)
def test_what_a_grid_needs(tmp_path, monkeypatch, settings, message: str) -> None:
    monkeypatch.setattr(room_needed, FREE, lambda: 8 * 10**9)
    with pytest.raises(SceneError, match=message):
        run("planted_profiles", tmp_path, **settings)
    assert list(tmp_path.iterdir()) == []


def test_the_limit_of_a_container_counts(tmp_path) -> None:
    group = tmp_path / "slurm" / "job"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("max\n")
    (group.parent / "memory.max").write_text("1000000\n")
    (group.parent / "memory.current").write_text("600000\n")
    (group.parent / "memory.stat").write_text("anon 5\ninactive_file 100000\n")
    left = memory._left(tmp_path, "/slurm/job", "memory.max", "memory.current")
    assert list(left) == [500_000]
