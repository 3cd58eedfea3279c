"""Micro-groups: few sets of individuals with nearly equal rows of labels, and their exact graph."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from synthcohort.clustering.compilation import compiled
from synthcohort.clustering.consensus.numbering import without_gaps
from synthcohort.clustering.consensus.sweeps import Graph

Array = np.ndarray

_DIMENSIONS = 32
_ITERATIONS = 3


def embed(labels: Array, k: int, rng: np.random.Generator) -> Array:
    """Place individuals on the leading eigenvectors of the co-association.

    Subspace iteration with the indicator matrix of the labels (Halko et al. 2011,
    SIAM Rev 53:217), which is never built.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
    k : int
        Labels are below k, or k where absent.
    rng : Generator

    Returns
    -------
    ndarray of float32, shape (N, at most 32)
        Equal rows of labels have equal coordinates.
    """
    b = labels.shape[1]
    if k == 0:  # nobody is in any replicate
        return np.zeros((len(labels), 1), dtype=np.float32)
    dimensions = min(_DIMENSIONS, b * k)
    axes = np.zeros((b, k + 1, dimensions), dtype=np.float32)
    axes[:, :k] = rng.standard_normal((b, k, dimensions))
    for _ in range(_ITERATIONS):
        sums = _sums(labels, k, _project(labels, axes))
        basis = np.linalg.qr(sums.reshape(b * k, dimensions))[0]
        axes[:, :k] = basis.reshape(b, k, -1)
    return np.asarray(_project(labels, axes))


def equal_rows(coordinates: Array) -> Array:
    """Give individuals of equal coordinates, to four decimals, the same number.

    Parameters
    ----------
    coordinates : ndarray, shape (N, d)

    Returns
    -------
    ndarray of int, shape (N,)
    """
    rounded = coordinates.round(4)
    return np.unique(rounded, axis=0, return_inverse=True)[1].reshape(-1)


def microgroups(coordinates: Array, equal: Array, n_groups: int, rng: np.random.Generator) -> Array:
    """Group individuals of nearly equal coordinates, by k-means.

    Parameters
    ----------
    coordinates : ndarray, shape (N, d)
    equal : ndarray of int, shape (N,)
        From `equal_rows`: the groups where these are no more than asked for.
    n_groups : int
        Groups at most.
    rng : Generator

    Returns
    -------
    ndarray of int32, shape (N,)
        Group numbers from 0, none empty.
    """
    group = equal
    if equal.max() >= n_groups:
        seed = int(rng.integers(2**31))
        model = KMeans(n_groups, n_init=1, init="random", max_iter=15, tol=0, random_state=seed)
        with warnings.catch_warnings():
            # Starts that fall on equal rows leave fewer groups than asked for: as good.
            warnings.simplefilter("ignore", ConvergenceWarning)
            group = model.fit_predict(coordinates)
    return without_gaps(group)


@compiled
def _project(labels: Array, axes: Array) -> Array:
    n, b = labels.shape
    out = np.zeros((n, axes.shape[2]), dtype=np.float32)
    for i in range(n):
        own = out[i]
        for r in range(b):
            axis = axes[r, labels[i, r]]
            for d in range(len(own)):
                own[d] += axis[d]
    return out


@compiled
def _sums(labels: Array, k: int, coordinates: Array) -> Array:
    """Sum of the coordinates of each base cluster's members."""
    n, b = labels.shape
    d = coordinates.shape[1]
    out = np.zeros((b, k, d), dtype=np.float32)
    for i in range(n):
        for r in range(b):
            if labels[i, r] < k:
                for j in range(d):
                    out[r, labels[i, r], j] += coordinates[i, j]
    return out


def pieces_of(partitions: Sequence[Array], most: int) -> Array:
    """Cut individuals by one partition after the other, while there are few pieces.

    Parameters
    ----------
    partitions : sequence of ndarray of int, shape (N,)
        The first always counts.
    most : int
        Pieces at most; a partition that would give more is left out.

    Returns
    -------
    ndarray of int32, shape (N,)
    """
    found = without_gaps(partitions[0])
    for partition in partitions[1:]:
        cut = without_gaps(found.astype(np.int64) * (int(partition.max()) + 1) + partition)
        if cut.max(initial=-1) < most:
            found = cut
    return found


def piece_graph(graph: Graph, pieces: Array) -> tuple[Array, Array]:
    """Return the exact co-association graph of pieces, as a matrix.

    Returns
    -------
    weights : ndarray of float64, shape (P, P)
        With an empty diagonal.
    strength : ndarray of float64, shape (P,)
    """
    n = int(pieces.max()) + 1
    table = graph.table(pieces[None, :], np.zeros(1, dtype=np.int64), n).reshape(-1, n)
    flat = table.astype(np.float32)
    weights = (flat.T @ flat).astype(np.float64)
    np.fill_diagonal(weights, 0)
    strength = np.bincount(pieces, weights=graph.weight * graph.degree, minlength=n)
    return weights, strength
