"""Micro-groups: few sets of individuals with nearly equal rows of labels, and their exact graph."""

from __future__ import annotations

import random

import igraph
import numba
import numpy as np
from sklearn.cluster import KMeans

from synthcohort.clustering.coassociation import count_table

Array = np.ndarray

_DIMENSIONS = 32
_SAMPLE = 20_000
# Until stable, nearly always below ten. Without a limit, moves that gain nothing but
# rounding can alternate for ever.
_MAX_ITERATIONS = 50


def microgroups(labels: Array, k: int, n_groups: int, rng: np.random.Generator) -> Array:
    """Group individuals by their rows of labels.

    The indicator matrix of the labels is projected at random to a few dimensions,
    where k-means finds the groups. Equal rows always share a group.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
    k : int
        Labels are below k, or k where absent.
    n_groups : int
        Groups at most.
    rng : Generator

    Returns
    -------
    ndarray of int32, shape (N,)
        Group numbers from 0, none empty.
    """
    signs = np.zeros((labels.shape[1], k + 1, _DIMENSIONS), dtype=np.float32)
    signs[:, :k] = rng.standard_normal((labels.shape[1], k, _DIMENSIONS))
    projected = _project(labels, signs)
    distinct, group = np.unique(projected.round(4), axis=0, return_inverse=True)
    if len(distinct) > n_groups:
        n = len(projected)
        sample = projected if n <= _SAMPLE else projected[np.sort(rng.permutation(n)[:_SAMPLE])]
        seed = int(rng.integers(2**31))
        model = KMeans(n_groups, n_init=1, init="random", max_iter=15, tol=0, random_state=seed)
        group = model.fit(sample).predict(projected)
    return np.unique(group, return_inverse=True)[1].reshape(-1).astype(np.int32)


@numba.njit(cache=True, nogil=True)
def _project(labels: Array, signs: Array) -> Array:
    n, b = labels.shape
    out = np.zeros((n, signs.shape[2]), dtype=np.float32)
    for i in range(n):
        for r in range(b):
            out[i] += signs[r, labels[i, r]]
    return out


class GroupGraph:
    """The exact co-association graph of groups of individuals, for igraph's Leiden.

    Parameters
    ----------
    labels : ndarray of unsigned int, shape (N, B)
    k : int
    group : ndarray of int32, shape (N,)
    degree, weight : ndarray, shape (N,)
    """

    def __init__(self, labels: Array, k: int, group: Array, degree: Array, weight: Array) -> None:
        n_groups = int(group.max()) + 1
        table = (
            count_table(labels, k, group, n_groups, weight).reshape(-1, n_groups).astype(np.float64)
        )
        weights = table.T @ table
        # Nearly all pairs share a replicate, and igraph makes a full graph fastest;
        # its edges come in the order of the upper triangle.
        self.graph = igraph.Graph.Full(n_groups)
        self.weights = weights[np.triu_indices(n_groups, 1)]
        self.node_weights = np.bincount(group, weights=weight * degree, minlength=n_groups)
        self.two_m = float((weight * degree).sum())

    def leiden(self, gamma: float, initial: Array | None, seed: int) -> Array:
        """Partition the groups by modularity at resolution gamma, until stable or 50 times.

        Returns
        -------
        ndarray of int32, shape (n_groups,)
        """
        # igraph draws from a generator set for the whole process: give it a keyed one.
        igraph.set_random_number_generator(random.Random(seed))
        try:
            found = self.graph.community_leiden(
                objective_function="CPM",
                weights=self.weights,
                node_weights=self.node_weights,
                resolution=gamma / self.two_m,
                initial_membership=None if initial is None else initial.tolist(),
                n_iterations=_MAX_ITERATIONS,
            )
        finally:
            igraph.set_random_number_generator(random)
        return np.asarray(found.membership, dtype=np.int32)
