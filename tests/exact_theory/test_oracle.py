"""The oracle: against scikit-learn, closed forms and its own calibration."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

from synthcohort import generate, load_scene, posterior
from synthcohort.exact_theory.orthants import log_orthant
from synthcohort.population.linear_model import LinearModel
from synthcohort.population.strata import Strata

LINEAR = {
    "name": "linear",
    "size": 500,
    "groups": {"g": {"probabilities": {"a": 0.5, "b": 0.3, "c": 0.2}}},
    "factors": {"F": {"mean": {"g": {"b": 1.0}}, "spread": {"g": {"c": 2.0}}}},
    "biomarkers": {
        "A": {"loadings": {"F": 2.0}, "noise": 1.0, "shift": {"g": {"c": 1.0}}},
        "B": {"slopes": {"A": -0.5}, "noise": 0.7},
        "C": {"loadings": {"F": 1.0}, "noise": 1.5, "baseline": 40.0},
    },
}


def test_quadratic_discriminant_analysis_with_the_true_parameters() -> None:
    X, _, _ = generate(LINEAR)
    strata = Strata.of(LinearModel.of(load_scene(LINEAR)))
    model = QuadraticDiscriminantAnalysis()
    model.classes_ = np.array(["a", "b", "c"])
    model.n_features_in_ = 3
    model.priors_, model.means_ = strata.probability, strata.mean
    eigen = [np.linalg.eigh(covariance) for covariance in strata.covariances[strata.spread]]
    model.scalings_ = [values for values, _ in eigen]
    model.rotations_ = [axes for _, axes in eigen]
    expected = model.predict_proba(X.to_numpy())
    assert np.allclose(posterior(LINEAR, X, "g"), expected, atol=1e-10)


def test_missing_values_are_integrated_out() -> None:
    X, _, _ = generate(LINEAR)
    holed = X.copy()
    holed.iloc[:100, 1] = np.nan
    holed.iloc[50:60] = np.nan
    whole = posterior(LINEAR, X, "g")
    found = posterior(LINEAR, holed, "g")
    pd.testing.assert_frame_equal(found.iloc[100:], whole.iloc[100:])
    pd.testing.assert_frame_equal(
        found.iloc[:50], posterior(LINEAR, X[["A", "C"]], "g").iloc[:50], atol=1e-12
    )
    assert np.allclose(found.iloc[50:60], [0.5, 0.3, 0.2])


def test_order_of_rows_columns_and_units() -> None:
    X, _, _ = generate(LINEAR)
    whole = posterior(LINEAR, X, "g")
    pd.testing.assert_frame_equal(posterior(LINEAR, X.iloc[::-1, ::-1], "g").iloc[::-1], whole)
    other = load_scene(LINEAR).model_dump()
    other["biomarkers"]["C"] |= {"baseline": 40_000.0, "loadings": {"F": 1e3}, "noise": 1.5e3}
    pd.testing.assert_frame_equal(posterior(other, X.assign(C=X["C"] * 1e3), "g"), whole)


@pytest.mark.parametrize("m", [2, 3, 4])
def test_orthant_against_scipy(m: int) -> None:
    rng = np.random.default_rng(m)
    root = rng.normal(size=(m, m)) + np.eye(m)
    cov = root @ root.T
    sd = np.sqrt(np.diag(cov))
    correlation = cov / np.outer(sd, sd)
    limits = rng.normal(size=(20, m))
    normal = stats.multivariate_normal(cov=correlation, maxpts=10**6, abseps=5e-5, seed=0)
    exact = normal.cdf(limits)  # to 5e-5, a tenth of what is allowed
    tolerance = 1e-5 if m == 2 else 5e-4
    assert np.abs(np.exp(log_orthant(limits, correlation)) - exact).max() < tolerance


def test_values_at_a_bound_count_as_beyond() -> None:
    """One biomarker at its lower bound of 0: the odds are those of the two tails."""
    scene = {
        "name": "bounded",
        "groups": {"g": {"probabilities": {"a": 0.5, "b": 0.5}}},
        "biomarkers": {
            "A": {"shift": {"g": {"b": 1.0}}, "noise": 1.0, "measurement": {"lower": 0}}
        },
    }
    found = posterior(scene, pd.DataFrame({"A": [0.0]}), "g").iloc[0]
    tails = stats.norm.cdf([0, -1])
    assert np.allclose(found, tails / tails.sum())


@pytest.mark.parametrize(
    ("name", "group"), [("haalsi_example", "sex"), ("planted_profiles", "profile")]
)
def test_calibration(name: str, group: str) -> None:
    """In tenths of the probability the group is as frequent as said: 4 SE, 0.1 % of seeds."""
    population = generate(name, size=40_000)
    chosen = population.scene.experiment.biomarkers
    found = posterior(name, population.X[chosen], group)
    for level in found:
        p, is_level = found[level].to_numpy(), (population.groupings[group] == level).to_numpy()
        for low in np.arange(0, 1, 0.1):
            rows = (p >= low) & (p < low + 0.1)
            if rows.sum() > 50:
                error = np.sqrt((p[rows] * (1 - p[rows])).sum()) / rows.sum()
                assert abs(is_level[rows].mean() - p[rows].mean()) < 4 * error + 1e-9


def test_known_groups_and_combinations() -> None:
    X, metadata, _ = generate("haalsi_example", size=300)
    told = posterior("haalsi_example", X, "sex", given=metadata[["sex"]])
    assert (told.to_numpy().max(axis=1) == 1).all()
    both = posterior("haalsi_example", X, ["region", "sex"])
    assert both.columns.names == ["region", "sex"]
    assert np.allclose(both.T.groupby(level="sex").sum().T, posterior("haalsi_example", X, "sex"))


def test_without_noise_the_values_give_the_group_away() -> None:
    from synthcohort import without

    twin = without("trap_region_only", "noise")
    X, metadata, _ = generate(twin, size=200)
    found = posterior(twin, X, "region")
    assert (found.idxmax(axis=1) == metadata["region"].astype(str)).all()


def test_bad_input() -> None:
    X, _, _ = generate(LINEAR)
    with pytest.raises(ValueError, match="got the column 'AA'; did you mean 'A'"):
        posterior(LINEAR, X.rename(columns={"A": "AA"}), "g")
    with pytest.raises(ValueError, match="got the group 'h'"):
        posterior(LINEAR, X, "h")
    with pytest.raises(ValueError, match="A: got an infinite value"):
        posterior(LINEAR, X.assign(A=np.inf), "g")
    bounded = generate("haalsi_example", size=5).X.assign(CESD_score=-1.0)
    with pytest.raises(ValueError, match="CESD_score: got a value beyond 0 to 60"):
        posterior("haalsi_example", bounded, "region")
    with pytest.raises(ValueError, match="500 individuals can't come from this scene"):
        posterior(LINEAR, X, "g", given=pd.DataFrame({"g": ["z"] * 500}, index=X.index))
