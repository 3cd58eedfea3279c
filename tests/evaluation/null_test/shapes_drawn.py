"""Small tables without groups, graded and with groups, for the tests of the null test."""

import numpy as np
from scipy.stats import norm


def _correlated(rng: np.random.Generator, n: int, p: int, r: float) -> np.ndarray:
    matrix = np.full((p, p), r) + (1 - r) * np.eye(p)
    return rng.standard_normal((n, p)) @ np.linalg.cholesky(matrix).T


def normal(rng, n):
    return _correlated(rng, n, 6, 0.6)


def skewed(rng, n):
    return np.exp(_correlated(rng, n, 5, 0.5))


def heavy_tails(rng, n):
    return _correlated(rng, n, 5, 0.5) / np.sqrt(rng.chisquare(4, (n, 1)) / 4)


def scores(rng, n):
    """Four yes/no and two of four levels, all of one factor."""
    z = 0.8 * rng.standard_normal((n, 1)) + 0.6 * rng.standard_normal((n, 6))
    return np.column_stack(
        [z[:, :4] > [0.0, 0.1, 0.25, 0.4], np.searchsorted([-0.5, 0.25, 0.84], z[:, 4:])]
    ).astype(float)


def zeros(rng, n):
    z = _correlated(rng, n, 8, 0.5)
    return np.where(z < norm.ppf(0.3), 0.0, np.exp(0.7 * z))


def _along(rng, n, p, angle, noise):
    t = angle * (rng.random(n) - 0.5)
    X = noise * rng.standard_normal((n, p))
    X[:, :2] += np.column_stack([np.sin(t), np.cos(t)])
    return X


def half_arc(rng, n):
    return _along(rng, n, 5, 0.8 * np.pi, 0.2)


def long_arc(rng, n):
    return _along(rng, n, 3, 1.2 * np.pi, 0.1)


def banana(rng, n):
    t = rng.standard_normal(n)
    X = 0.4 * rng.standard_normal((n, 4))
    X[:, :3] += np.column_stack([t, 0.35 * (t**2 - 1), 0.5 * t])
    return X


def fan(rng, n):
    t = rng.random((n, 1))
    return 3 * t + (0.2 + t) * 0.6 * rng.standard_normal((n, 4))


def grouped(rng, n, shares, means):
    """Normal groups that differ in their means; with the group of each individual."""
    g = rng.choice(len(shares), n, p=shares)
    means = np.asarray(means, dtype=float)
    return means[g] + _correlated(rng, n, means.shape[1], 0.2), g


def two_in_one_column(rng, n):
    return grouped(rng, n, [0.5, 0.5], [[0] * 5, [5, 0, 0, 0, 0]])[0]


def two_in_four_columns(rng, n):
    return grouped(rng, n, [0.6, 0.4], [[0] * 7, [1.9] * 4 + [0] * 3])[0]


def three_unequal(rng, n):
    corners = 2.6 * np.eye(3, 7)
    return grouped(rng, n, [0.65, 0.25, 0.1], corners)[0]


def equal_means(rng, n):
    """Two groups: the second has every other column's sign turned."""
    g = rng.random(n) < 0.5
    X = _correlated(rng, n, 6, 0.9)
    return np.where(g[:, None], X * np.tile([1, -1], 3), X)
