"""The measurement layer at full size: `pytest verification` (minutes)."""

from tests.exact_theory.test_exact_moments import worst_z
from tests.measurement.test_recording import SCENE, within

from synthcohort import generate


def test_theory_of_a_million_measured_individuals() -> None:
    """Every mean, SD and correlation within 4 SE: 14 tests, the seed is fixed."""
    worst = worst_z(SCENE, 1_000_000)
    print(f"measured: largest deviation {worst:.2f} SE")
    assert worst < 4


def test_rates_of_a_million() -> None:
    """Three rates within 3 SE: 0.8 % of seeds fail, the seed is fixed."""
    truth = generate(SCENE, size=1_000_000, workers=2).truth
    for name, reason in SCENE["missing"].items():
        missing = (truth[f"{reason['variables'][0]}_missing"] == name).astype(float)
        error = (missing.mean() - reason["rate"]) / missing.std() * 1000
        print(f"{name}: rate {missing.mean():.5f}, planted {reason['rate']}, {error:+.2f} SE")
        assert within(missing, reason["rate"], errors=3)
