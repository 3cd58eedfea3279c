"""The separation found at 80 %: against a known curve."""

import math

import numpy as np
import pytest
from scipy.special import expit

from synthcohort.detection_power.detection_limits import detection_limit
from synthcohort.simulation_study.monte_carlo import share_of

TRIED = (1.5, 2.5, 3.5, 4.5, 6.0)


def limit_of(values: np.ndarray):
    found = [share_of(column) for column in values.T]
    parts = ([getattr(f, name) for f in found] for name in ("value", "low", "high", "repetitions"))
    return detection_limit(TRIED, *parts)


def test_the_interval_covers_the_true_point() -> None:
    rng = np.random.default_rng(3)
    chance = expit(2.2 * (np.array(TRIED) - 3.0))
    truth = 3.0 + np.log(4) / 2.2
    found = [limit_of((rng.random((20, 5)) < chance).astype(float)) for _ in range(300)]
    inside = np.mean([one.low <= truth <= one.high for one in found])
    assert inside > 0.93
    width = np.mean([one.high - one.low for one in found if math.isfinite(one.high)])
    assert width < 3


@pytest.mark.parametrize(
    ("shares", "found", "high"), [((0.0,) * 5, False, math.inf), ((1.0,) * 5, True, 1.5)]
)
def test_never_and_always(shares, found, high) -> None:
    one = limit_of(np.tile(shares, (40, 1)))
    assert one.found == found
    assert one.high == high
    assert one.low == (0.0 if found else 6.0)
    assert not found or one.value == 1.5


def test_shares_are_made_to_rise() -> None:
    one = detection_limit([1, 2, 3], [0.9, 0.5, 1.0], [0.9, 0.5, 1.0], [0.9, 0.5, 1.0], [10] * 3)
    assert one.value == pytest.approx(2 + 0.1 / 0.3)
