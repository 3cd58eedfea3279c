"""A population written part by part has the bytes of one written in one piece."""

from pathlib import Path

import pandas as pd
import pytest

from synthcohort.population import generate, generation, with_overrides
from synthcohort.population.population import synthetic_ids
from synthcohort.population.streams import BLOCK
from synthcohort.results.formats import writers
from synthcohort.results.population_parts import write_parts
from synthcohort.results.run_folder import write_population
from synthcohort.scene import load_scene


def silent(*_: object) -> None:
    pass


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["haalsi_wave1", "trap_nested"])
def test_the_same_bytes_in_parts(tmp_path, monkeypatch, name) -> None:
    for module in (generation, writers):
        monkeypatch.setattr(module, "PART", BLOCK)
    scene = with_overrides(load_scene(name), size=2 * BLOCK + 50)
    for folder in ("whole", "parts"):
        (tmp_path / folder).mkdir()
    write_population(tmp_path / "whole", generate(scene), ["csv", "parquet"])
    write_parts(tmp_path / "parts", scene, ["csv", "parquet"], 2, silent)
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_a_larger_population_keeps_the_first_rows(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(generation, "PART", BLOCK)
    scene = load_scene("trap_nested")
    write_parts(tmp_path, with_overrides(scene, size=BLOCK + 10), ["parquet"], 1, silent)
    small = generate(scene, size=300)
    first = pd.read_parquet(tmp_path / "data.parquet").head(300)
    assert list(first.index) == list(small.index)
    pd.testing.assert_frame_equal(first.set_axis(small.index), small.to_frame())


def test_ids_do_not_depend_on_the_size() -> None:
    late = list(synthetic_ids(4, 9_999_997))
    assert late == ["SYN-9999998", "SYN-9999999", "SYN-10000000", "SYN-10000001"]
    assert list(synthetic_ids(2)) == ["SYN-0000001", "SYN-0000002"]
    assert list(synthetic_ids(1, 99_999_999)) == ["SYN-100000000"]
