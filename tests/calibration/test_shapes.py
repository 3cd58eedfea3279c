"""Calibration keeps margins, shares, ends, rank correlations, missing values, weights."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from synthcohort import generate, theory
from synthcohort.calibration import calibrate_table, misfit
from synthcohort.calibration.latent_scale import fit_latent_scale
from synthcohort.calibration.recorded_values import RecordedValues
from synthcohort.calibration.rising_curve import curve_points

N = 3000


@pytest.fixture(scope="module")
def shaped() -> pd.DataFrame:
    """Columns of every shape on three factors and a group."""
    rng = np.random.default_rng(11)
    sex = rng.choice(["f", "m"], N)
    z = rng.normal(size=(N, 3)) @ rng.normal(size=(3, 8)) + rng.normal(size=(N, 8))
    z += np.where(sex == "m", 1.0, 0.0)[:, None] * rng.normal(size=8)
    z = (z - z.mean(axis=0)) / z.std(axis=0)
    smoked = np.where(rng.random(N) < 0.6, (10 + 4 * z[:, 4]).round(-1), (10 + 4 * z[:, 4]).round())
    return pd.DataFrame(
        {
            "skewed": stats.gamma.ppf(stats.norm.cdf(z[:, 0]), 0.7).round(3) + 1,
            "left": 100 - np.exp(1.2 * z[:, 1]).round(1),
            "zeros": np.where(z[:, 2] < 1.04, 0, np.ceil(5 * (z[:, 2] - 1.04) ** 2 + 0.01)),
            "peaks": (z[:, 3] + 4 * np.sign(z[:, 3])).round(2),
            "cigarettes": smoked.clip(0),
            "limits": z[:, 5].clip(-1, 1.5).round(2),
            "stage": np.searchsorted([-1.2, 0.1, 1.0], z[:, 6]) + 1.0,
            "plain": (120 + 15 * z[:, 7]).round(),
            "sex": sex,
        }
    )


def test_the_shape_is_kept(shaped: pd.DataFrame) -> None:
    names = list(shaped)[:-1]
    made = calibrate_table(shaped, names, ["sex"])
    found = misfit(shaped, made.scene, names).set_index("biomarker")
    assert found["ks"].max() < 0.03
    assert (found["beyond"] == 0).all()
    assert found["correlation error"].max() < 0.04
    new = generate(made.scene, size=20_000, seed=5).X
    for name, value in [
        ("zeros", 0.0),
        ("limits", -1.0),
        ("limits", 1.5),
        ("cigarettes", 10.0),
        ("cigarettes", 0.0),
        *(("stage", float(k)) for k in range(1, 5)),
    ]:
        share, got = (shaped[name] == value).mean(), (new[name] == value).mean()
        assert abs(got - share) < 3 * np.sqrt(share * (1 - share) * (1 / N + 1 / 20_000))
    assert new["skewed"].min() >= 1.0 - 0.1 * np.ptp(shaped["skewed"])
    # Nobody is in the gap between two peaks.
    assert (new["peaks"].abs() < 3.5).mean() < 0.005
    by_sex = shaped.groupby("sex")[names].mean()
    again = generate(made.scene, size=20_000).to_frame().groupby("sex")[names].mean()
    assert ((again - by_sex).abs() < 0.1 * shaped[names].std()).all(axis=None)


def test_a_curve_is_that_of_the_distribution() -> None:
    """Quantiles of an exponential variable, from 20,000 people."""
    values = stats.expon.ppf((np.arange(20_000) + 0.5) / 20_000)
    recorded = RecordedValues(values, np.ones(20_000))
    low, high = recorded.up_to[recorded.level_of], recorded.up_to[recorded.level_of + 1]
    scale = fit_latent_scale(low, high, np.ones((20_000, 1)), np.ones(20_000))
    z, value = np.array(curve_points(recorded, scale, 20)).T
    inner = np.abs(z) < 2.5
    assert np.allclose(
        value[inner], stats.expon.ppf(stats.norm.cdf(z[inner])), rtol=0.01, atol=0.01
    )
    assert value[0] >= 0.0
    assert len(z) < 40


def test_effects_behind_shared_values_come_back() -> None:
    """A zero-inflated score of a latent variable that two groups shift by 0.8 and -0.5."""
    rng = np.random.default_rng(4)
    a, b = rng.integers(2, size=(2, 20_000))
    z = 0.8 * a - 0.5 * b + rng.normal(size=20_000)
    recorded = RecordedValues(np.searchsorted([0.5, 1.5], z).astype(float), np.ones(20_000))
    low, high = recorded.up_to[recorded.level_of], recorded.up_to[recorded.level_of + 1]
    design = np.column_stack([np.ones(20_000), a, b])
    scale = fit_latent_scale(low, high, design, np.ones(20_000))
    assert scale.effects[1:] / scale.sd == pytest.approx([0.8, -0.5], abs=0.05)
    total = (design @ scale.effects).var() + scale.sd**2
    assert total == pytest.approx(1.0, abs=1e-6)


def test_people_without_a_group_are_left_out_and_counted(shaped: pd.DataFrame) -> None:
    table = shaped[["skewed", "plain", "sex"]].copy()
    table.loc[:99, "sex"] = None
    made = calibrate_table(table, ["skewed", "plain"], ["sex"])
    assert made.scene.size == N - 100
    assert made.scene.groups["sex"].levels == ["f", "m"]
    assert "left out: 100 of 3,000 people" in "\n".join(made.notes)
    table.loc[3:, "sex"] = shaped["sex"][3:]
    assert "left out: under 20 of 3,000" in calibrate_table(table, ["plain"], ["sex"]).notes[0]


def test_a_column_that_one_sex_does_not_have(shaped: pd.DataFrame) -> None:
    table = shaped[["skewed", "plain", "stage", "sex"]].copy()
    table.loc[table["sex"] == "f", ["skewed", "stage"]] = np.nan
    men = np.flatnonzero(table["sex"] == "m")
    table.loc[men[::4], "skewed"] = np.nan
    made = calibrate_table(table, ["skewed", "plain", "stage"], ["sex"])
    new = generate(made.scene, size=5000).to_frame()
    women = new["sex"] == "f"
    assert new.loc[women, ["skewed", "stage"]].isna().all(axis=None)
    assert new.loc[~women, "stage"].notna().all()
    assert new.loc[~women, "skewed"].isna().mean() == pytest.approx(0.25, abs=0.03)
    assert new["plain"].notna().all()
    own = table.loc[men, "skewed"].dropna()
    assert stats.ks_2samp(own, new.loc[~women, "skewed"].dropna()).statistic < 0.04


def test_weights_give_the_population_that_the_sample_stands_for() -> None:
    """Drawn with a probability that falls with x and with the level; the weights undo it."""
    rng = np.random.default_rng(8)
    town = rng.choice(["a", "b"], 60_000, p=[0.3, 0.7])
    x = rng.gamma(2.0, 1.0, 60_000) + (town == "b")
    y = x + rng.normal(size=60_000)
    chance = np.where(town == "a", 0.5, 0.2) / (1 + x)
    kept = rng.random(60_000) < chance
    table = pd.DataFrame({"x": x, "y": y, "town": town, "w": 1 / chance})[kept]
    made = calibrate_table(table, ["x", "y"], ["town"], weight="w")
    plain = calibrate_table(table, ["x", "y"], ["town"])
    assert made.scene.groups["town"].probabilities["a"] == pytest.approx(0.3, abs=0.02)
    assert theory(made.scene).mean["x"] == pytest.approx(x.mean(), abs=0.08)
    assert theory(plain.scene).mean["x"] < x.mean() - 0.3
    new = generate(made.scene, size=20_000).X
    assert stats.ks_2samp(new["x"], x).statistic < 0.03
    population = stats.spearmanr(x, y).statistic
    assert new.corr("spearman").iloc[0, 1] == pytest.approx(population, abs=0.03)


def planted(seed: int, distance: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(3, 6))
    centres *= distance / np.linalg.norm(centres, axis=1, keepdims=True)
    noise = rng.normal(size=(600, 2)) @ rng.normal(size=(2, 6)) / 2 + rng.normal(size=(600, 6))
    group = rng.integers(3, size=600)
    frame = pd.DataFrame(centres[group] + noise, columns=list("abcdef"))
    return frame.assign(group=group.astype(str))


def test_hidden_groups_are_said() -> None:
    table, names = planted(1, 5.0), list("abcdef")
    made = calibrate_table(table, names)
    assert any("a mixture of 3 describes the people better" in w for w in made.warnings)
    head, _, _ = made.to_toml().partition("# How this scene was made:")
    assert "# Warning: within the known groups a mixture of 3" in head
    assert calibrate_table(table, names, ["group"]).warnings == []
    assert calibrate_table(planted(2, 0.0), names).warnings == []
