"""Covariates: draws from their histograms, and a few points that stand for a histogram."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from synthcohort.population.linear_model import Array
from synthcohort.scene.model import Covariate, Scene

FEWEST_POINTS, POINTS = 3, 8
_FINE = 16


def covariate_values(scene: Scene, name: str, codes: dict[str, Array], uniform: Array) -> Array:
    """Values of a covariate, by inversion of one uniform each.

    Parameters
    ----------
    scene : Scene
    name : str
        The covariate.
    codes : dict of ndarray of int, shape (n,)
        Level codes by group.
    uniform : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
        In the covariate's unit, before rounding.
    """
    covariate = scene.covariates[name]
    if covariate.given is None:
        return _invert(covariate, "", uniform)
    value = np.empty(len(uniform))
    for code, level in enumerate(scene.groups[covariate.given].levels):
        rows = codes[covariate.given] == code
        value[rows] = _invert(covariate, level, uniform[rows])
    return value


def support(covariate: Covariate, level: str) -> tuple[float, float]:
    """Lowest and highest value that a histogram has."""
    used = np.flatnonzero(covariate.table()[level])
    return covariate.edges[used[0]], covariate.edges[used[-1] + 1]


def recorded(covariate: Covariate, values: Array) -> Array:
    """Values of a covariate as they are recorded."""
    return values if covariate.decimals is None else np.round(values, covariate.decimals)


def _invert(covariate: Covariate, level: str, uniform: Array) -> Array:
    shares = np.array(covariate.table()[level])
    edges = np.array(covariate.edges)
    used = np.flatnonzero(shares)
    below = np.concatenate([[0.0], np.cumsum(shares[used])[:-1]])
    place = np.searchsorted(below, uniform, side="right") - 1
    inside = (uniform - below[place]) / shares[used][place]
    left, right = edges[:-1][used][place], edges[1:][used][place]
    # Shares add up to 1 only up to rounding.
    return np.asarray(left + np.minimum(inside, 1.0) * (right - left))


def points(covariate: Covariate, level: str, count: int = POINTS) -> tuple[Array, Array]:
    """Gauss points of a histogram and their weights: polynomials to degree 2 n - 1 are exact.

    Parameters
    ----------
    covariate : Covariate
    level : str
        Of the group that the shares depend on; empty where there is none.
    count : int, default 8
        Number of points n.

    Returns
    -------
    values, weights : ndarray, shape (n,)
        The weights add up to 1.

    Notes
    -----
    The recurrence of the orthogonal polynomials by the discretised Stieltjes procedure, the
    points as eigenvalues of its Jacobi matrix (Gautschi 2004, Orthogonal Polynomials, 2.2;
    Golub & Welsch 1969, Math Comp 23:221).

    Examples
    --------
    >>> values, weights = points(Covariate(edges=[0.0, 1.0], shares=[1.0]), "")
    >>> round(float(weights @ values**4), 12)
    0.2
    """
    values, weights = _points(tuple(covariate.edges), tuple(covariate.table()[level]), count)
    return values.copy(), weights.copy()


@lru_cache(maxsize=256)
def _points(edges: tuple[float, ...], shares: tuple[float, ...], count: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(_FINE)
    left, right = np.array(edges[:-1])[:, None], np.array(edges[1:])[:, None]
    fine = ((left + right) / 2 + (right - left) / 2 * nodes).ravel()
    density = (np.array(shares)[:, None] * weights / 2).ravel()
    centre, scale = (edges[0] + edges[-1]) / 2, (edges[-1] - edges[0]) / 2
    z = (fine - centre) / scale
    before, now = np.zeros(len(z)), np.ones(len(z)) / np.sqrt(density.sum())
    diagonal, beside = np.empty(count), np.zeros(count)
    for k in range(count):
        diagonal[k] = density @ (z * now**2)
        rest = (z - diagonal[k]) * now - (beside[k - 1] if k else 0.0) * before
        beside[k] = np.sqrt(density @ rest**2)
        before, now = now, rest / beside[k]
    from scipy.linalg import eigh_tridiagonal  # slow to import

    places, vectors = eigh_tridiagonal(diagonal, beside[:-1])
    return centre + scale * places, vectors[0] ** 2
