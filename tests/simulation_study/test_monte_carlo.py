"""Monte Carlo standard errors and intervals against simulation and statsmodels' formulas."""

import math

import numpy as np
import pytest

from synthcohort.simulation_study.monte_carlo import (
    differs,
    mean_of,
    repetitions_needed,
    share_of,
)


def test_a_mean_has_its_errors() -> None:
    values = np.array([1.0, 2.0, 4.0, 5.0, math.nan])
    found = mean_of(values)
    assert found.repetitions == 4
    assert found.value == 3.0
    assert found.mcse == pytest.approx(np.std(values[:4], ddof=1) / 2)
    assert found.high - found.low == pytest.approx(2 * 3.182446 * found.mcse, rel=1e-6)
    assert found.sd_mcse == pytest.approx(found.sd / math.sqrt(6))


def test_one_repetition_has_no_error() -> None:
    found = mean_of(np.array([0.5]))
    assert found.value == 0.5
    assert math.isnan(found.mcse)
    assert math.isnan(repetitions_needed(found))


def test_wilson_as_published() -> None:
    # Newcombe (1998), Stat Med 17:857, table I: 81 of 263 and 0 of 20.
    found = share_of(np.repeat([1.0, 0.0], [81, 182]))
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    found = share_of(np.zeros(20))
    assert (found.low, round(found.high, 4)) == (0.0, 0.1611)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_intervals_cover(share) -> None:
    rng = np.random.default_rng(1)
    draws = (rng.random((2000, 20)) < share).astype(float)
    inside = [e.low <= share <= e.high for e in map(share_of, draws)]
    assert 0.93 < np.mean(inside) < 0.98
    normal = rng.normal(share, 1, (2000, 20))
    inside = [e.low <= share <= e.high for e in map(mean_of, normal)]
    assert 0.935 < np.mean(inside) < 0.965


def test_so_many_repetitions_tell_a_difference() -> None:
    rng = np.random.default_rng(2)
    few = mean_of(0.3 + rng.normal(0, 1, 20))
    needed = int(repetitions_needed(few))
    alike = few.value + few.sd * rng.standard_normal(needed)
    alike = few.value + (alike - alike.mean()) / alike.std(ddof=1) * few.sd
    assert abs(mean_of(alike).low) < 0.1 * few.value
    assert math.isinf(repetitions_needed(mean_of(np.array([0.0, 0.0]))))


def test_equal_values_have_no_interval_but_a_sign() -> None:
    equal = mean_of(np.full(6, 0.2))
    assert math.isnan(equal.low)
    assert math.isnan(equal.high)
    assert differs(equal)
    assert not differs(mean_of(np.full(5, 0.2)))
    assert not differs(mean_of(np.zeros(40)))
    assert differs(mean_of(np.array([1.0, 1.1, 0.9])))
    assert not differs(mean_of(np.array([1.0, -1.1, 0.9])))
