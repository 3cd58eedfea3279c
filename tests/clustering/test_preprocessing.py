"""Preprocessings: landmarks, invariance to units, constant columns, wrong input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from sklearn.preprocessing import QuantileTransformer

from synthcohort import generate
from synthcohort.clustering.preprocessing import PREPROCESSINGS, Preprocessing, prepare
from synthcohort.clustering.preprocessing.outside_cutoffs import OutsideCutoffs
from synthcohort.clustering.preprocessing.pathological_scaling import PathologicalScaler
from synthcohort.scene.model import Cutoffs

SEX = pd.Categorical(["female", "male"] * 50)
NONE = pd.DataFrame(index=range(100))


def table(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(10, 2, (100, 3)), columns=["A", "B", "C"])
    return frame.assign(C=frame["A"] + rng.normal(0, 0.1, 100))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.floats(-4, 4), min_size=3, max_size=3))
def test_whitened_affine_preprocessings_are_one_analysis(powers: list[float]) -> None:
    X = table() * 10.0 ** np.array(powers)
    distances = [
        pdist(prepare(X, name, True, {}, NONE).values)
        for name, p in PREPROCESSINGS.items()
        if p.affine
    ]
    assert len(distances) == 4
    for other in distances[1:]:
        np.testing.assert_allclose(other, distances[0], rtol=1e-7)


def test_whitening_gives_unit_covariance_and_drops_exact_dependence() -> None:
    X = table()
    X["D"] = X["A"] + X["B"]
    values = prepare(X, "zscore", True, {}, NONE).values
    assert values.shape == (100, 3)
    np.testing.assert_allclose(np.cov(values, rowvar=False), np.eye(3), atol=1e-10)


def test_pathological_landmarks() -> None:
    """0 at the healthy centre, +1 and -1 at the cut-offs, by sex where the cut-off is."""
    X = table().assign(sex=SEX)
    cutoffs = {"A": Cutoffs(low={"female": 8.0, "male": 9.0}, high=12.0), "B": Cutoffs(high=11.0)}
    scaler = PathologicalScaler(cutoffs).fit(X)
    lower, centre, upper = scaler.limits_["A", "male"]
    assert (lower, upper) == (9.0, 12.0)
    men = X.loc[X["sex"] == "male", "A"]
    assert centre == men[(men >= 9) & (men <= 12)].median()
    probe = X.iloc[[1, 1, 1, 1]].assign(A=[9.0, centre, 12.0, 12.0 + (12.0 - centre)])
    np.testing.assert_allclose(scaler.transform(probe)[:, 0], [-1, 0, 1, 2], atol=1e-12)
    healthy = X.loc[X["B"] < 11, "B"]
    assert scaler.limits_["B", ""][0] == np.percentile(healthy, 2.5)
    assert scaler.limits_["C", ""][2] == np.percentile(X["C"], 97.5)
    assert list(scaler.get_feature_names_out()) == ["A", "B", "C"]


def test_pathological_and_binary_do_not_depend_on_units() -> None:
    X = table().assign(sex=SEX)
    one = {"A": Cutoffs(low=8.0, high={"female": 11.0, "male": 12.0})}
    ten = {"A": Cutoffs(low=80.0, high={"female": 110.0, "male": 120.0})}
    Y = X.assign(A=X["A"] * 10)
    for scaler in (PathologicalScaler, OutsideCutoffs):
        np.testing.assert_allclose(scaler(one).fit_transform(X), scaler(ten).fit_transform(Y))


def test_pathological_edge_cases() -> None:
    flat = pd.DataFrame({"A": [0.0] * 60 + list(range(1, 41))})
    with pytest.warns(UserWarning, match="A: the healthy centre is at a limit"):
        assert np.isfinite(PathologicalScaler({}).fit_transform(flat)).all()
    with pytest.raises(ValueError, match="A: nobody is within the cut-off"):
        PathologicalScaler({"A": Cutoffs(high=-1.0)}).fit(flat)
    with pytest.warns(UserWarning, match="the centre is their middle"):
        scaler = PathologicalScaler({"A": Cutoffs(low=50.0, high=70.0)}).fit(flat)
    assert scaler.limits_["A", ""] == (50.0, 60.0, 70.0)
    with pytest.raises(ValueError, match="no categorical column with the levels female, male"):
        PathologicalScaler({"A": Cutoffs(low={"female": 1.0, "male": 2.0})}).fit(flat)


def test_binary_at_the_cutoffs() -> None:
    X = pd.DataFrame({"A": [1.0, 2.0, 3.0, 4.0, np.nan], "B": [1.0, 2.0, 3.0, 4.0, 5.0]})
    got = OutsideCutoffs({"A": Cutoffs(low=2.0, high=4.0)}).fit_transform(X)
    np.testing.assert_array_equal(got[:, 0], [1, 0, 0, 1, np.nan])
    assert not got[:, 1].any()


def test_constant_columns_are_dropped_and_named() -> None:
    X, metadata, _ = generate("haalsi_example", size=500)
    scene = generate("haalsi_example", size=1).scene
    cutoffs = {name: marker.cutoffs for name, marker in scene.biomarkers.items()}
    done = prepare(X, "binary", False, cutoffs, metadata)
    assert {"Height", "Weight", "Hip", "PTSD_score"} <= set(done.dropped)
    assert sorted(done.columns + done.dropped) == sorted(X.columns)
    assert done.values.shape == (500, len(done.columns))


def test_the_example_of_the_contributing_guide_works(monkeypatch) -> None:
    rank = Preprocessing("rank", False, False, lambda _: QuantileTransformer(n_quantiles=100))
    monkeypatch.setitem(PREPROCESSINGS, "rank", rank)
    groups = pd.DataFrame({"sex": SEX})
    values = prepare(table(), "rank", False, {"A": Cutoffs(low=9.0)}, groups).values
    assert values.min() == 0
    assert values.max() == 1


@pytest.mark.parametrize(
    ("name", "frame", "message"),
    [
        ("zscor", table(), "did you mean 'zscore'"),
        ("zscore", table().assign(A=np.nan), "100 rows have missing values"),
        ("binary", table(), "every column is constant after 'binary'"),
    ],
)
def test_wrong_input(name: str, frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        prepare(frame, name, False, {}, NONE)
