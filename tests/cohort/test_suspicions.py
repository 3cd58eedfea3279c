"""Suspicions: each finds what was planted, and is silent where nothing is."""

import numpy as np
import pandas as pd
import pytest

from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import load_settings

N = 400
RNG = np.random.default_rng(11)
CLEAN = pd.DataFrame(
    {
        "sbp": RNG.normal(130, 18, N).round(1),
        "dbp": RNG.normal(80, 11, N).round(1),
        "height": RNG.normal(165, 9, N).round(1),
        "wt": RNG.normal(70, 12, N).round(1),
        "w": RNG.uniform(0.5, 2, N),
    }
)
SMALL = {"preprocessings": ["zscore"], "base": {"kmeans": [2]}}


def doubts(frame: pd.DataFrame, biomarkers, **settings) -> list[str]:
    mapping = {"biomarkers": biomarkers, "experiment": SMALL} | settings
    return table_cohort(frame, load_settings(mapping), {}).doubts


def test_a_clean_table_is_not_suspicious() -> None:
    biomarkers = {"sbp": {"unit": "mmHg"}, "dbp": {}, "height": {"unit": "cm"}, "wt": {}}
    assert doubts(CLEAN, biomarkers, weight="w") == []


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_tables_have_no_codes(seed: int) -> None:
    """Ages with a 99, scores from 0 to 9 and skewed values look like themselves."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": rng.integers(40, 100, N),
            "score": rng.integers(0, 10, N),
            "crp": rng.lognormal(0.5, 1, N).round(1),
            "change": rng.normal(0, 5, N).round(0),
        }
    )
    assert [d for d in doubts(frame, list(frame)) if "code for missing" in d] == []


@pytest.mark.parametrize(
    ("column", "codes"),
    [("sbp", [999.0]), ("sbp", [-9.0, -8.0]), ("wt", [888.0, 999.0]), ("dbp", [-99.0])],
)
def test_codes(column: str, codes: list[float]) -> None:
    frame = CLEAN.copy()
    for i, code in enumerate(codes):
        frame.loc[10 * i : 10 * i + 5, column] = code
    shown = ", ".join(f"6 times {code:g}" for code in sorted(codes))
    [found] = doubts(frame, ["sbp", "dbp", "wt"])
    assert found.startswith(f"column {column!r}: {shown} looks like a code")


def test_units() -> None:
    [found] = doubts(CLEAN.assign(height=CLEAN["height"] / 100), {"height": {"unit": "cm"}})
    assert "most values can't be in cm (possible: 40 to 250): they look like m" in found
    frame = CLEAN.copy()
    frame.loc[:5, "sbp"] = 13.2
    [found] = doubts(frame, {"sbp": {"unit": "mmHg"}})
    assert "6 values can't be in mmHg (possible: 40 to 300)" in found


@pytest.mark.parametrize("kind", ["sum", "ratio", "exact"])
def test_columns_made_of_others(kind: str) -> None:
    made = {
        "sum": (0.333 * CLEAN["sbp"] + 0.667 * CLEAN["dbp"]).round(),
        "ratio": (CLEAN["wt"] / (CLEAN["height"] / 100) ** 2).round(1),
        "exact": CLEAN["sbp"] - CLEAN["dbp"],
    }[kind]
    words = {
        "sum": "made is nearly 0.333 sbp + 0.66",
        "ratio": "made is nearly height^-2 x wt^1",
        "exact": "made is nearly 1 sbp - 1 dbp (100.00 % of its variance",
    }[kind]
    frame = CLEAN.assign(made=made)
    names = ["sbp", "dbp", "height", "wt", "made"]
    [found] = doubts(frame, names)
    assert found.startswith(f"column 'made': {words}")
    assert "leave made out of experiment.biomarkers" in found
    assert doubts(frame, names, experiment=SMALL | {"whiten": [False]}) == []


def test_weights_and_heaping() -> None:
    frame = CLEAN.copy()
    frame.loc[:5, "w"] = 60.0
    [found] = doubts(frame, ["sbp"], weight="w")
    assert found.startswith("column 'w': 6 weights are over 20 times the median one and make")
    [found] = doubts(
        frame.assign(
            sbp=frame["sbp"].round(-1)[:200].reindex(range(N)).fillna(frame["sbp"].round())
        ),
        ["sbp"],
    )
    assert "% of the values end in 0, where 10 % would by chance" in found
