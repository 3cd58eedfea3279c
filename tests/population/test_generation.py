"""What keyed streams promise, and that components add up."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthcohort import generate, load_scene
from synthcohort.population.streams import BLOCK
from synthcohort.scene import SceneError, catalogue, to_dict
from synthcohort.scene.instrument import Measurement

CHECKSUMS = Path(__file__).parent / "checksums.json"


def checksums(name: str) -> dict[str, str]:
    X, metadata, truth = generate(name, size=1000)
    columns = {f"X.{c}": X[c].to_numpy() for c in X}
    columns |= {f"metadata.{c}": codes(metadata[c]) for c in metadata}
    factors = [c for c in truth if c.startswith("factor_")]
    columns |= {f"truth.{c}": truth[c].to_numpy() for c in factors}
    return {k: hashlib.sha256(v.astype("<f8").tobytes()).hexdigest() for k, v in columns.items()}


def codes(column: pd.Series) -> np.ndarray:
    categorical = isinstance(column.dtype, pd.CategoricalDtype)
    return (column.cat.codes if categorical else column).to_numpy()


@pytest.mark.parametrize("name", catalogue.names())
def test_the_same_bytes_on_every_machine(name: str) -> None:
    assert checksums(name) == json.loads(CHECKSUMS.read_text())[name]


def test_another_biomarker_changes_no_other_column() -> None:
    data = to_dict(load_scene("haalsi_example"))
    data["biomarkers"] = {"New": {"loadings": {"X": 1.0}, "noise": 1.0}, **data["biomarkers"]}
    before, after = generate("haalsi_example", size=2000), generate(data, size=2000)
    for name in before.X:
        assert before.X[name].to_numpy().tobytes() == after.X[name].to_numpy().tobytes()
    assert before.truth.equals(after.truth)
    assert before.metadata.equals(after.metadata)


def test_a_larger_size_starts_with_the_smaller() -> None:
    small, large = (
        generate("planted_profiles", size=10_000),
        generate("planted_profiles", size=20_000),
    )
    assert large.X.iloc[:10_000].equals(small.X)
    assert large.truth.iloc[:10_000].equals(small.truth)
    assert large.metadata.iloc[:10_000].equals(small.metadata)


def test_workers_change_nothing() -> None:
    size = 2 * BLOCK + 17
    one, two = (generate("planted_profiles", size=size, workers=w) for w in (1, 2))
    assert one.X.equals(two.X)
    assert one.truth.equals(two.truth)


@pytest.mark.parametrize("name", catalogue.names())
def test_components_add_up_exactly(name: str) -> None:
    population = generate(name, size=BLOCK + 5)
    for marker in population.scene.biomarkers:
        parts = population.components(marker)
        total = np.zeros(len(parts))
        for column in parts:
            total += parts[column].to_numpy()
        assert np.array_equal(total, population.before_measurement(marker))
        limits = population.scene.biomarkers[marker].measurement
        if limits == Measurement(lower=limits.lower, upper=limits.upper):
            low = -np.inf if limits.lower is None else limits.lower
            high = np.inf if limits.upper is None else limits.upper
            bounded = np.clip(total, low, high)
            there = population.X[marker].notna()
            assert np.array_equal(bounded[there], population.X[marker][there])


def test_components_of_nothing() -> None:
    with pytest.raises(KeyError, match="no biomarker 'Wieght' in this scene"):
        generate("haalsi_example", size=10).components("Wieght")


def test_hidden_groups_are_truth_only() -> None:
    X, metadata, truth = generate("planted_profiles", size=200)
    assert list(metadata) == ["region", "sex"]
    assert "profile" in truth
    assert X.index[0] == "SYN-0000001"
    assert X.index.equals(truth.index)


def test_conditional_probabilities() -> None:
    """Shares of profiles within regions: 12 binomials within 4 SE, under 0.1 % of seeds fail."""
    truth = generate("planted_profiles", size=200_000).truth
    table = load_scene("planted_profiles").groups["profile"].table()
    for region, row in table.items():
        inside = truth.loc[truth["region"] == region, "profile"]
        for level, p in row.items():
            assert abs((inside == level).mean() - p) < 4 * np.sqrt(p * (1 - p) / len(inside))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(1, 300), st.integers(0, 2**40), st.floats(0, 5), st.floats(-3, 3))
def test_any_small_scene(size: int, seed: int, noise: float, slope: float) -> None:
    scene = {
        "name": "any",
        "biomarkers": {"A": {"noise": noise}, "B": {"slopes": {"A": slope}, "baseline": 2.0}},
    }
    X, metadata, _ = generate(scene, size=size, seed=seed)
    assert X.shape == (size, 2)
    assert metadata.shape == (size, 0)
    assert np.array_equal(X["B"], 2.0 + slope * X["A"].to_numpy())


def test_size_out_of_range() -> None:
    with pytest.raises(SceneError, match="size: got 0, allowed: 1 or more"):
        generate("haalsi_example", size=0)
