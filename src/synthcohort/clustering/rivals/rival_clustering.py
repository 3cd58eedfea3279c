"""What a rival of the consensus says: its labels, and how it came to its number of clusters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

PEOPLE = 2000
"""Individuals that the number of clusters is chosen on, at most."""


@dataclass(frozen=True)
class RivalClustering:
    """A clustering by one method that chooses its number of clusters itself.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        Clusters from 0, the largest first; everybody is in one.
    criterion : mapping of int to float
        By the numbers that were compared: the value that chose among them, high is better.
    """

    labels: Array
    criterion: Mapping[int, float]

    @property
    def n_clusters(self) -> int:
        """How many clusters it found; 1 is its way to say that there are none."""
        return int(self.labels.max()) + 1


@dataclass(frozen=True)
class Rival:
    """A named method without bootstraps.

    Parameters
    ----------
    title : str
        What a reader calls it.
    criterion : str
        What chooses the number of clusters.
    fit : callable
        Takes the matrix, shape (N, p), the largest number of clusters and a seed.
    scaled : bool
        Whether its answer changes with the scale of single columns.
    rotated : bool
        Whether its answer changes with whitening.
    binary : bool
        Whether it is for columns of 0 and 1 alone.
    """

    title: str
    criterion: str
    fit: Callable[[Array, int, int], RivalClustering]
    scaled: bool = True
    rotated: bool = True
    binary: bool = False


def by_size(labels: Array) -> Array:
    """Give clusters numbers by their size, the largest 0; equal ones by who comes first.

    Examples
    --------
    >>> by_size(np.array([7, 3, 3, 5, 3, 5])).tolist()
    [2, 0, 0, 1, 0, 1]
    """
    _, first, codes, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(counts), dtype=np.int64)
    rank[np.lexsort((first, -counts))] = np.arange(len(counts))
    return rank[codes]


def sample(n: int, seed: int, most: int = PEOPLE) -> Array:
    """Draw the rows that the number of clusters is chosen on, in order."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng([seed, 11]).choice(n, most, replace=False))


def nearest_centre(values: Array, fitted: Array, labels: Array) -> Array:
    """Assign everybody to the nearest mean of clusters that were found on some.

    Parameters
    ----------
    values : ndarray, shape (N, p)
    fitted : ndarray, shape (n, p)
    labels : ndarray of int, shape (n,)
        From 0, without gaps.

    Returns
    -------
    ndarray of int, shape (N,)
    """
    counts = np.bincount(labels)
    centres = np.column_stack([np.bincount(labels, weights=c) / counts for c in fitted.T])
    distance = (centres**2).sum(axis=1) - 2 * values @ centres.T
    return np.asarray(distance.argmin(axis=1))
