"""Covariates, the measurement layer, missing values and weights: what is planted is found."""

import copy
import tomllib
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression

from synthcohort import generate, load_scene
from synthcohort.measurement.portable import exp
from synthcohort.population.covariates import points
from synthcohort.population.streams import BLOCK
from synthcohort.population.unequal_sampling import level_weights, sampled_tables
from synthcohort.scene.model import Covariate

N = 200_000
SCENE = tomllib.loads("""
name = "measured"
seed = 5
[groups.region]
probabilities = { rural = 0.6, urban = 0.4 }
[groups.sex]
probabilities = { female = 0.5, male = 0.5 }
[groups.profile]
hidden = true
given = "region"
probabilities.rural = { healthy = 0.9, ill = 0.1 }
probabilities.urban = { healthy = 0.5, ill = 0.5 }
[covariates.Age]
unit = "years"
given = "sex"
edges = [40, 50, 60, 80]
shares.female = [0.2, 0.3, 0.5]
shares.male = [0.5, 0.3, 0.2]
decimals = 0
[factors.F]
mean.profile = { ill = 1.0 }
slopes.Age = 0.02
[biomarkers.Triglycerides]
baseline = 0.1
loadings.F = 0.2
slopes.Age = { female = 0.01, male = -0.01 }
noise = 0.3
spread.sex = { male = 1.5 }
measurement = { scale = "log", decimals = 2, detection = { lower = 0.6, report = "half" } }
[biomarkers.Pressure]
baseline = 130
loadings.F = 10
noise = 15
[biomarkers.Pressure.measurement]
lower = 80
upper = 170
beyond = "truncate"
heaping = { to = 10, rate = 0.3 }
decimals = 0
[biomarkers.Symptoms]
baseline = 1
loadings.F = 1
noise = 1
measurement = { thresholds = [0, 1, 2, 3] }
[biomarkers.Weight]
baseline = 70
slopes.Pressure = 0.1
noise = 10
measurement = { decimals = 1, outliers = { rate = 0.02, factor = 6 } }
[missing.blood]
variables = ["Triglycerides"]
rate = 0.1
on = { Age = 0.5, sex = { male = 0.4 } }
[missing.scale]
variables = ["Weight", "Pressure"]
rate = 0.2
on = { Weight = 0.8 }
[missing.form]
variables = ["Symptoms"]
rate = 0.05
[sampling]
by = "profile"
probabilities = { healthy = 0.2, ill = 0.8 }
""")


@pytest.fixture(scope="module")
def population() -> Any:
    return generate(SCENE, size=N)


def changed(**parts: Any) -> dict[str, Any]:
    data = copy.deepcopy(SCENE)
    for place, value in parts.items():
        *parents, last = place.split("__")
        branch = data
        for key in parents:
            branch = branch[key]
        branch[last] = value
    return data


def within(values: pd.Series, expected: float, errors: float = 4.0) -> bool:
    return abs(values.mean() - expected) < errors * values.std() / np.sqrt(len(values))


def test_a_histogram_is_drawn_by_group(population: Any) -> None:
    """Six binomials within 4 SE: under 0.1 % of seeds fail."""
    age = pd.Series(population.covariates["Age"], index=population.index)
    for sex, shares in SCENE["covariates"]["Age"]["shares"].items():
        inside = age[population.metadata["sex"] == sex]
        for left, right, share in zip([40, 50, 60], [50, 60, 80], shares, strict=True):
            got = ((inside >= left) & (inside < right)).astype(float)
            assert within(got, share)
            uniform = (inside[got == 1] - left) / (right - left)
            assert stats.kstest(uniform, "uniform").pvalue > 1e-4
    assert (population.metadata["Age"] == age.round()).all()
    assert (population.truth["Age_before"] == age).all()


def test_points_are_exact_for_polynomials() -> None:
    covariate = Covariate(edges=[40.0, 50.0, 85.0], shares=[0.3, 0.7])
    values, weights = points(covariate, "")
    for power in range(16):
        fine = [
            (b ** (power + 1) - a ** (power + 1)) / (power + 1) / (b - a)
            for a, b in [(40, 50), (50, 85)]
        ]
        assert weights @ values**power == pytest.approx(0.3 * fine[0] + 0.7 * fine[1], rel=1e-9)


def test_slopes_of_covariates_by_level(population: Any) -> None:
    """Least squares on the planted terms: every coefficient within 4 SE."""
    before = population.truth["Triglycerides_before"]
    age = population.covariates["Age"] - 60
    male = (population.metadata["sex"] == "male").to_numpy()
    factor = population.factors["F"]
    design = np.column_stack([np.ones(N), factor, age * ~male, age * male])
    sd = np.where(male, 0.45, 0.3)
    inverse = np.linalg.inv(design.T @ (design / sd[:, None] ** 2))
    got = inverse @ (design.T @ (before / sd**2))
    assert (np.abs(got - [0.1, 0.2, 0.01, -0.01]) < 4 * np.sqrt(np.diag(inverse))).all()
    noise = population.components("Triglycerides")["noise"]
    assert noise[male].std() == pytest.approx(0.45, rel=0.01)
    assert noise[~male].std() == pytest.approx(0.3, rel=0.01)
    assert np.array_equal(population.components("Triglycerides").sum(axis=1), before)


def test_log_scale_and_detection(population: Any) -> None:
    value = np.exp(population.truth["Triglycerides_before"])
    got = population.truth["Triglycerides_complete"]
    low = value < 0.6
    assert (got[low] == 0.3).all()
    assert np.allclose(got[~low], value[~low].round(2))
    assert 0.01 < low.mean() < 0.5


def test_truncation_is_the_truncated_normal_within_cells() -> None:
    """Kolmogorov-Smirnov in the four cells of profile and sex; 0.1 % of seeds fail."""
    scene = changed(
        biomarkers__Pressure__measurement={"lower": 120, "upper": 150, "beyond": "truncate"}
    )
    scene["factors"]["F"]["slopes"] = {}
    X, metadata, truth = generate({**scene, "missing": {}}, size=20_000)
    for profile, mean in (("healthy", 130.0), ("ill", 140.0)):
        rows = truth["profile"] == profile
        sd = np.hypot(10, 15)
        exact = stats.truncnorm((120 - mean) / sd, (150 - mean) / sd, mean, sd)
        assert stats.kstest(X.loc[rows, "Pressure"], exact.cdf).pvalue > 5e-4
        before = truth.loc[rows, "Pressure_before"]
        assert (before.rank() == X.loc[rows, "Pressure"].rank()).all()
    assert metadata["Age"].between(40, 80).all()


def test_heaping_and_decimals(population: Any) -> None:
    """A tenth of the values ends on 0 anyway, 30 % of the rest by preference."""
    got = population.truth["Pressure_complete"]
    assert (got == got.round()).all()
    assert got.between(80, 170).all()
    inside = got[got.between(105, 154)]
    assert within((inside % 10 == 0).astype(float), 0.3 + 0.7 * 0.1, errors=5)


def test_scores_count_thresholds(population: Any) -> None:
    before = population.truth["Symptoms_before"].to_numpy()
    expected = sum((before >= t).astype(int) for t in (0, 1, 2, 3))
    assert (population.truth["Symptoms_complete"] == expected).all()
    assert set(expected) == {0, 1, 2, 3, 4}


def test_outliers_at_their_rate_and_size(population: Any) -> None:
    error = population.truth["Weight_complete"] - population.truth["Weight_before"]
    gross = error.abs() > 0.06
    extra = 10 * np.sqrt(35)
    # Errors that are smaller than the rounding do not show.
    shown = 0.02 * 2 * stats.norm.sf(0.06 / extra)
    assert within(gross.astype(float), shown)
    assert error[gross].std() == pytest.approx(extra, rel=0.05)


def test_rates_are_hit(population: Any) -> None:
    """Three binomials within 3 SE: 0.8 % of seeds fail."""
    for name, rate in (("blood", 0.1), ("scale", 0.2), ("form", 0.05)):
        variable = SCENE["missing"][name]["variables"][0]
        missing = (population.truth[f"{variable}_missing"] == name).astype(float)
        assert within(missing, rate, errors=3)
    assert (population.X["Weight"].isna() == population.X["Pressure"].isna()).all()
    whole = population.X["Weight"].notna()
    assert (population.X["Weight"] == population.truth["Weight_complete"])[whole].all()


def test_the_missing_model_is_recovered(population: Any) -> None:
    """Logistic regressions on the indicators: log odds within 4 SE."""
    age, male = population.metadata["Age"], (population.metadata["sex"] == "male").astype(float)
    weight = population.truth["Weight_complete"]
    for variable, columns, planted in (
        ("Triglycerides", [(age - age.mean()) / age.std(), male], [0.5, 0.4]),
        ("Weight", [(weight - weight.mean()) / weight.std()], [0.8]),
    ):
        design = np.column_stack(columns)
        missing = population.X[variable].isna().to_numpy()
        fit = LogisticRegression(C=np.inf).fit(design, missing)
        p = fit.predict_proba(design)[:, 1]
        whole = np.column_stack([np.ones(N), design])
        covariance = np.linalg.inv(whole.T @ (whole * (p * (1 - p))[:, None]))
        assert (np.abs(fit.coef_[0] - planted) < 4 * np.sqrt(np.diag(covariance))[1:]).all()


def test_complete_case_bias_under_mar_by_hand() -> None:
    """A group of two halves, 10 higher and missing more often: the mean is off as computed.

    P(missing) is 0.1 and 0.5; of the observed, 0.45 and 0.25 of everybody, so the mean is
    10 x 0.25 / 0.7. Inverse probability weighting takes the bias away.
    """
    odds = np.log(0.5 / 0.5) - np.log(0.1 / 0.9)
    scene = {
        "name": "mar",
        "groups": {"g": {"probabilities": {"a": 0.5, "b": 0.5}}},
        "biomarkers": {"A": {"shift": {"g": {"b": 10.0}}, "noise": 1.0}},
        "missing": {"m": {"variables": ["A"], "rate": 0.3, "on": {"g": {"b": float(odds)}}}},
    }
    X, metadata, truth = generate(scene, size=N)
    seen = X["A"].dropna()
    assert within(seen, 10 * 0.25 / 0.7)
    inverse = metadata["g"].map({"a": 1 / 0.9, "b": 1 / 0.5}).astype(float)[seen.index]
    weighted = (seen * inverse).sum() / inverse.sum()
    assert abs(weighted - 5) < 4 * np.sqrt((inverse**2 * (seen - 5) ** 2).sum()) / inverse.sum()
    assert within(truth["A_complete"], 5)


def test_the_first_reason_counts_and_detection_is_one() -> None:
    scene = {
        "name": "two",
        "biomarkers": {
            "A": {"noise": 1.0, "measurement": {"detection": {"lower": 0.0, "report": "missing"}}},
            "B": {"noise": 1.0},
        },
        "missing": {
            "first": {"variables": ["A"], "rate": 0.5},
            "second": {"variables": ["A", "B"], "rate": 0.5},
        },
    }
    X, _, truth = generate(scene, size=20_000)
    shares = truth["A_missing"].value_counts(normalize=True, dropna=False)
    assert shares["first"] == pytest.approx(0.5, abs=0.02)
    assert shares["second"] == pytest.approx(0.25, abs=0.02)
    assert shares["detection limit"] == pytest.approx(0.125, abs=0.02)
    assert (X["A"].isna() == truth["A_missing"].notna()).all()
    assert X["A"].min() >= 0
    assert truth["A_complete"].min() < 0


def test_sampling_tilts_and_weights_undo_it(population: Any) -> None:
    """Shares in the sample within 4 SE of Bayes' rule; weighted ones within 4 SE of the scene."""
    ill = (population.truth["profile"] == "ill").astype(float)
    urban = (population.metadata["region"] == "urban").astype(float)
    p_ill, p_urban = 0.6 * 0.1 + 0.4 * 0.5, 0.4
    inclusion = 0.8 * p_ill + 0.2 * (1 - p_ill)
    assert within(ill, 0.8 * p_ill / inclusion)
    assert within(urban, 0.4 * (0.5 * 0.8 + 0.5 * 0.2) / inclusion)
    weight = population.weight
    assert (population.metadata["weight"] == weight).all()
    assert within(weight, 1.0)
    for share, expected in ((ill, p_ill), (urban, p_urban)):
        assert within(weight * (share - expected), 0.0)
    assert within(population.metadata["sex"].eq("male").astype(float), 0.5)


def test_weights_have_mean_one_exactly() -> None:
    scene = load_scene(SCENE)
    tables = sampled_tables(scene)
    shares = np.zeros(2)
    for region, row in tables["profile"].items():
        shares += tables["region"][""][region] * np.array([row["healthy"], row["ill"]])
    assert shares @ level_weights(scene) == pytest.approx(1)


@pytest.mark.parametrize(
    ("place", "value", "moved"),
    [
        ("biomarkers__Weight__measurement", {}, ["Weight"]),
        ("biomarkers__Pressure__measurement__heaping", {"to": 5, "rate": 0.9}, ["Pressure"]),
        ("missing", {}, ["Triglycerides", "Pressure", "Symptoms", "Weight"]),
    ],
)
def test_a_step_changes_no_other_column(place: str, value: Any, moved: list[str]) -> None:
    """Except through missing values that depend on the column: those are not in the scene."""
    base = changed(missing__scale__on={})
    other = changed(missing__scale__on={})
    *parents, last = place.split("__")
    branch: Any = other
    for key in parents:
        branch = branch[key]
    branch[last] = value
    one, two = generate(base, size=3000), generate(other, size=3000)
    for name in one.X:
        assert one.X[name].equals(two.X[name]) == (name not in moved)
    assert one.metadata.equals(two.metadata)


def test_sizes_and_workers_change_nothing() -> None:
    size = BLOCK + 100
    small, one, two = (
        generate(SCENE, size=300),
        generate(SCENE, size=size),
        generate(SCENE, size=size, workers=2),
    )
    for a, b in zip(one, two, strict=True):
        assert a.equals(b)
    for a, b in zip(small, one, strict=True):
        assert a.equals(b.iloc[:300])


def test_portable_exponential() -> None:
    x = np.concatenate([np.linspace(-700, 700, 20_001), np.linspace(-2, 2, 20_001)])
    assert (np.abs(exp(x) / np.exp(x) - 1) < 5e-16).all()
    assert exp(np.array([-800.0, 800.0])).tolist() == exp(np.array([-708.0, 709.0])).tolist()
