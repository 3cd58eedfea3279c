"""The example scene against a computation of its own, straight from the table of parameters."""

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from synthcohort import generate, load_scene, null_scene, theory
from synthcohort.scene import to_dict

ROWS = list(csv.DictReader((Path(__file__).parent / "example_scene.csv").open()))
NAMES = [row["biomarker"] for row in ROWS]
REGIONS = {"rural": (0.3, -1.3, 0.6), "mixed": (0.4, 0.0, 0.0), "urban": (0.3, 1.3, -0.6)}
SEXES = {"female": 0.5, "male": 0.5}
N = 1_000_000


def number(row: dict[str, str], key: str) -> float:
    return float(row[key]) if row[key] else 0.0


def cell(region: str, sex: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance before the bounds, by hand."""
    _, x, y = REGIONS[region]
    mean = {}
    for row in ROWS:
        mean[row["biomarker"]] = (
            number(row, "baseline")
            + number(row, "loading_X") * x
            + number(row, "loading_Y") * y
            + (number(row, f"shift_{region}") if region != "mixed" else 0.0)
            + number(row, f"shift_{sex}")
        )
    height = next(row for row in ROWS if row["biomarker"] == "Height")
    coefficient = 0.0
    covariance = np.zeros((len(ROWS), len(ROWS)))
    for i, j in itertools.product(range(len(ROWS)), repeat=2):
        a, b = ROWS[i], ROWS[j]
        for factor in "XY":
            covariance[i, j] += (
                0.16 * number(a, f"loading_{factor}") * number(b, f"loading_{factor}")
            )
        if i == j:
            covariance[i, j] += number(a, "noise_sd") ** 2
    weight, tall = NAMES.index("Weight"), NAMES.index("Height")
    coefficient = number(ROWS[weight], "slope_on_Height")
    mean["Weight"] += coefficient * (mean["Height"] - number(height, "baseline"))
    spread = number(height, "noise_sd") ** 2
    covariance[weight, weight] += coefficient**2 * spread
    covariance[weight, tall] += coefficient * spread
    covariance[tall, weight] += coefficient * spread
    return np.array([mean[name] for name in NAMES]), covariance


def bounds(row: dict[str, str]) -> tuple[float, float]:
    return (
        float(row["lower"]) if row["lower"] else -np.inf,
        float(row["upper"]) if row["upper"] else np.inf,
    )


def clipped(mean: float, sd: float, low: float, high: float, power: int) -> float:
    """Moment of a clipped normal by numerical integration."""
    inside, _ = integrate.quad(
        lambda v: v**power * stats.norm.pdf(v, mean, sd),
        max(low, mean - 12 * sd),
        min(high, mean + 12 * sd),
        epsabs=1e-12,
    )
    edges = 0.0
    if np.isfinite(low):
        edges += low**power * stats.norm.cdf(low, mean, sd)
    if np.isfinite(high):
        edges += high**power * stats.norm.sf(high, mean, sd)
    return inside + edges


@pytest.fixture(scope="module")
def population():
    return generate("haalsi_example", size=N)


def test_means_and_sds_in_every_cell(population) -> None:
    """192 z-values: 4 SE would be passed by chance in about 1 % of seeds; the seed is fixed."""
    for region, sex in itertools.product(REGIONS, SEXES):
        meta = population.metadata
        rows = ((meta["region"] == region) & (meta["sex"] == sex)).to_numpy()
        mean, covariance = cell(region, sex)
        for i, row in enumerate(ROWS):
            sd, limits = np.sqrt(covariance[i, i]), bounds(row)
            m1, m2, m3, m4 = (clipped(mean[i], sd, *limits, p) for p in (1, 2, 3, 4))
            variance = m2 - m1**2
            fourth = m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4
            values = population.X.loc[rows, row["biomarker"]].to_numpy()
            n = len(values)
            assert abs(values.mean() - m1) < 4 * np.sqrt(variance / n), (region, sex, row)
            error = np.sqrt((fourth - variance**2) / n) / (2 * np.sqrt(variance))
            assert abs(values.std() - np.sqrt(variance)) < 4 * error, (region, sex, row)


def test_all_correlations(population) -> None:
    """120 correlations within 4 SE of an independent simulation-free mixture computation.

    Covariances of two clipped variables come from a two-dimensional integral here.
    """
    p = len(NAMES)
    mean, second = np.zeros(p), np.zeros((p, p))
    for region, sex in itertools.product(REGIONS, SEXES):
        share = REGIONS[region][0] * SEXES[sex]
        m, c = cell(region, sex)
        first = np.array([clipped(m[i], np.sqrt(c[i, i]), *bounds(ROWS[i]), 1) for i in range(p)])
        mean += share * first
        for i, j in itertools.combinations_with_replacement(range(p), 2):
            if i == j:
                value = clipped(m[i], np.sqrt(c[i, i]), *bounds(ROWS[i]), 2)
            else:
                value = product(m, c, i, j)
            second[i, j] += share * value
            second[j, i] = second[i, j]
    covariance = second - np.outer(mean, mean)
    sd = np.sqrt(np.diag(covariance))
    expected = covariance / np.outer(sd, sd)
    z = stats.zscore(population.X[NAMES].to_numpy())
    for i, j in itertools.combinations(range(p), 2):
        # Delta method: the influence of each individual gives the standard error.
        r = float((z[:, i] * z[:, j]).mean())
        influence = z[:, i] * z[:, j] - r * (z[:, i] ** 2 + z[:, j] ** 2) / 2
        assert abs(r - expected[i, j]) < 4 * influence.std() / np.sqrt(N), (NAMES[i], NAMES[j])


def product(m: np.ndarray, c: np.ndarray, i: int, j: int) -> float:
    """Mean of the product of two clipped variables, on a fine grid of quantiles of the first."""
    z = np.linspace(-8, 8, 4001)
    weight = stats.norm.pdf(z) * (z[1] - z[0])
    sd = np.sqrt(c[i, i])
    a = np.clip(m[i] + sd * z, *bounds(ROWS[i]))
    slope = c[i, j] / sd
    rest = np.sqrt(c[j, j] - slope**2)
    low, high = bounds(ROWS[j])
    centre = m[j] + slope * z
    b = centre.copy()
    if np.isfinite(low):
        u, v = (low - centre) / rest, (high - centre) / rest
        inner = stats.norm.cdf(v) - stats.norm.cdf(u)
        b = low * stats.norm.cdf(u) + high * stats.norm.sf(v) + centre * inner
        b += rest * (stats.norm.pdf(u) - stats.norm.pdf(v))
    return float((weight * a * b).sum())


def test_theory_agrees_with_the_sample(population) -> None:
    """Means within 4 standard errors (16 tests, 0.1 % of seeds) and SDs within 0.5 %."""
    exact = theory("haalsi_example")
    z = (population.X.mean() - exact.mean) / (exact.sd / np.sqrt(N))
    assert z.abs().max() < 4
    assert (population.X.std() / exact.sd - 1).abs().max() < 0.005
    assert (population.X.corr() - exact.correlation).abs().max().max() < 0.005


def test_no_clusters_is_the_null_scene_of_the_example() -> None:
    derived, shipped = null_scene("haalsi_example"), load_scene("no_clusters")
    for name, marker in shipped.biomarkers.items():
        assert derived.biomarkers[name] == marker
    assert shipped.acting_groups() == []
    a, b = theory("no_clusters"), theory("haalsi_example")
    assert ((a.mean - b.mean) / b.sd).abs().max() < 1e-4
    assert (a.sd / b.sd - 1).abs().max() < 1e-4
    assert (a.correlation - b.correlation).abs().max().max() < 1e-4


def test_example_has_the_parameters_of_the_table() -> None:
    scene = to_dict(load_scene("haalsi_example"))
    for row in ROWS:
        marker = scene["biomarkers"][row["biomarker"]]
        assert marker["baseline"] == number(row, "baseline")
        assert marker["noise"] == number(row, "noise_sd")
        assert marker["unit"] == row["unit"]
