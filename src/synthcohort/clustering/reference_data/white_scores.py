"""Ranks and normal scores of columns, ties broken at random, and white coordinates of them."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

Array = np.ndarray

_SMALLEST = 1e-3
"""Smallest variance of a direction, of unit columns, that is kept."""


def normal_ranks(X: Array, rng: np.random.Generator) -> Array:
    """Return normal scores of the ranks in every column, ties broken at random.

    Parameters
    ----------
    X : ndarray, shape (N, p)
    rng : Generator

    Returns
    -------
    ndarray, shape (N, p)
        The same N values in every column, from the lowest to the highest rank.
    """
    n = len(X)
    order = np.lexsort((rng.random(X.shape), X), axis=0)
    scores = ndtri((np.arange(n) + 0.5) / n)
    found = np.empty(X.shape)
    np.put_along_axis(found, order, scores[:, None], axis=0)
    return found


def whitened(Z: Array, most: int | None = None) -> Array:
    """Return uncorrelated coordinates of variance 1, by principal components.

    Directions with hardly any variance, as a column that others determine leaves, are
    dropped: rounding would become evidence.

    Parameters
    ----------
    Z : ndarray, shape (N, p)
    most : int, optional
        Most coordinates to keep, those of the largest variance.

    Returns
    -------
    ndarray, shape (N, q)
        From the smallest to the largest component.
    """
    centred = Z - Z.mean(axis=0)
    scale = centred.std(axis=0)
    centred = centred / np.where(scale > 0, scale, 1.0)
    spread, axes = np.linalg.eigh(centred.T @ centred / len(Z))
    kept = np.flatnonzero(spread > _SMALLEST)
    kept = kept if most is None else kept[-most:]
    return np.ascontiguousarray(centred @ (axes[:, kept] / np.sqrt(spread[kept])))
