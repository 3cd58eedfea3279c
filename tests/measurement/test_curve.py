"""The curve, and the codes of scores, against closed forms and in the whole theory."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.exact_theory.test_exact_moments import worst_z

from synthcohort import describe, load_scene, null_scene, posterior, theory
from synthcohort.exact_theory.densities import log_densities
from synthcohort.measurement.composition import Instrument
from synthcohort.measurement.moments import recorded_expansion
from synthcohort.population.linear_model import LinearModel
from synthcohort.population.strata import Strata
from synthcohort.scene import SceneError
from synthcohort.scene.instrument import Measurement

# 0 for a third of a standard normal variable, a jump to 1, lines to 2 and 10, flat beyond.
CURVE = [[-3.0, 0.0], [-0.43, 0.0], [-0.43, 1.0], [0.8, 2.0], [2.5, 10.0]]


def scene(**measurements: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "shaped",
        "groups": {"sex": {"probabilities": {"female": 0.6, "male": 0.4}}},
        "factors": {"f": {}},
        "biomarkers": {
            name: {
                "shift": {"sex": {"male": 0.5}},
                "loadings": {"f": 0.7},
                "noise": 0.7,
                "measurement": measurement,
            }
            for name, measurement in measurements.items()
        },
    }


SHAPED = scene(
    days={"curve": CURVE, "decimals": 1},
    stage={"thresholds": [-1.0, 0.0, 1.0], "codes": [1.0, 2.0, 3.0, 4.0]},
    dose={"curve": CURVE},
    plain={},
)


def test_mean_and_variance_by_pieces() -> None:
    """Each line of the curve by quadrature on a fine grid of probabilities, heaps exactly."""
    found = recorded_expansion(Measurement(curve=CURVE), *np.array([[0.2], [1.3], [0.0]]))
    p = (np.arange(400_000) + 0.5) / 400_000
    x = 0.2 + 1.3 * stats.norm.ppf(p)
    value = np.interp(x, [-0.43, 0.8, 2.5], [1.0, 2.0, 10.0])
    value[x < -0.43] = 0.0
    assert found.mean[0] == pytest.approx(value.mean(), rel=1e-5)
    assert found.variance[0] == pytest.approx(value.var(), rel=1e-5)


def test_simulation() -> None:
    """Means, SDs and correlations of 200,000 within 4 SE: under 0.2 % of seeds fail."""
    assert worst_z(SHAPED, 200_000) < 4


def test_density_and_heaps_add_up_to_one() -> None:
    shaped = load_scene(scene(dose={"curve": CURVE}))
    strata = Strata.of(LinearModel.of(shaped))

    def density(values: np.ndarray) -> np.ndarray:
        return np.exp(log_densities(strata, pd.DataFrame({"dose": values})))

    edges = np.linspace(1, 10, 90_001)
    middle = (edges[:-1] + edges[1:]) / 2
    total = density(middle).mean(axis=0) * 9 + density(np.array([0.0, 10.0])).sum(axis=0)
    assert total == pytest.approx([1.0, 1.0], abs=1e-6)


def test_the_inverse_of_a_heap_a_line_and_the_ends() -> None:
    found = Instrument.of(Measurement(curve=CURVE)).invert(np.array([0.0, 1.5, 10.0, np.nan]))
    assert found.lower[[0, 2]].tolist() == [-np.inf, 2.5]
    assert found.upper[[0, 2]].tolist() == [-0.43, np.inf]
    assert found.value[1] == pytest.approx(-0.43 + 1.23 / 2)
    assert found.log_jacobian[1] == pytest.approx(np.log(1.23))
    assert np.isnan(found.lower[[1, 3]]).all()


@pytest.mark.parametrize(
    ("value", "message"),
    [(10.5, "beyond 0 to 10, the ends of its curve"), (0.5, "that its curve jumps over")],
)
def test_values_that_no_instrument_records(value: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Instrument.of(Measurement(curve=CURVE)).invert(np.array([value]))


def test_the_posterior_of_codes_is_that_of_scores() -> None:
    plain = load_scene(scene(stage={"thresholds": [-1.0, 0.0, 1.0]}))
    coded = load_scene(scene(stage=SHAPED["biomarkers"]["stage"]["measurement"]))
    scores = pd.DataFrame({"stage": [0.0, 1.0, 2.0, 3.0]})
    assert np.allclose(posterior(plain, scores, "sex"), posterior(coded, scores + 1, "sex"))


def test_the_null_scene_keeps_the_moments() -> None:
    exact, null = theory(SHAPED), theory(null_scene(SHAPED))
    assert np.allclose(null.mean, exact.mean, rtol=1e-4)
    assert np.allclose(null.covariance, exact.covariance, rtol=1e-3, atol=1e-4)


def test_words() -> None:
    text = describe(load_scene(SHAPED))
    assert "a score of 1 to 4 by thresholds" in text
    assert "brought to 0 to 10 by a curve through 5 points, 1 decimal" in text


@pytest.mark.parametrize(
    ("measurement", "message"),
    [
        (
            {"curve": [[0.0, 1.0], [1.0, 0.0]]},
            r"curve: got \[0, 1\], \[1, 0\], allowed: points that",
        ),
        ({"curve": [[0.0, 1.0], [0.0, 1.0], [1.0, 2.0]]}, "allowed: points that rise"),
        ({"curve": [[0.0, 1.0], [1.0, 1.0]]}, "curve: is flat or one jump, allowed: two points"),
        ({"curve": [[0.0, 1.0]]}, "curve: is flat or one jump"),
        ({"curve": [[0.0, 1.0, 2.0]]}, "curve.0"),
        ({"curve": CURVE, "lower": 0.0}, "got both curve and lower, allowed: one of them"),
        ({"curve": CURVE, "scale": "log"}, "got both curve and scale 'log', allowed: one of them"),
        ({"curve": CURVE, "thresholds": [1.0]}, "got both curve and thresholds"),
        ({"codes": [1.0, 2.0]}, "codes: got 2 codes and 0 thresholds, allowed: one code more"),
        ({"thresholds": [0.0], "codes": [2.0, 1.0]}, "codes: got 2, 1, allowed: ascending"),
    ],
)
def test_one_clear_message_each(measurement: dict[str, Any], message: str) -> None:
    with pytest.raises(SceneError, match=message) as caught:
        load_scene(scene(x=measurement))
    assert len(caught.value.problems) == 1
