"""Theory, twins and the oracle of measured scenes, against closed forms and simulation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from tests.exact_theory.test_exact_moments import worst_z
from tests.measurement.test_recording import SCENE, changed

from synthcohort import generate, load_scene, null_scene, posterior, theory, without
from synthcohort.evaluation.ceilings.difficulty import scaled
from synthcohort.exact_theory import variance_shares
from synthcohort.exact_theory.orthants import log_rectangle
from synthcohort.measurement.moments import recorded_covariance, recorded_expansion
from synthcohort.scene.instrument import Measurement


def of(**keys: Any) -> Measurement:
    return Measurement.model_validate(keys)


@dataclass(frozen=True)
class Moments:
    mean: float
    variance: float


def reading(measurement: Measurement, mean: float, sd: float, error: float = 0.0) -> Moments:
    found = recorded_expansion(measurement, *np.array([[mean], [sd], [error]]))
    return Moments(float(found.mean[0]), float(found.variance[0]))


def test_simulation() -> None:
    """Four means and SDs and six correlations within 4 SE: under 0.1 % of seeds fail."""
    assert worst_z(SCENE, 200_000) < 4


def test_lognormal() -> None:
    got = reading(of(scale="log"), 0.3, 0.5)
    assert got.mean == pytest.approx(np.exp(0.3 + 0.125), rel=1e-10)
    assert got.variance == pytest.approx(np.expm1(0.25) * np.exp(0.6 + 0.25), rel=1e-10)


def test_scores() -> None:
    got = reading(of(thresholds=[-1.0, 0.5, 2.0]), 0.2, 1.5)
    p = np.diff([0, *stats.norm.cdf([-1, 0.5, 2], 0.2, 1.5), 1])
    assert got.mean == pytest.approx(p @ np.arange(4))
    assert got.variance == pytest.approx(p @ np.arange(4) ** 2 - (p @ np.arange(4)) ** 2)


def test_truncation() -> None:
    got = reading(of(lower=-0.5, upper=3.0, beyond="truncate"), 1.0, 2.0)
    exact = stats.truncnorm(-0.75, 1.0, 1.0, 2.0)
    assert got.mean == pytest.approx(exact.mean(), abs=1e-8)
    assert got.variance == pytest.approx(exact.var(), abs=1e-8)


@pytest.mark.parametrize("decimals", [0, 3])
def test_rounding_and_bounds(decimals: int) -> None:
    """By summing over every value that can be recorded."""
    got = reading(of(lower=-1.0, upper=2.5, decimals=decimals), 0.4, 1.1)
    h = 10.0**-decimals
    values = np.arange(-1, 4 if decimals == 0 else 2.5 + h / 2, h)
    edges = np.concatenate([[-np.inf], values[:-1] + h / 2, [np.inf]])
    if decimals == 0:  # 2.5 is rounded to the even 2
        values, edges = np.array([-1, 0, 1, 2.0]), np.array([-np.inf, -0.5, 0.5, 1.5, np.inf])
    p = np.diff(stats.norm.cdf(edges, 0.4, 1.1))
    assert got.mean == pytest.approx(p @ values, abs=1e-6)
    assert got.variance == pytest.approx(p @ values**2 - (p @ values) ** 2, abs=1e-6)


def test_heaping_detection_and_outliers() -> None:
    """Sheppard's step^2 / 12; half the limit; the mixture's variance."""
    heaped = reading(of(heaping={"to": 5, "rate": 0.4}, decimals=0), 100.0, 20.0)
    assert heaped.mean == pytest.approx(100)
    assert heaped.variance == pytest.approx(400 + 0.4 * 25 / 12 + 0.6 / 12, rel=1e-9)
    limited = reading(of(detection={"lower": 1.0, "report": "half"}), 2.0, 1.0)
    below, density = stats.norm.cdf(-1), stats.norm.pdf(-1)
    assert limited.mean == pytest.approx(0.5 * below + 2 * (1 - below) + density, abs=1e-9)
    gross = reading(of(outliers={"rate": 0.1, "factor": 4.0}), 0.0, 2.0, np.sqrt(15) * 1.5)
    assert gross.variance == pytest.approx(4 + 0.1 * 15 * 2.25)


def test_covariance_of_two_scores() -> None:
    """Against bivariate normal probabilities of SciPy."""
    both = [of(thresholds=[t]) for t in (0.3, -0.8)]
    found = recorded_covariance(both, np.zeros(2), np.ones(2), np.zeros(2))
    for r in (-0.9, 0.2, 0.7):
        matrix = np.array([[1, r], [r, 1]])
        exact = stats.multivariate_normal(cov=matrix, abseps=1e-9).cdf([-0.3, 0.8])
        exact -= stats.norm.cdf(-0.3) * stats.norm.cdf(0.8)
        assert found(r) == pytest.approx(exact, abs=2e-5)


def test_moments_with_a_covariate_by_hand() -> None:
    """A uniform age of 40 to 60 has a variance of 400 / 12; in men its slope is twice that."""
    scene = {
        "name": "age",
        "groups": {"sex": {"probabilities": {"f": 0.5, "m": 0.5}}},
        "covariates": {"Age": {"edges": [40, 60], "shares": [1.0]}},
        "biomarkers": {"A": {"slopes": {"Age": {"f": 0.5, "m": 1.0}}, "noise": 2.0}},
    }
    exact = theory(scene)
    assert exact.mean["A"] == pytest.approx(0)
    assert exact.sd["A"] ** 2 == pytest.approx(4 + 400 / 12 * (0.25 + 1) / 2)
    assert exact.cell_sds["A"].loc["m"].item() ** 2 == pytest.approx(4 + 400 / 12)
    shares = variance_shares(scene).loc["A"]
    assert shares["Age"] == pytest.approx(1 - 4 / exact.sd["A"] ** 2)
    assert load_scene(scene).acting_groups() == ["sex"]
    plain = without(scene, "sex")
    assert plain.biomarkers["A"].slopes == {"Age": 0.75}
    assert plain.acting_groups() == []
    assert without(scene, "Age").acting_covariates() == []
    assert scaled(load_scene(scene), "sex", 2.0).biomarkers["A"].slopes["Age"] == {
        "f": 0.25,
        "m": 1.25,
    }


def test_theory_is_that_of_the_sample() -> None:
    exact = theory(SCENE)
    ill = exact.cell_probabilities.groupby(level="profile").sum()["ill"]
    assert ill == pytest.approx(0.26 * 0.8 / (0.26 * 0.8 + 0.74 * 0.2))


def test_the_null_scene_of_a_measured_scene() -> None:
    twin = null_scene(SCENE)
    a, b = theory(twin), theory(SCENE)
    assert ((a.mean - b.mean) / b.sd).abs().max() < 1e-4
    assert (a.correlation - b.correlation).abs().max().max() < 1e-4
    assert twin.acting_groups() == twin.acting_covariates() == []
    assert twin.sampling is None
    assert list(twin.missing) == list(SCENE["missing"])


def test_a_covariate_and_missing_values_lose_a_hidden_group() -> None:
    scene = changed(
        covariates__Age={
            "given": "profile",
            "edges": [40, 60, 80],
            "shares": {"healthy": [0.8, 0.2], "ill": [0.2, 0.8]},
        },
        missing__form__on={"profile": {"ill": 1.0}},
    )
    twin = null_scene(scene)
    ill = 0.26 * 0.8 / (0.26 * 0.8 + 0.74 * 0.2)
    assert twin.covariates["Age"].shares == pytest.approx([0.8 - 0.6 * ill, 0.2 + 0.6 * ill])
    assert twin.missing["form"].on == {}


def bayes(density: Any, x: list[float]) -> np.ndarray:
    both = np.array([density(0.0, np.array(x)), density(1.5, np.array(x))])
    return both[1] / both.sum(axis=0)


def oracle(measurement: dict[str, Any], x: list[float]) -> np.ndarray:
    scene = {
        "name": "two",
        "groups": {"g": {"probabilities": {"a": 0.5, "b": 0.5}}},
        "biomarkers": {"A": {"shift": {"g": {"b": 1.5}}, "noise": 1.0, "measurement": measurement}},
    }
    return posterior(scene, pd.DataFrame({"A": x}), "g")["b"].to_numpy()


def test_oracle_of_each_step_by_hand() -> None:
    """One biomarker, two groups of means 0 and 1.5: Bayes' rule with SciPy's densities."""
    norm = stats.norm
    x = [0.3, 1.0, 2.2]
    logs = bayes(lambda m, v: stats.lognorm.pdf(v, 1.0, scale=np.exp(m)), x)
    assert np.allclose(oracle({"scale": "log"}, x), logs)
    cut = {"lower": 0.1, "upper": 2.5, "beyond": "truncate"}
    inside = bayes(lambda m, v: stats.truncnorm.pdf(v, 0.1 - m, 2.5 - m, m), x)
    assert np.allclose(oracle(cut, x), inside)
    scores = bayes(lambda m, v: norm.cdf(v, m) - norm.cdf(v - 1, m), [1.0])
    assert np.allclose(oracle({"thresholds": [0, 1]}, [1.0]), scores)
    limit = bayes(lambda m, v: np.where(v < 1, norm.cdf(1, m), norm.pdf(v, m)), [0.5, 2.2])
    half = {"detection": {"lower": 1.0, "report": "half"}}
    assert np.allclose(oracle(half, [0.5, 2.2]), limit)
    gross = bayes(lambda m, v: 0.9 * norm.pdf(v, m) + 0.1 * norm.pdf(v, m, 5.0), [0.3, 9.0])
    assert np.allclose(oracle({"outliers": {"rate": 0.1, "factor": 5.0}}, [0.3, 9.0]), gross)


def test_oracle_integrates_a_covariate_out() -> None:
    scene = {
        "name": "age",
        "groups": {"g": {"probabilities": {"a": 0.5, "b": 0.5}}},
        "covariates": {"Age": {"edges": [40, 60, 90], "shares": [0.3, 0.7]}},
        "biomarkers": {
            "A": {"slopes": {"Age": {"a": 0.05, "b": -0.05}}, "noise": 1.0},
        },
    }

    def density(slope: float, x: float) -> float:
        def f(age: float) -> float:
            share = 0.3 / 20 if age < 60 else 0.7 / 30
            return float(share * stats.norm.pdf(x, slope * (age - 65)))

        return float(integrate.quad(f, 40, 90, points=[60])[0])

    x = [-1.0, 0.5, 2.0]
    exact = [density(0.05, v) / (density(0.05, v) + density(-0.05, v)) for v in x]
    assert np.allclose(posterior(scene, pd.DataFrame({"A": x}), "g")["a"], exact, atol=1e-6)


@pytest.mark.parametrize("group", ["profile", "sex"])
def test_the_oracle_is_calibrated(group: str) -> None:
    """In tenths of the probability the group is as frequent as said: 4 SE, 0.2 % of seeds."""
    population = generate(changed(missing__scale__on={}, missing__blood__on={}), size=8_000)
    found = posterior(population.scene, population.X, group)
    for level in found:
        p, is_level = found[level].to_numpy(), (population.groupings[group] == level).to_numpy()
        for low in np.arange(0, 1, 0.1):
            rows = (p >= low) & (p < low + 0.1)
            if rows.sum() > 50:
                error = np.sqrt((p[rows] * (1 - p[rows])).sum()) / rows.sum()
                assert abs(is_level[rows].mean() - p[rows].mean()) < 4 * error


@pytest.mark.parametrize("m", [2, 3, 4])
def test_rectangles_against_scipy(m: int) -> None:
    rng = np.random.default_rng(m)
    root = rng.normal(size=(m, m)) + np.eye(m)
    sd = np.sqrt(np.diag(root @ root.T))
    correlation = root @ root.T / np.outer(sd, sd)
    lower = rng.normal(size=(8, m))
    upper = lower + rng.uniform(0.5, 2, size=(8, m))
    model = stats.multivariate_normal(cov=correlation, maxpts=10**6, abseps=1e-7, releps=1e-6)
    exact = np.array([model.cdf(b, lower_limit=a) for a, b in zip(lower, upper, strict=True)])
    sure = exact > 1e-6  # SciPy's own error is below that
    assert sure.sum() > 3
    got = log_rectangle(lower, upper, correlation)[sure]
    assert np.abs(got - np.log(exact[sure])).max() < 0.003


def test_values_that_no_instrument_records() -> None:
    X = generate(SCENE, size=5).X
    for name, value, message in (
        ("Symptoms", 2.5, "Symptoms: got a value that is no score from 0 to 4"),
        ("Triglycerides", 0.4, "Triglycerides: got a value below 0.6, its detection limit"),
        ("Pressure", 40.0, "Pressure: got a value beyond 80 to 170, its bounds"),
    ):
        with pytest.raises(ValueError, match=message):
            posterior(SCENE, X.assign(**{name: value}), "profile")
