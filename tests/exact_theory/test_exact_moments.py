"""Exact theory against simulation and against derivations by hand."""

import itertools

import numpy as np
import pytest

from synthcohort import generate, load_scene, theory
from synthcohort.exact_theory import variance_shares
from synthcohort.scene import catalogue

N = 200_000


def worst_z(name: str, n: int) -> float:
    """Largest deviation of a simulated moment from the theory, in standard errors."""
    exact, X = theory(name), generate(name, size=n, workers=2).complete_X.to_numpy()
    mean, sd, r = exact.mean.to_numpy(), exact.sd.to_numpy(), exact.correlation.to_numpy()
    z = (X - mean) / sd
    worst = [np.abs(z.mean(axis=0)) * np.sqrt(n)]
    # Influence functions give the standard errors, heavy tails included.
    worst.append(np.abs((z**2).mean(axis=0) - 1) / (z**2).std(axis=0) * np.sqrt(n))
    for i, j in itertools.combinations(range(len(mean)), 2):
        influence = z[:, i] * z[:, j] - r[i, j] * (z[:, i] ** 2 + z[:, j] ** 2) / 2
        worst.append(np.atleast_1d(abs(influence.mean()) / influence.std() * np.sqrt(n)))
    return float(max(w.max() for w in worst))


@pytest.mark.parametrize("name", catalogue.names())
def test_simulation(name: str) -> None:
    """All moments of a scene within 4.5 SE: about 1,000 tests, under 1 % of seeds fail."""
    assert worst_z(name, N) < 4.5


def test_equal_means_by_hand() -> None:
    """Each factor is 4 or 1/4 times as variable, half of the time each."""
    exact = theory("trap_equal_means")
    b = 0.5 * 18, 0.5 * 12
    assert exact.sd["BP_systolic"] ** 2 == pytest.approx(b[0] ** 2 * ((16 + 1 / 16) / 2 + 1))
    covariance = exact.covariance.loc["BP_systolic", "Waist"]
    assert covariance == pytest.approx(b[0] * b[1] * (16 + 1 / 16) / 2)
    assert exact.covariance.loc["BP_systolic", "CESD_score"] == pytest.approx(0)
    in_metabolic = exact.cell_sds.xs("metabolic", level="type")["BP_systolic"].iloc[0]
    assert in_metabolic == pytest.approx(np.sqrt(b[0] ** 2 * 17))


def test_simpson_by_hand() -> None:
    """Five equal villages at -2.6 to 2.6 SD and 90 to 10 % ill, who are 1.3 SD higher."""
    exact = theory("trap_simpson")
    level, ill = np.linspace(-2.6, 2.6, 5), np.array([0.9, 0.7, 0.5, 0.3, 0.1])
    centre = level + 1.3 * ill
    variance = 1 + (1.3**2 * ill * (1 - ill)).mean() + centre.var()
    assert exact.mean["Waist"] == pytest.approx(88 + 12 * centre.mean())
    assert exact.sd["Waist"] == pytest.approx(12 * np.sqrt(variance))
    assert exact.correlation.loc["Waist", "Hemoglobin"] == pytest.approx(-(variance - 1) / variance)


def test_one_cluster_by_hand() -> None:
    exact = theory("trap_one_cluster")
    assert exact.sd["Cognitive_score"] == 12
    assert np.allclose(exact.correlation, np.eye(8), atol=1e-12)


@pytest.mark.parametrize("name", catalogue.names())
def test_variance_shares_add_up(name: str) -> None:
    assert np.allclose(variance_shares(name).sum(axis=1), 1)


def test_variance_shares_by_hand() -> None:
    """Weight of the example: loading 12, factor SD 0.4, region on both, slope 0.45 on Height."""
    shares = variance_shares("haalsi_example").loc["Weight"]
    region = np.array([-1.3 * 12 - 3, 0, 1.3 * 12 + 4])
    p = np.array([0.3, 0.4, 0.3])
    by_region = p @ region**2 - (p @ region) ** 2
    by_sex = (7 + 0.45 * 12) ** 2 / 4
    by_factor = (12 * 0.4) ** 2
    noise = 2.8**2 + (0.45 * 6.5) ** 2
    total = by_region + by_sex + by_factor + noise
    assert shares["region"] == pytest.approx(by_region / total)
    assert shares["sex"] == pytest.approx(by_sex / total)
    assert shares["X"] == pytest.approx(by_factor / total)
    assert shares["noise"] == pytest.approx(noise / total)


def test_a_spread_is_checked_like_a_shift() -> None:
    from synthcohort.scene import SceneError

    scene = {
        "name": "s",
        "factors": {"F": {"spread": {"group": {"a": 2.0}}}},
        "biomarkers": {"A": {"loadings": {"F": 1.0}}},
    }
    with pytest.raises(SceneError, match=r"factors\.F\.spread: got 'group'"):
        load_scene(scene)
