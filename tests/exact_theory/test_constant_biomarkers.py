"""Biomarkers without variance, and everything else that a check accepts: every command takes it."""

import copy
import tomllib
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from synthcohort import ceiling, generate, posterior, theory
from synthcohort.exact_theory.group_overlap import misclassification, overlap
from synthcohort.exact_theory.theory_text import expectations
from synthcohort.scene import SceneError, load_scene

SCENE = tomllib.loads("""
name = "small"
size = 120
[groups.g]
probabilities = { a = 0.4, b = 0.6 }
[factors.f]
mean.g = { b = 2 }
[biomarkers.A]
loadings.f = 1.0
noise = 0.5
[biomarkers.B]
loadings.f = 1.0
noise = 0.5
""")


def with_c(**marker: object) -> dict:
    return copy.deepcopy(SCENE) | {"biomarkers": SCENE["biomarkers"] | {"C": marker}}


def plainly(name: str, noise: float) -> dict:
    """Two groups that a single biomarker tells apart."""
    g = {"probabilities": {"a": 0.4, "b": 0.6}}
    return {"name": name, "groups": {"g": g}, "biomarkers": {"A": {"noise": noise}}}


def test_a_constant_changes_nothing() -> None:
    """The scene of one factor that spreads differently by group, with a constant beside it."""
    scene = plainly("c", 1.0)
    scene["biomarkers"]["A"]["spread"] = {"g": {"b": 5.0}}
    constant = scene | {"biomarkers": scene["biomarkers"] | {"B": {"baseline": 5.0}}}
    pd.testing.assert_frame_equal(overlap(constant, "g").matrix, overlap(scene, "g").matrix)
    X, _, _ = generate(constant, size=200)
    told = posterior(constant, X, "g")
    pd.testing.assert_frame_equal(told, posterior(scene, X[["A"]], "g"))
    own = [0.4, 0.6] * stats.norm(0, [1.0, 5.0]).pdf(X[["A"]].to_numpy())
    np.testing.assert_allclose(told, own / own.sum(axis=1, keepdims=True), atol=1e-9)


def test_one_dimension_in_closed_form() -> None:
    """N(0, 1) and N(0, 5), shares 0.9 and 0.1: beyond 2.816 the wide one is likelier."""
    edge = np.sqrt(np.log(45) / (1 / 2 - 1 / 50))
    one, wide = (0.9, np.zeros(1), np.eye(1)), (0.1, np.zeros(1), 25 * np.eye(1))
    assert misclassification(*one, *wide) == pytest.approx(2 * stats.norm.sf(edge), abs=1e-12)
    inside = stats.norm.cdf(edge / 5) - stats.norm.cdf(-edge / 5)
    assert misclassification(*wide, *one) == pytest.approx(inside, abs=1e-12)
    shifted = (0.1, np.full(1, 3.0), 25 * np.eye(1))
    x = np.random.default_rng(0).normal(size=400_000)
    odds = np.log(0.1 / 0.9) + stats.norm(3, 5).logpdf(x) - stats.norm.logpdf(x)
    assert misclassification(*one, *shifted) == pytest.approx((odds > 0).mean(), abs=5e-4)


@pytest.mark.parametrize(
    ("scene", "confused"),
    [
        # A constant that differs by group, a group without variance, other directions.
        (with_c(baseline=5.0, shift={"g": {"b": 1.0}}), False),
        (with_c(noise=1.0, spread={"g": {"a": 0.0}}), False),
        (with_c(baseline=5.0), True),
        (with_c(slopes={"A": 1.0, "B": 1.0}), True),
    ],
)
def test_groups_on_different_constants_are_never_confused(scene: dict, confused: bool) -> None:
    found = overlap(scene, "g")
    assert (found.average > 0) == confused
    X, _, truth = generate(scene)
    own = posterior(scene, X, "g").to_numpy()[np.arange(120), truth["g"].cat.codes]
    assert (own == 1).all() != confused


ROUTES = {
    "rounded": {"baseline": 5.03, "measurement": {"decimals": 1}},
    "rounded log": {"baseline": 1.0, "measurement": {"scale": "log", "decimals": 1}},
    "heaped": {"baseline": 5.4, "measurement": {"heaping": {"to": 5, "rate": 0.5}}},
    "clipped": {"baseline": 5.4, "measurement": {"lower": 6}},
    "truncated": {"baseline": 5.4, "measurement": {"lower": 6, "upper": 7, "beyond": "truncate"}},
    "undetected": {"baseline": 5.4, "measurement": {"detection": {"lower": 6}}},
    "a sum, rounded": {"slopes": {"A": 1.0, "B": 1.0}, "measurement": {"decimals": 1}},
    "a sum, heaped": {"slopes": {"A": 1.0}, "measurement": {"heaping": {"to": 2, "rate": 0.5}}},
    "half a limit below the bound": {
        "noise": 1,
        "measurement": {"lower": 5, "upper": 9, "detection": {"lower": 6, "report": "half"}},
    },
    "logs heaped to 0": {
        "noise": 3,
        "measurement": {"scale": "log", "heaping": {"to": 5, "rate": 1.0}},
    },
}


@pytest.mark.parametrize("route", ROUTES)
def test_what_has_no_variance_tells_nothing(route: str) -> None:
    scene = with_c(**ROUTES[route])
    X, _, _ = generate(scene)
    told, without = posterior(scene, X, "g"), posterior(scene, X[["A", "B"]], "g")
    np.testing.assert_allclose(told, without, atol=0.35 if "sum" in route else 1e-9)
    expectations(load_scene(scene))
    ceiling(scene, "g", size=100)


@pytest.mark.parametrize(
    ("measurement", "message"),
    [
        ({"upper": 6, "detection": {"lower": 7}}, "detection.lower: got 7, allowed: below 6, the"),
        ({"upper": 6, "detection": {"lower": 6}}, "detection.lower: got 6, allowed: below 6"),
        ({"lower": 5, "detection": {"upper": 4}}, "detection.upper: got 4, allowed: above 5, the"),
        ({"scale": "log", "detection": {"upper": -1}}, "detection.upper: got -1, allowed: above 0"),
    ],
)
def test_a_limit_beyond_the_bounds_is_refused(measurement: dict, message: str) -> None:
    with pytest.raises(SceneError) as error:
        load_scene(with_c(noise=1, measurement=measurement))
    [problem] = error.value.problems
    assert str(problem).startswith(f"biomarkers.C.measurement.{message}")


SOME = st.sampled_from([None, -2.0, 0.0, 0.3, 1.0, 5.0])
MEASUREMENT = st.fixed_dictionaries(
    {},
    optional={
        "scale": st.sampled_from(["linear", "log"]),
        "lower": SOME,
        "upper": SOME,
        "beyond": st.sampled_from(["clip", "truncate"]),
        "detection": st.fixed_dictionaries(
            {},
            optional={"lower": SOME, "upper": SOME, "report": st.sampled_from(["limit", "half"])},
        ),
        "decimals": st.sampled_from([0, 1]),
        "heaping": st.just({"to": 2, "rate": 0.5}),
        "outliers": st.just({"rate": 0.1, "factor": 4}),
        "thresholds": st.sampled_from([[], [-1, 0.5], [3, 9]]),
    },
)
MARKER = st.fixed_dictionaries(
    {"noise": st.sampled_from([0, 0.1, 1.0]), "measurement": MEASUREMENT},
    optional={
        "baseline": st.sampled_from([0.0, 0.4, 3.0]),
        "shift": st.just({"g": {"b": 1.0}}),
        "spread": st.sampled_from([{"g": {"a": 0.0}}, {"g": {"b": 3.0}}]),
        "slopes": st.sampled_from([{"A": 1.0}, {"A": 1.0, "B": -1.0}]),
        "loadings": st.just({"f": 1.0}),
    },
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(MARKER)
def test_what_is_accepted_works_everywhere(marker: dict) -> None:
    try:
        scene = load_scene(with_c(**marker))
    except SceneError:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        X, _, _ = generate(scene)
        exact = theory(scene)
        told = posterior(scene, X, "g")
    assert np.isfinite(exact.mean).all()
    assert told.sum(axis=1).to_numpy() == pytest.approx(1)


@pytest.mark.parametrize("bound", [0.0, 3.0, 8.5, 20.0])
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_bounds_far_from_the_mean_truncate_as_near_ones_do(bound: float, side: str) -> None:
    """The mean of a standard normal beyond a bound is the inverse of Mills' ratio there."""
    sign = 1 if side == "lower" else -1
    scene = plainly("t", 1.0)
    scene["biomarkers"]["A"]["measurement"] = {side: sign * bound, "beyond": "truncate"}
    expected = sign * np.exp(stats.norm.logpdf(bound) - stats.norm.logsf(bound))
    assert theory(scene).mean["A"] == pytest.approx(expected, rel=1e-7)
    X, _, _ = generate(scene, size=4000)
    assert X["A"].mean() == pytest.approx(expected, abs=4 / np.sqrt(4000) / max(bound, 1))
