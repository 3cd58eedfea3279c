"""The figures of a reference against computations of their own."""

import numpy as np
import pandas as pd
import pytest

from synthcohort.fidelity_check import Target, compare, counts, haalsi_wave1, unconstrained

TEXTS = ["variable", "unit", "group", "statistic", "value", "wave", "population", "source", "note"]


def target(compute: str, of: str, value: str, n: int = 400, among: str = "", **other) -> Target:
    texts = dict.fromkeys([*TEXTS, "assumed", "not_used"], "") | {"value": value} | other
    return Target(row=2, compute=compute, of=of, among=among, denominator=n, **texts)


def got(frame: pd.DataFrame, *targets: Target) -> pd.DataFrame:
    return compare(frame, targets)


PEOPLE = pd.DataFrame(
    {
        "sex": pd.Categorical(["male", "male", "female", "female", "female"]),
        "Age": [40.0, 50.0, 60.0, 70.0, 80.0],
        "Weight": [60.0, 70.0, np.nan, 80.0, 90.0],
        "Height": [1.0, 2.0, 1.0, np.nan, 3.0],
    }
)


@pytest.mark.parametrize(
    ("compute", "of", "among", "value"),
    [
        ("mean", "Weight", "", 75.0),
        ("mean", "Weight", "sex == 'female'", 85.0),
        ("sd", "Weight", "", np.std([60, 70, 80, 90])),
        ("median", "Weight / Height", "", 35.0),  # 60, 35, 30: those with both
        ("q1", "Age", "", 50.0),
        ("min", "Age", "sex == 'female'", 60.0),
        ("max", "Age", "", 80.0),
        ("share", "Weight > 65 & Height < 3", "", 100 / 3),
        ("share", "sex == 'male'", "", 40.0),
        ("missing", "Weight", "", 20.0),
        ("missing", "Weight / Height", "", 40.0),
        ("valid", "Weight", "sex == 'female'", 160.0),  # 2 of 5, at a size of 400
        ("slope_per_decade", "Weight", "Age > 0", np.polyfit([4, 5, 7, 8], [60, 70, 80, 90], 1)[0]),
    ],
)
def test_every_statistic_by_hand(compute: str, of: str, among: str, value: float) -> None:
    row = got(PEOPLE, target(compute, of, "50", among=among)).iloc[0]
    assert row["got"] == pytest.approx(value)


def test_standard_errors_are_those_of_the_source() -> None:
    """The spread of 4,000 samples of the source's size is the stated error, within 6 %."""
    rng, n = np.random.default_rng(1), 250
    frame = pd.DataFrame({"x": rng.gamma(4.0, 1.0, 400_000)})
    samples = rng.gamma(4.0, 1.0, (4_000, n))
    found = {
        "mean": samples.mean(axis=1),
        "sd": samples.std(axis=1),
        "median": np.median(samples, axis=1),
        "q3": np.quantile(samples, 0.75, axis=1),
    }
    for compute, values in found.items():
        row = got(frame, target(compute, "x", "0", n)).iloc[0]
        assert row["got"] / row["difference_se"] == pytest.approx(values.std(), rel=0.06)
    row = got(frame, target("share", "x > 5", "26.5", n)).iloc[0]
    error = 100 * np.sqrt(0.265 * 0.735 / n)
    assert row["difference_se"] == pytest.approx((row["got"] - 26.5) / error)


def test_met_within_two_errors_or_the_rounding() -> None:
    frame = pd.DataFrame({"x": np.tile([9.0, 11.0], 500)})  # mean 10, SD 1, error 0.05 at n = 400
    compared = got(
        frame,
        target("mean", "x", "10.099"),
        target("mean", "x", "10.101"),
        target("mean", "x", "10.5", n=10**8),  # beyond two errors and the rounding 0.05
        target("mean", "x", "10.05", n=10**8),  # beyond two errors and the rounding 0.005
        target("mean", "x", "10.0", n=10**8),
        target("sd", "x", "1", n=10**8),
        target("min", "x", "9"),
        target("min", "x", "8"),
        target("mean", "y", "1"),
        target("mean", "x", "1", not_used="another wave"),
    )
    assert list(compared["status"]) == [
        *["met", "not met", "not met", "not met", "met", "met", "met", "not met"],
        *["not used", "not used"],
    ]
    assert list(compared["why"][-2:]) == ["the table has no y", "another wave"]
    assert counts(compared)["usable"] == 8
    wide = got(frame, target("mean", "x", "10.4", n=10**8), target("mean", "x", "10", n=10**8))
    assert list(wide["status"]) == ["not met", "met"]
    rounded = got(frame + 0.4, target("mean", "x", "10", n=10**8))
    assert list(rounded["status"]) == ["met"]


def test_every_row_of_the_reference_is_used_or_says_why_not() -> None:
    rows = haalsi_wave1()
    assert [row.row for row in rows] == list(range(2, 242))
    for row in rows:
        assert row.source
        assert bool(row.compute) != bool(row.not_used)
        if not row.not_used:
            assert row.wave.startswith(("1 ", "instrument"))
            assert row.population == "HAALSI"
            assert row.denominator > 0
            assert row.names()


def test_what_a_reference_leaves_open() -> None:
    targets = [
        target("share", "a > 1", "10"),
        target("share", "a > 2", "5"),
        target("share", "a > 1", "12", among="sex == 'male'"),
        target("share", "b > 1", "10"),
        target("share", "b > 1", "10", among="sex == 'male'"),
        target("mean", "c / a", "10"),
        target("sd", "c / a", "1"),
    ]
    open_ = unconstrained(targets, ["a", "b", "c", "d"]).set_index("biomarker")
    assert list(open_["location"]) == [
        "constrained",
        "constrained",
        "only together with others",
        "not constrained",
    ]
    assert list(open_["spread"]) == [
        "constrained",
        "not constrained",
        "only together with others",
        "not constrained",
    ]
