"""Public clustering benchmarks, generated anew by their published recipes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn import datasets

Array = np.ndarray
Labelled = tuple[Array, Array]

N = 500


def two_dimensional_normals(classes: int, rng: np.random.Generator) -> Labelled:
    """mlbench.2dnormals (Leisch & Dimitriadou): normals on a circle of radius sqrt(classes)."""
    group = rng.integers(classes, size=N)
    angle = np.pi / 4 + 2 * np.pi * group / classes
    centre = np.sqrt(classes) * np.column_stack([np.cos(angle), np.sin(angle)])
    return centre + rng.normal(size=(N, 2)), group


def twonorm(rng: np.random.Generator) -> Labelled:
    """Breiman 1996 (Bias, variance and arcing classifiers): means 2 / sqrt(20) and minus it."""
    group = rng.integers(2, size=N)
    return rng.normal(size=(N, 20)) + np.where(group, -1, 1)[:, None] * 2 / np.sqrt(20), group


def threenorm(rng: np.random.Generator) -> Labelled:
    """Breiman 1996: one class of two normals, the other with means of alternating sign."""
    group, side = rng.integers(2, size=N), rng.choice([-1, 1], N)
    alternating = np.where(np.arange(20) % 2 == 0, 1.0, -1.0)
    centre = np.where(group[:, None] == 0, side[:, None] * np.ones(20), alternating)
    return rng.normal(size=(N, 20)) + centre * 2 / np.sqrt(20), group


def ringnorm(rng: np.random.Generator) -> Labelled:
    """Breiman 1996: covariance 4 I around 0, and I around 1 / sqrt(20)."""
    group = rng.integers(2, size=N)
    spread = np.where(group == 0, 2.0, 1.0)[:, None]
    return rng.normal(size=(N, 20)) * spread + group[:, None] / np.sqrt(20), group


def waveform(rng: np.random.Generator) -> Labelled:
    """Breiman et al. 1984: three classes of random mixes of two of three triangular waves."""
    group = rng.integers(3, size=N)
    place = np.arange(1, 22)
    waves = np.array([np.maximum(6 - abs(place - top), 0) for top in (11, 15, 7)])
    pairs = np.array([[0, 1], [0, 2], [1, 2]])[group]
    share = rng.random((N, 1))
    mixed = share * waves[pairs[:, 0]] + (1 - share) * waves[pairs[:, 1]]
    return mixed + rng.normal(size=(N, 21)), group


def corners_of_a_simplex(rng: np.random.Generator) -> Labelled:
    """mlbench.simplex: four normals of SD 0.1 at the corners of a tetrahedron of side 1."""
    group = rng.integers(4, size=N)
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(8)
    return corners[group] + 0.1 * rng.normal(size=(N, 3)), group


def corners_of_a_cube(rng: np.random.Generator) -> Labelled:
    """mlbench.hypercube: eight normals of SD 0.1 at the corners of a cube of side 1."""
    group = rng.integers(8, size=N)
    corners = np.array([[i & 1, i >> 1 & 1, i >> 2] for i in range(8)])
    return corners[group] + 0.1 * rng.normal(size=(N, 3)), group


def gap_three(rng: np.random.Generator) -> Labelled:
    """Tibshirani, Walther & Hastie 2001, scenario b: 25, 25 and 50 in the plane."""
    group = np.repeat([0, 1, 2], [25, 25, 50])
    return np.array([[0, 0], [0, 5], [5, -3]])[group] + rng.normal(size=(100, 2)), group


def gap_four(p: int, spread: float, rng: np.random.Generator) -> Labelled:
    """Tibshirani et al. 2001, scenarios c and d: 4 groups of 25 or 50, none within 1 of another."""
    group = np.repeat(np.arange(4), rng.choice([25, 50], 4))
    while True:
        values = (rng.normal(size=(4, p)) * np.sqrt(spread))[group]
        values = values + rng.normal(size=values.shape)
        apart = np.sqrt(((values[:, None] - values[None]) ** 2).sum(axis=2))
        if apart[group[:, None] != group[None]].min() >= 1:
            return values, group


def gap_elongated(rng: np.random.Generator) -> Labelled:
    """Tibshirani et al. 2001, scenario e: two parallel lines in three dimensions, 10 apart."""
    group = np.repeat([0, 1], 100)
    along = np.tile(np.linspace(-0.5, 0.5, 100), 2)[:, None]
    return along + 0.1 * rng.normal(size=(200, 3)) + 10.0 * group[:, None], group


def scikit_learns(name: str, rng: np.random.Generator) -> Labelled:
    """Draw the sets of scikit-learn's page that compares clusterers."""
    seed = int(rng.integers(2**31))
    if name == "circles":
        values, group = datasets.make_circles(N, factor=0.5, noise=0.05, random_state=seed)
    elif name == "moons":
        values, group = datasets.make_moons(N, noise=0.05, random_state=seed)
    elif name == "varied":
        spread = [1.0, 2.5, 0.5]
        values, group = datasets.make_blobs(N, cluster_std=spread, random_state=170)
    else:
        values, group = datasets.make_blobs(N, random_state=30 if name == "blobs" else 170)
    if name == "aniso":
        values = values @ np.array([[0.6, -0.6], [-0.4, 0.8]])
    return np.asarray(values), np.asarray(group)


RECIPES: dict[str, Callable[[np.random.Generator], Labelled]] = {
    "2dnormals, 2": lambda rng: two_dimensional_normals(2, rng),
    "2dnormals, 6": lambda rng: two_dimensional_normals(6, rng),
    "twonorm": twonorm,
    "threenorm": threenorm,
    "ringnorm": ringnorm,
    "waveform": waveform,
    "simplex": corners_of_a_simplex,
    "hypercube": corners_of_a_cube,
    "gap b": gap_three,
    "gap c": lambda rng: gap_four(3, 5.0, rng),
    "gap d": lambda rng: gap_four(10, 1.9, rng),
    "gap e": gap_elongated,
    "circles": lambda rng: scikit_learns("circles", rng),
    "moons": lambda rng: scikit_learns("moons", rng),
    "blobs": lambda rng: scikit_learns("blobs", rng),
    "aniso": lambda rng: scikit_learns("aniso", rng),
    "varied": lambda rng: scikit_learns("varied", rng),
}
