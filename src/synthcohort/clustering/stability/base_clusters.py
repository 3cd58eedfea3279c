"""What every measure of stability starts from: the base clusters of all replicates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.clustering.compilation import compiled
from synthcohort.clustering.consensus.kernels import count
from synthcohort.clustering.consensus.modularity import coded, whole_or

Array = np.ndarray


@dataclass(frozen=True)
class Replicates:
    """Base clusters of all individuals in all replicates.

    Parameters
    ----------
    assignments : ndarray of int, shape (N, B)
        Base clusters from 0; -1 where there is none.
    weight : ndarray, shape (N,), optional
        How many people each individual stands for.
    left_out : bool, default False
        What -1 means: True that the replicate left the individual out, which says nothing
        about stability; False that it is noise there, which is together with nobody.
    """

    assignments: Array
    weight: Array | None = None
    left_out: bool = False

    @cached_property
    def labels(self) -> Array:
        """Base clusters with `k` in place of -1, in the smallest type, shape (N, B)."""
        return self._coded[0]

    @cached_property
    def k(self) -> int:
        """Number of base clusters."""
        return self._coded[1]

    @cached_property
    def _coded(self) -> tuple[Array, int]:
        return coded(self.assignments)

    @cached_property
    def counts(self) -> Array:
        """Weights with a mean of 1, or a whole individual each, shape (N,)."""
        return whole_or(self.weight, len(self.assignments))

    @cached_property
    def held(self) -> Array:
        """In how many replicates each individual has a base cluster, shape (N,)."""
        return _held(self.labels, self.k)


@compiled
def _held(labels: Array, k: int) -> Array:
    """Row by row, without another array of the size of the labels."""
    found = np.zeros(len(labels), dtype=np.int64)
    for i in range(len(labels)):
        for r in range(labels.shape[1]):
            found[i] += labels[i, r] < k
    return found


@dataclass(frozen=True)
class Clusters:
    """A partition, next to the replicates.

    Parameters
    ----------
    replicates : Replicates
    codes : ndarray of int32, shape (N,)
        Cluster of each individual, from 0 without gaps.
    names : list
        What the clusters are called.
    """

    replicates: Replicates
    codes: Array
    names: list[Any]

    @cached_property
    def table(self) -> Array:
        """Summed weights by replicate, base cluster and cluster, shape (B, k, n_clusters)."""
        r = self.replicates
        table = np.zeros((r.labels.shape[1], r.k, len(self.names)), dtype=r.counts.dtype)
        start = np.zeros(1, dtype=np.int64)
        count(r.labels, r.k, self.codes[np.newaxis], start, r.counts, table, 0, len(table))
        return table

    @cached_property
    def sizes(self) -> Array:
        """Summed weights of each cluster, shape (n_clusters,)."""
        return self.summed(self.replicates.counts)

    @cached_property
    def present(self) -> Array:
        """Summed weights of those a replicate could put anywhere, shape (B, n_clusters)."""
        if self.replicates.left_out:
            return self.table.sum(axis=1).astype(float)
        return np.tile(self.sizes, (self.replicates.labels.shape[1], 1))

    def summed(self, values: Array) -> Array:
        """Add up values of the individuals by cluster, shape (n_clusters,)."""
        return np.bincount(self.codes, values, minlength=len(self.names))


def clusters_of(replicates: Replicates, labels: Any) -> Clusters:
    """Check a partition and number its clusters.

    Parameters
    ----------
    replicates : Replicates
    labels : array-like, shape (N,)
        Any values without missing ones.

    Returns
    -------
    Clusters

    Raises
    ------
    ValueError
        If there are not as many labels as individuals, or some are missing.
    """
    series = pd.Series(np.asarray(labels))
    n = len(replicates.assignments)
    if len(series) != n:
        raise ValueError(f"got {len(series)} labels for {n} individuals, allowed: one each")
    missing = int(series.isna().sum())
    if missing:
        raise ValueError(f"labels has {missing} missing values, allowed: a value for everyone")
    codes, names = pd.factorize(series, sort=True)
    return Clusters(replicates, codes.astype(np.int32), list(names))
