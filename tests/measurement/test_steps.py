"""Every step of an instrument, alone and composed: what it records, expects and inverts agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthcohort.measurement.composition import Instrument
from synthcohort.measurement.moments import gross_error, recorded_covariance, recorded_expansion
from synthcohort.measurement.step import Values
from synthcohort.scene.instrument import Measurement

N = 20_000


class RandomDraws:
    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def uniform(self, role: str, n: int) -> np.ndarray:  # noqa: ARG002
        return self.rng.random(n)

    def normal(self, role: str, chosen: np.ndarray) -> np.ndarray:  # noqa: ARG002
        return self.rng.standard_normal(int(chosen.sum()))


numbers = st.floats(-2.0, 2.0).map(lambda x: round(x, 2))


@st.composite
def curves(draw: Any) -> list[list[float]]:
    """Points that rise in both values, with heaps and jumps."""
    linear, recorded = draw(numbers), draw(numbers)
    points = [[linear, recorded]]
    for kind in draw(st.lists(st.sampled_from(["line", "heap", "jump"]), min_size=1, max_size=6)):
        linear += 0.0 if kind == "jump" else draw(st.floats(0.05, 1.0))
        recorded += 0.0 if kind == "heap" else draw(st.floats(0.05, 2.0))
        points.append([round(linear, 3), round(recorded, 3)])
    return [*points, [round(linear + 0.5, 3), round(recorded + 0.5, 3)]]


@st.composite
def measurements(draw: Any) -> Measurement:
    """Any instrument that a scene may have, for values of about -3 to 3, or their exponential."""
    keys: dict[str, Any] = {"scale": draw(st.sampled_from(["linear", "log"]))}
    if draw(st.booleans()):
        keys["outliers"] = {"rate": draw(st.floats(0.01, 0.5)), "factor": draw(st.floats(1, 4))}
    if draw(st.booleans()):
        keys["heaping"] = {
            "to": draw(st.sampled_from([0.25, 0.5, 2.0])),
            "rate": draw(st.sampled_from([0.3, 1.0])),
        }
    if draw(st.integers(0, 3)) == 0:
        keys["thresholds"] = sorted(draw(st.sets(numbers, min_size=1, max_size=5)))
        if draw(st.booleans()):
            most = len(keys["thresholds"]) + 1
            keys["codes"] = sorted(draw(st.sets(numbers, min_size=most, max_size=most)))
        return Measurement.model_validate(keys)
    if draw(st.booleans()):
        keys["decimals"] = draw(st.integers(0, 3))
    if keys["scale"] == "linear" and draw(st.booleans()):
        keys["curve"] = draw(curves())
        return Measurement.model_validate(keys)
    low, high = sorted(draw(st.sets(numbers, min_size=2, max_size=2)))
    if keys["scale"] == "log":
        low, high = round(float(np.exp(low)), 2), round(float(np.exp(high)), 2) + 0.01
    sides = draw(st.sampled_from([(), ("lower",), ("upper",), ("lower", "upper")]))
    keys |= {side: {"lower": low, "upper": high}[side] for side in sides}
    if sides:
        keys["beyond"] = draw(st.sampled_from(["clip", "truncate"]))
    elif draw(st.booleans()):
        report = draw(st.sampled_from(["limit", "missing", *(["half"] if low > 0 else [])]))
        keys["detection"] = {"lower": low, "upper": high, "report": report}
    return Measurement.model_validate(keys)


def recorded(
    measurement: Measurement, latent: np.ndarray, mean: float, sd: float, noise: float, seed: int
) -> tuple[Values, Values]:
    """The values with their gross errors, before and after the other steps."""
    instrument, draws = Instrument.of(measurement), RandomDraws(seed)
    values = Values(latent, noise, mean, sd)
    if instrument.outliers is not None:
        values = instrument.outliers.record(values, draws)
    whole = Instrument(None, instrument.truncation, instrument.shape, instrument.writing)
    return values, whole.record(values, draws)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(measurements(), st.floats(-1, 1), st.floats(0.2, 1.5), st.integers(0, 9))
def test_what_is_recorded_lies_in_what_the_inverse_says(
    measurement: Measurement, mean: float, sd: float, seed: int
) -> None:
    latent = mean + sd * np.random.default_rng(seed).standard_normal(300)
    before, after = recorded(measurement, latent, mean, sd, sd / 2, seed)
    instrument = Instrument.of(measurement)
    found = instrument.invert(after.value)
    bounded = before.value
    if instrument.truncation is not None:
        bounded = instrument.truncation.record(before, RandomDraws(0)).value
    tolerance = 1e-7 * (1 + np.abs(bounded))
    assert (found.low <= bounded + tolerance).all()
    assert (bounded <= found.high + tolerance).all()
    inside = ~np.isnan(found.lower)
    assert (found.low[inside] <= found.lower[inside]).all()
    assert (found.high[inside] >= found.upper[inside]).all()
    written = measurement.decimals is not None or measurement.heaping is not None
    if not written:  # then what counts as exact is
        exact = found.exact
        assert np.allclose(found.value[exact], bounded[exact], rtol=1e-9, atol=1e-9)
        assert (found.lower[inside] <= bounded[inside] + tolerance[inside]).all()
        assert (found.upper[inside] >= bounded[inside] - tolerance[inside]).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(measurements(), st.floats(-1, 1), st.floats(0.2, 0.5), st.integers(0, 9))
def test_the_expectation_is_that_of_a_simulation(
    measurement: Measurement, mean: float, sd: float, seed: int
) -> None:
    """Mean and variance within 5 SE of 20,000 values: 120 tests, under 1 in 10,000 fails.

    Steps that fill thousands of values are approximate: 1e-3 SDs are allowed for that.
    """
    latent = mean + sd * np.random.default_rng(seed).standard_normal(N)
    _, after = recorded(measurement, latent, mean, sd, sd / 2, seed)
    error = gross_error(measurement, np.array([sd / 2]))
    found = recorded_expansion(measurement, np.array([mean]), np.array([sd]), error)
    value = after.value
    for got, expected in (
        (value, found.mean[0]),
        ((value - found.mean[0]) ** 2, found.variance[0]),
    ):
        assert abs(got.mean() - expected) < 5 * got.std() / np.sqrt(N) + 1e-3 * sd


@settings(max_examples=40, deadline=None, derandomize=True)
@given(measurements(), st.floats(-0.9, 0.9), st.integers(0, 9))
def test_the_covariance_with_a_plain_value_is_that_of_a_simulation(
    measurement: Measurement, r: float, seed: int
) -> None:
    """Within 5 SE of 20,000 pairs."""
    rng = np.random.default_rng(seed)
    plain = rng.standard_normal(N)
    latent = 0.5 * (r * plain + np.sqrt(1 - r**2) * rng.standard_normal(N))
    _, after = recorded(measurement, latent, 0.0, 0.5, 0.25, seed)
    errors = np.array([0.0, float(gross_error(measurement, np.array([0.25]))[0])])
    pair, sds = [Measurement(), measurement], np.array([1.0, 0.5])
    expected = recorded_covariance(pair, np.zeros(2), sds, errors)(r)
    product = plain * (after.value - after.value.mean())
    assert abs(product.mean() - expected) < 5 * product.std() / np.sqrt(N) + 1e-3


@pytest.mark.parametrize("steps", [{}, {"lower": -50.0}, {"decimals": 9}])
def test_a_step_that_does_nothing_changes_nothing(steps: dict[str, Any]) -> None:
    found = recorded_expansion(Measurement.model_validate(steps), *np.array([[0.3], [2.0], [0.0]]))
    assert found.mean[0] == pytest.approx(0.3, abs=1e-12)
    assert found.variance[0] == pytest.approx(4.0, rel=1e-12)


def test_chance_is_a_mixture_of_instruments_without_any() -> None:
    keys = {"heaping": {"to": 5, "rate": 0.25}, "outliers": {"rate": 0.1, "factor": 3}}
    kinds = list(Instrument.of(Measurement.model_validate(keys)).kinds())
    assert [round(share, 6) for share, *_ in kinds] == [0.675, 0.225, 0.075, 0.025]
    assert [gross for _, gross, _ in kinds] == [False, False, True, True]
    assert [kind.width for *_, kind in kinds] == [0.0, 5, 0.0, 5]
    assert all(kind.outliers is None for *_, kind in kinds)


def test_a_heaped_score_may_have_been_any_near_it() -> None:
    keys = {"thresholds": [0.0, 1.0, 2.0], "heaping": {"to": 2, "rate": 0.5}}
    found = Instrument.of(Measurement.model_validate(keys)).invert(np.array([1.0, 2.0, np.nan]))
    assert found.lower[:2].tolist() == [0.0, 0.0]
    assert found.upper[:2].tolist() == [1.0, np.inf]
    assert np.isnan(found.lower[2])
