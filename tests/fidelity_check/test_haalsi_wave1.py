"""The scenes of HAALSI's first wave, derived again from their parameters, without sampling."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from synthcohort import load_scene
from synthcohort.population.linear_model import LinearModel
from synthcohort.population.strata import Strata
from synthcohort.scene import catalogue

DOCS = Path(__file__).parents[2] / "docs" / "haalsi_wave1.md"
SCENE = load_scene("haalsi_wave1")
NAMES = list(SCENE.biomarkers)
STRATA = Strata.of(LinearModel.of(SCENE))
COVARIANCES = STRATA.covariances[STRATA.spread]


def normal(weights: dict[str, float], sex: str = "", age: str = "") -> list[tuple]:
    """Share, mean and SD of a sum of biomarkers before measurement, by stratum."""
    w = np.array([weights.get(name, 0.0) for name in NAMES])
    inside = np.ones(len(STRATA), dtype=bool)
    for group, level in (("sex", sex), ("age_group", age)):
        if level:
            inside &= STRATA.codes[group] == STRATA.model.levels[group].index(level)
    return [
        (STRATA.probability[i], float(w @ STRATA.mean[i]), float(np.sqrt(w @ COVARIANCES[i] @ w)))
        for i in np.flatnonzero(inside)
    ]


def below(value: float, parts: list[tuple]) -> float:
    share = np.array([p for p, *_ in parts])
    return float(share @ [stats.norm.cdf(value, m, s) for _, m, s in parts] / share.sum())


BMI = {"Weight": 1.0, "Height": -2.0}


@pytest.mark.parametrize(
    ("value", "percent", "n", "sex", "age"),
    [
        (26.3, 50.0, 4689, "", ""),  # row 89
        (22.5, 25.0, 4689, "", ""),  # row 90
        (31.1, 75.0, 4689, "", ""),  # row 91
        (30.0, 100 - 29.52, 4689, "", ""),  # row 148
        (16.0, 1.15, 4689, "", ""),  # row 149
        (25.0, 30.0, 2513, "female", ""),  # row 153
        (25.0, 56.0, 2176, "male", ""),  # row 154
        (25.0, 100 - 46.4, 549, "", "80+"),  # row 161
    ],
)
def test_body_mass_index(value: float, percent: float, n: int, sex: str, age: str) -> None:
    found = below(np.log(value / 1e4), normal(BMI, sex, age))
    assert abs(found - percent / 100) < 2 * np.sqrt(percent * (100 - percent) / n) / 100


@pytest.mark.parametrize(("sex", "mean"), [("male", 0.92), ("female", 0.89)])
def test_waist_hip_ratio(sex: str, mean: float) -> None:
    share, m, s = (np.array(v) for v in zip(*normal({"Waist": 1, "Hip": -1}, sex), strict=True))
    share = share / share.sum()
    first = share @ np.exp(m + s**2 / 2)
    second = share @ np.exp(2 * m + 2 * s**2)
    assert first == pytest.approx(mean, abs=0.005)
    assert np.sqrt(second - first**2) == pytest.approx(0.08, abs=0.005)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "percent"),
    [
        ((120.25, np.inf), (80.25, np.inf), 51.52),  # row 98
        ((120.25, np.inf), (59.75, 80.25), 24.86),  # row 99
        ((89.75, 120.25), (59.75, 80.25), 19.24),  # row 100
        ((89.75, 120.25), (80.25, np.inf), 1.86),  # row 101
        ((89.75, 120.25), (0, 59.75), 1.70),  # row 102
        ((120.25, np.inf), (0, 59.75), 0.53),  # row 103
        ((0, 89.75), (0, np.inf), 0.29),  # row 104
    ],
)
def test_joint_cells_of_blood_pressure(systolic, diastolic, percent: float) -> None:
    """Recorded in halves: above 120 begins at 120.25."""
    both = [NAMES.index("BP_systolic"), NAMES.index("BP_diastolic")]
    found = 0.0
    with np.errstate(divide="ignore"):
        low, high = (np.log([systolic[i], diastolic[i]]) for i in (0, 1))
    low, high = np.clip(low, -50, 50), np.clip(high, -50, 50)
    for share, mean, covariance in zip(STRATA.probability, STRATA.mean, COVARIANCES, strict=True):
        spread = stats.multivariate_normal(mean[both], covariance[np.ix_(both, both)], seed=0)
        found += share * spread.cdf(high, lower_limit=low)
    error = np.sqrt(percent * (100 - percent) / 4895)
    assert abs(100 * found - percent) < 2 * error


def test_missing_body_sizes() -> None:
    """Rows 226-228: height, weight, either."""
    both, height, weight = (
        1 - SCENE.missing[name].rate for name in ("no_body_size", "no_height", "no_weight")
    )
    assert 100 * (1 - both * height) == pytest.approx(7.21, abs=0.005)
    assert 100 * (1 - both * weight) == pytest.approx(5.24, abs=0.005)
    assert 100 * (1 - both * height * weight) == pytest.approx(7.31, abs=0.005)


@pytest.mark.parametrize("name", ["haalsi_wave1", "haalsi_wave1_two_groups"])
def test_every_assumption_is_in_the_docs(name: str) -> None:
    found = re.findall(r"assumed: (.*)", catalogue.text(name))
    assert len(found) > 15
    written = DOCS.read_text(encoding="utf-8")
    assert [text for text in found if text.strip() not in written] == []


def test_two_groups_keep_every_age_and_sexs_factor_moments() -> None:
    scene = load_scene("haalsi_wave1_two_groups")
    table = scene.groups["profile"].table()
    for name in ("adiposity", "pressure", "metabolic"):
        own, planted = SCENE.factors[name], scene.factors[name]
        effect = planted.mean["profile"]["above_threshold"]
        for cell, row in table.items():
            sex, age = cell.split(" ")
            p = row["above_threshold"]
            mean = planted.mean["age_sex"][cell] + p * effect
            variance = planted.spread["age_sex"][cell] ** 2 + p * (1 - p) * effect**2
            by_group = sum(
                own.mean.get(g, {}).get(lv, 0.0) for g, lv in (("sex", sex), ("age_group", age))
            )
            sd = np.prod(
                [own.spread.get(g, {}).get(lv, 1.0) for g, lv in (("sex", sex), ("age_group", age))]
            )
            assert mean == pytest.approx(by_group, abs=2e-3)
            assert np.sqrt(variance) == pytest.approx(sd, abs=2e-3)
