"""Data with known groups for the choice: nine scenes it was built on, nine of other kinds.

Every scene draws individuals and their groups from a generator. Units are arbitrary on
purpose: columns have SDs from 0.1 to 100, in an order that does not follow the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

Array = np.ndarray
Drawn = tuple[pd.DataFrame, Array]
Draw = Callable[[int, np.random.Generator], Drawn]

COLUMNS = 6
_UNITS = np.array([1.0, 20.0, 0.1, 5.0, 100.0, 0.5])


def table(values: Array) -> pd.DataFrame:
    """Name the columns and give each a unit of its own."""
    units = np.resize(_UNITS, values.shape[1])
    names = [f"v{j + 1}" for j in range(values.shape[1])]
    return pd.DataFrame(50 * units + units * values, columns=names)


def members(n: int, shares: Sequence[float], rng: np.random.Generator) -> Array:
    """Draw the group of everybody."""
    return np.asarray(rng.choice(len(shares), n, p=shares))


def simplex(k: int, distance: float, p: int = COLUMNS) -> Array:
    """Centres of k groups, each at the same distance from all others, along tilted axes."""
    corners = np.eye(k) - 1 / k
    tilted = corners @ np.linalg.qr(np.random.default_rng(k).normal(size=(k, k)))[0]
    axes = np.linalg.qr(np.random.default_rng(7).normal(size=(p, p)))[0][:, :k].T
    return np.asarray(tilted @ axes * distance / np.sqrt(2))


def noise(n: int, rng: np.random.Generator, p: int = COLUMNS, correlation: float = 0.0) -> Array:
    """Draw normal noise of variance 1, every two columns equally correlated."""
    shared = rng.normal(size=(n, 1)) * np.sqrt(correlation)
    return np.asarray(shared + rng.normal(size=(n, p)) * np.sqrt(1 - correlation))


def equal(k: int, distance: float) -> Draw:
    """Place groups of one size around the corners of a simplex."""
    return unequal([1 / k] * k, distance)


def unequal(shares: Sequence[float], distance: float) -> Draw:
    """Place groups of given sizes around the corners of a simplex."""

    def draw(n: int, rng: np.random.Generator) -> Drawn:
        group = members(n, shares, rng)
        return table(simplex(len(shares), distance)[group] + noise(n, rng)), group

    return draw


def beside_a_nuisance(n: int, rng: np.random.Generator) -> Drawn:
    """Three groups in three columns; a factor that is none of them fills three others."""
    group = members(n, [1 / 3] * 3, rng)
    values = noise(n, rng) * 0.55
    values[:, :3] = simplex(3, 4.3, 3)[group] + noise(n, rng, 3)
    values[:, 3:] += rng.normal(size=(n, 1)) * np.array([1.0, -1.0, 1.0])
    return table(values), group


def skewed(n: int, rng: np.random.Generator) -> Drawn:
    """Three groups, log-normal within each."""
    group = members(n, [1 / 3] * 3, rng)
    return table(np.exp(0.5 * (simplex(3, 4.0)[group] + noise(n, rng)))), group


def nested(n: int, rng: np.random.Generator) -> Drawn:
    """Two groups far apart, each of two that are nearer to each other."""
    coarse, fine = members(n, [0.5, 0.5], rng), members(n, [0.5, 0.5], rng)
    values = noise(n, rng)
    values[:, 0] += 7.0 * coarse
    values[:, 1] += 3.6 * fine * (coarse == 0)
    values[:, 2] += 3.6 * fine * (coarse == 1)
    return table(values), 2 * coarse + fine


BUILT_ON: dict[str, Draw] = {
    "two_strong": equal(2, 4.0),
    "two_weak": equal(2, 2.5),
    "three_70_20_10": unequal([0.7, 0.2, 0.1], 4.5),
    "three_90_7_3": unequal([0.9, 0.07, 0.03], 4.8),
    "five_strong": equal(5, 4.7),
    "five_weak": equal(5, 3.3),
    "nuisance": beside_a_nuisance,
    "skewed": skewed,
    "nested": nested,
}
"""The scenes that the rule was built on, by draws that are not those reported."""


def other_shapes(n: int, rng: np.random.Generator) -> Drawn:
    """Three groups, each stretched along axes of its own."""
    group = members(n, [0.4, 0.35, 0.25], rng)
    stretch = np.array([[2.2, 1, 0.4, 1, 1, 1], [0.4, 1, 2.2, 1, 1, 1], [1, 0.5, 1, 2, 0.5, 1]])
    return table(simplex(3, 3.6)[group] + noise(n, rng) * stretch[group]), group


def heavy_tails(n: int, rng: np.random.Generator) -> Drawn:
    """Three groups, each multivariate t with 3 degrees of freedom."""
    group = members(n, [1 / 3] * 3, rng)
    tail = np.sqrt(3 / rng.chisquare(3, size=(n, 1)))
    return table(simplex(3, 6.0)[group] + noise(n, rng) * tail), group


def yes_no(n: int, rng: np.random.Generator) -> Drawn:
    """Three latent classes that answer twelve yes/no questions independently."""
    group = members(n, [0.5, 0.3, 0.2], rng)
    yes = np.full((3, 12), 0.15)
    yes[1, :6], yes[2, 4:] = 0.85, 0.85
    values = (rng.random((n, 12)) < yes[group]).astype(float)
    return pd.DataFrame(values, columns=[f"q{j + 1}" for j in range(12)]), group


def scores(n: int, rng: np.random.Generator) -> Drawn:
    """Three groups whose values were written down in five steps."""
    group = members(n, [1 / 3] * 3, rng)
    values = simplex(3, 5.0)[group] + noise(n, rng)
    return table(np.clip(np.round(values * 0.8), -2, 2)), group


def columns_of_noise(n: int, rng: np.random.Generator) -> Drawn:
    """Two groups in three columns of fifteen."""
    group = members(n, [0.6, 0.4], rng)
    values = noise(n, rng, 15)
    values[:, [2, 7, 11]] += 2.4 * group[:, None]
    return table(values), group


def eight(n: int, rng: np.random.Generator) -> Drawn:
    """Eight groups of unequal sizes in ten columns."""
    shares = np.array([6, 5, 4, 3, 3, 2, 2, 2]) / 27
    group = members(n, shares, rng)
    return table(simplex(8, 5.2, 10)[group] + noise(n, rng, 10)), group


def across_a_correlation(n: int, rng: np.random.Generator) -> Drawn:
    """Two groups apart in a direction in which people hardly vary."""
    group = members(n, [0.5, 0.5], rng)
    values = noise(n, rng, COLUMNS, 0.85)
    values[:, ::2] += 0.65 * group[:, None]
    values[:, 1::2] -= 0.65 * group[:, None]
    return table(values), group


def outliers(n: int, rng: np.random.Generator) -> Drawn:
    """Three groups; in one of twenty individuals a value is wrong by far."""
    group = members(n, [0.5, 0.3, 0.2], rng)
    values = simplex(3, 4.6)[group] + noise(n, rng)
    wrong = np.flatnonzero(rng.random(n) < 0.05)
    values[wrong, rng.integers(COLUMNS, size=len(wrong))] += rng.choice([-15, 15], len(wrong))
    return table(values), group


def crescents(n: int, rng: np.random.Generator) -> Drawn:
    """Two interleaved crescents and two columns of noise."""
    group = members(n, [0.5, 0.5], rng)
    angle = np.pi * rng.random(n)
    values = noise(n, rng, 4)
    values[:, 0] = np.where(group == 0, np.cos(angle), 1 - np.cos(angle))
    values[:, 1] = np.where(group == 0, np.sin(angle), 0.5 - np.sin(angle))
    values[:, :2] += 0.1 * rng.normal(size=(n, 2))
    values[:, 2:] *= 0.1
    return table(values), group


KEPT_BACK: dict[str, Draw] = {
    "other_shapes": other_shapes,
    "heavy_tails": heavy_tails,
    "yes_no": yes_no,
    "scores": scores,
    "columns_of_noise": columns_of_noise,
    "eight": eight,
    "across_a_correlation": across_a_correlation,
    "outliers": outliers,
    "crescents": crescents,
}
"""Scenes of other kinds, looked at when the rule stood."""

SCENES = BUILT_ON | KEPT_BACK
