"""Shapes of data whose answer is known: without groups, graded, and with groups.

Each draws n individuals: `SHAPES["banana"].draw(rng, n)` gives values and groups. The null
test and its rules were tuned on `TUNING` and are judged on `SHAPES`; of these some were kept
back until everything was fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

Array = np.ndarray
Drawn = tuple[Array, Array]
"""Values, shape (n, p), and the group of each individual, shape (n,)."""
Draw = Callable[[np.random.Generator, int], Drawn]


@dataclass(frozen=True)
class Shape:
    """What to draw, and what there is to find.

    Parameters
    ----------
    kind : {"nothing", "gradient", "groups"}
        What there is to find.
    draw : callable
        Takes a generator and a number of individuals; returns values and groups.
    kept_back : bool
        Whether no rule was tuned with it in sight.
    """

    kind: str
    draw: Draw
    kept_back: bool = False


def equal_correlation(p: int, r: float) -> Array:
    """Return a correlation matrix with r everywhere off the diagonal."""
    return np.full((p, p), r) + (1 - r) * np.eye(p)


def _normal(rng: np.random.Generator, n: int, p: int, r: float) -> Array:
    return rng.standard_normal((n, p)) @ np.linalg.cholesky(equal_correlation(p, r)).T


def _one(values: Array) -> Drawn:
    return values, np.zeros(len(values), dtype=int)


def normal(p: int, r: float) -> Draw:
    return lambda rng, n: _one(_normal(rng, n, p, r))


def lognormal(p: int, r: float, sd: float = 0.7) -> Draw:
    return lambda rng, n: _one(np.exp(sd * _normal(rng, n, p, r)))


def heavy(p: int, r: float, df: float) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        return _one(_normal(rng, n, p, r) / np.sqrt(rng.chisquare(df, (n, 1)) / df))

    return draw


def steps(z: Array, shares: list[float]) -> Array:
    """Cut standard normal values into levels that have these shares."""
    return np.searchsorted(norm.ppf(np.cumsum(shares)[:-1]), z).astype(float)


def scores_of_a_factor(
    binary: int, ordered: int, loading: float = 0.75, skewed: bool = False
) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        f = rng.standard_normal((n, 1)) if not skewed else rng.exponential(1, (n, 1)) - 1
        z = loading * f + np.sqrt(1 - loading**2) * rng.standard_normal((n, binary + ordered))
        first = [steps(z[:, j], [0.5 + 0.05 * j, 0.5 - 0.05 * j]) for j in range(binary)]
        rest = [steps(z[:, binary + j], [0.3, 0.3, 0.2, 0.2]) for j in range(ordered)]
        return _one(np.column_stack(first + rest))

    return draw


def independent_steps(p: int, shares: list[float], r: float = 0.0) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        z = _normal(rng, n, p, r)
        return _one(np.column_stack([steps(z[:, j], shares) for j in range(p)]))

    return draw


def banana(p: int, bend: float = 0.5, noise: float = 0.5) -> Draw:
    """Bend a normal gradient in the second column; the others are noise."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        t = rng.standard_normal(n)
        X = noise * rng.standard_normal((n, p))
        X[:, 0] += t
        X[:, 1] += bend * (t**2 - 1)
        X[:, 2] += 0.5 * t
        return _one(X)

    return draw


def arc(p: int, angle: float = np.pi, noise: float = 0.15) -> Draw:
    """Spread individuals evenly along an arc in the first two columns."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        t = angle * (rng.random(n) - 0.5)
        X = noise * rng.standard_normal((n, p))
        X[:, 0] += np.sin(t)
        X[:, 1] += np.cos(t)
        return _one(X)

    return draw


def ess(p: int, noise: float = 0.3) -> Draw:
    """Spread individuals evenly along an S."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        t = 3 * np.pi * (rng.random(n) - 0.5)
        X = noise * rng.standard_normal((n, p))
        X[:, 0] += np.sin(t)
        X[:, 1] += np.sign(t) * (np.cos(t) - 1)
        return _one(X)

    return draw


def uniform_factor(p: int, noise: float = 0.6) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        t = np.sqrt(12) * (rng.random((n, 1)) - 0.5)
        return _one(t + noise * rng.standard_normal((n, p)))

    return draw


def skewed_factor(p: int, noise: float = 0.8) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        return _one(rng.exponential(1, (n, 1)) + noise * rng.standard_normal((n, p)))

    return draw


def haalsi_women(rng: np.random.Generator, n: int) -> Drawn:
    from synthcohort import generate, load_scene

    scene = load_scene("haalsi_wave1")
    drawn = generate(scene, size=int(2.2 * n + 60), seed=int(rng.integers(2**31)))
    X = drawn.X[scene.experiment.biomarkers]
    women = (drawn.metadata["sex"].astype(str) == "female").to_numpy()
    values = X[women].dropna() if X.isna().to_numpy().any() else X[women]
    return _one(values.to_numpy(dtype=float)[:n])


def cube(p: int) -> Draw:
    return lambda rng, n: _one(rng.random((n, p)))


def fan(p: int) -> Draw:
    """All columns grow with one latent variable, and so does their spread."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        t = rng.random((n, 1))
        return _one(3 * t + (0.2 + t) * 0.6 * rng.standard_normal((n, p)))

    return draw


def zero_inflated(p: int, r: float, share: float) -> Draw:
    """Log-normal values above a threshold of the same normal variable, zero below it."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        z = _normal(rng, n, p, r)
        return _one(np.where(z < norm.ppf(share), 0.0, np.exp(0.7 * z)))

    return draw


def zero_inflated_apart(p: int, r: float, share: float) -> Draw:
    """Log-normal values that are zero by chance."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        z = _normal(rng, n, p, r)
        return _one(np.where(rng.random((n, p)) < share, 0.0, np.exp(0.7 * z)))

    return draw


def imputed_normal(p: int, r: float, share: float) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        from synthcohort.clustering.preprocessing.impute import imputed

        X = _normal(rng, n, p, r)
        X[rng.random((n, p)) < share] = np.nan
        return _one(imputed(pd.DataFrame(X), int(rng.integers(2**31))).to_numpy())

    return draw


def heaped(p: int, r: float) -> Draw:
    """Whole numbers, half of them rounded to tens, as blood pressures are."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        X = 130 + 18 * _normal(rng, n, p, r)
        X = np.where(rng.random((n, p)) < 0.5, 10 * np.round(X / 10), np.round(X))
        return _one(X)

    return draw


def clayton(p: int, theta: float) -> Draw:
    """Columns that go together below, not above (a Clayton copula), normal margins."""

    def draw(rng: np.random.Generator, n: int) -> Drawn:
        v = rng.gamma(1 / theta, 1, (n, 1))
        u = (1 + rng.exponential(1, (n, p)) / v) ** (-1 / theta)
        return _one(norm.ppf(np.clip(u, 1e-12, 1 - 1e-12)))

    return draw


@dataclass(frozen=True)
class Planted:
    """Normal groups: shares, means (g, p) and covariances (g, p, p)."""

    shares: list[float]
    means: Array
    covs: Array

    def __call__(self, rng: np.random.Generator, n: int) -> Drawn:
        """Draw n individuals."""
        g = rng.choice(len(self.shares), n, p=self.shares)
        X = np.empty((n, self.means.shape[1]))
        for k in range(len(self.shares)):
            rows = g == k
            X[rows] = rng.multivariate_normal(self.means[k], self.covs[k], rows.sum())
        return X, g

    def ceiling(self, n: int = 20_000) -> float:
        """Return the ARI of Bayes' rule with the planted groups, on n individuals."""
        from scipy.stats import multivariate_normal
        from sklearn.metrics import adjusted_rand_score

        X, g = self(np.random.default_rng(0), n)
        d = [
            np.log(s) + multivariate_normal(m, c).logpdf(X)
            for s, m, c in zip(self.shares, self.means, self.covs, strict=True)
        ]
        return adjusted_rand_score(g, np.argmax(d, axis=0))


def shifted(shares: list[float], distance: float, p: int, columns: int, r: float = 0.2) -> Planted:
    """Put groups at a Mahalanobis distance, at the corners of a simplex."""
    cov = equal_correlation(p, r)
    k = len(shares)
    means = np.zeros((k, p))
    if k == 2:
        axis = np.zeros(p)
        axis[:columns] = 1
        means[1] = axis * distance / np.sqrt(axis @ np.linalg.solve(cov, axis))
    else:
        root = np.linalg.cholesky(cov)
        white = np.zeros((k, p))
        for j in range(k):
            white[j, j] = distance / np.sqrt(2)
        means = white @ root.T
    return Planted(shares, means, np.stack([cov] * k))


def nested(p: int, coarse: float, fine: float) -> Planted:
    means = np.zeros((4, p))
    means[2:, : p // 2] = coarse / np.sqrt(p // 2)
    means[[1, 3], p // 2 :] = fine / np.sqrt(p - p // 2)
    return Planted([0.25] * 4, means, np.stack([np.eye(p)] * 4))


def equal_means(p: int, r: float) -> Planted:
    """One group with correlations r, one with alternating signs of them."""
    sign = np.where(np.arange(p) % 2, -1.0, 1.0)
    one = equal_correlation(p, r)
    return Planted([0.5, 0.5], np.zeros((2, p)), np.stack([one, one * np.outer(sign, sign)]))


def transformed(planted: Planted, change: Callable[[Array], Array]) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        X, g = planted(rng, n)
        return change(X), g

    return draw


def latent_classes(p: int, high: float, low: float, shares: list[float]) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> Drawn:
        g = rng.choice(len(shares), n, p=shares)
        chance = np.full((len(shares), p), low)
        for k in range(len(shares)):
            chance[k, k :: len(shares)] = high
        return (rng.random((n, p)) < chance[g]).astype(float), g

    return draw


SHAPES: dict[str, Shape] = {
    "normal_03": Shape("nothing", normal(8, 0.3)),
    "normal_09": Shape("nothing", normal(8, 0.9)),
    "lognormal": Shape("nothing", lognormal(8, 0.3)),
    "heavy_tails": Shape("nothing", heavy(8, 0.3, 3)),
    "ordered_scores": Shape("nothing", scores_of_a_factor(5, 3)),
    "haalsi_women": Shape("nothing", haalsi_women),
    "cube": Shape("nothing", cube(6)),
    "yes_no": Shape("nothing", independent_steps(8, [0.6, 0.4])),
    "three_levels": Shape("nothing", independent_steps(8, [0.5, 0.3, 0.2], 0.3)),
    "zero_inflated": Shape("nothing", zero_inflated(6, 0.3, 0.4)),
    "imputed": Shape("nothing", imputed_normal(8, 0.4, 0.1)),
    "banana": Shape("gradient", banana(5)),
    "arc": Shape("gradient", arc(4)),
    "fan": Shape("gradient", fan(5)),
    "one_column": Shape("groups", shifted([0.5, 0.5], 5.0, 6, 1, 0.0)),
    "four_columns": Shape("groups", shifted([0.5, 0.5], 3.2, 8, 4)),
    "two_18": Shape("groups", shifted([0.5, 0.5], 1.8, 6, 6)),
    "two_21": Shape("groups", shifted([0.5, 0.5], 2.1, 6, 6)),
    "two_25": Shape("groups", shifted([0.5, 0.5], 2.5, 6, 6)),
    "90_10_24": Shape("groups", shifted([0.9, 0.1], 2.4, 6, 6)),
    "90_10": Shape("groups", shifted([0.9, 0.1], 3.2, 6, 6)),
    "97_3": Shape("groups", shifted([0.97, 0.03], 4.5, 6, 6)),
    "equal_means": Shape("groups", equal_means(8, 0.85)),
    "70_20_10": Shape("groups", shifted([0.7, 0.2, 0.1], 3.8, 6, 6)),
    "nested": Shape("groups", nested(8, 5.0, 3.2)),
    # kept back
    "chi_t5": Shape("nothing", lambda rng, n: _one(heavy(5, 0.5, 5)(rng, n)[0] ** 3), True),
    "normal_20": Shape("nothing", normal(20, 0.4), True),
    "heaped": Shape("nothing", heaped(6, 0.4), True),
    "zeros_apart": Shape("nothing", zero_inflated_apart(6, 0.4, 0.35), True),
    "many_yes_no": Shape("nothing", scores_of_a_factor(12, 0, 0.6), True),
    "ess": Shape("gradient", ess(5), True),
    "uniform_factor": Shape("gradient", uniform_factor(6), True),
    "skewed_factor": Shape("gradient", skewed_factor(6), True),
    "clayton": Shape("gradient", clayton(4, 1.5), True),
    "three_equal": Shape("groups", shifted([1 / 3] * 3, 3.4, 7, 7), True),
    "skewed_groups": Shape(
        "groups", transformed(shifted([0.6, 0.4], 3.6, 6, 6), lambda X: np.exp(0.5 * X)), True
    ),
    "classes": Shape("groups", latent_classes(12, 0.85, 0.15, [0.5, 0.5]), True),
    "two_of_14": Shape("groups", shifted([0.6, 0.4], 3.5, 14, 2), True),
}

TUNING: dict[str, Shape] = {
    "normal_06": Shape("nothing", normal(6, 0.6)),
    "normal_14": Shape("nothing", normal(14, 0.3)),
    "lognormal_5": Shape("nothing", lognormal(5, 0.5, 1.0)),
    "t4": Shape("nothing", heavy(5, 0.5, 4)),
    "t3": Shape("nothing", heavy(10, 0.2, 3)),
    "scores": Shape("nothing", scores_of_a_factor(4, 2, 0.8)),
    "cube4": Shape("nothing", cube(4)),
    "yesno6": Shape("nothing", independent_steps(6, [0.7, 0.3])),
    "levels": Shape("nothing", independent_steps(6, [0.3, 0.4, 0.3], 0.5)),
    "zeros": Shape("nothing", zero_inflated(8, 0.5, 0.3)),
    "banana_a": Shape("gradient", banana(4, 0.35, 0.4)),
    "banana_b": Shape("gradient", banana(6, 0.7, 0.4)),
    "arc_a": Shape("gradient", arc(5, 0.8 * np.pi, 0.2)),
    "arc_b": Shape("gradient", arc(3, 1.2 * np.pi, 0.1)),
    "fan4": Shape("gradient", fan(4)),
    "u_factor": Shape("gradient", uniform_factor(4, 0.5)),
    "g1": Shape("groups", shifted([0.5, 0.5], 5.0, 5, 1, 0.2)),
    "g4": Shape("groups", shifted([0.6, 0.4], 3.1, 7, 4)),
    "g2.3": Shape("groups", shifted([0.5, 0.5], 2.3, 5, 5)),
    "g2.8": Shape("groups", shifted([0.5, 0.5], 2.85, 5, 5)),
    "g88_12": Shape("groups", shifted([0.88, 0.12], 3.5, 5, 5)),
    "g96_4": Shape("groups", shifted([0.96, 0.04], 4.3, 8, 8)),
    "g_equal": Shape("groups", equal_means(6, 0.9)),
    "g65_25_10": Shape("groups", shifted([0.65, 0.25, 0.1], 3.6, 7, 7)),
    "g_nested": Shape("groups", nested(6, 4.5, 3.0)),
}
