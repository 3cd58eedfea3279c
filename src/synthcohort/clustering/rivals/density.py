"""HDBSCAN: dense regions, their number by their stability."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.rivals.rival_clustering import RivalClustering, by_size, sample

Array = np.ndarray

_SMALLEST = 0.02
"""Smallest cluster, as a share of all individuals."""


def hdbscan(values: Array, _most: int, seed: int) -> RivalClustering:
    """HDBSCAN (Campello, Moulavi & Sander 2013) with clusters of 2 % or more.

    Parameters
    ----------
    values : ndarray, shape (N, p)
    _most : int
        Not used: the method has no number of clusters.
    seed : int

    Returns
    -------
    RivalClustering
        Noise is put into the cluster with the nearest member, so that everybody is in one
        as with all other methods. One cluster where all is noise.
    """
    from sklearn.cluster import HDBSCAN
    from sklearn.neighbors import KNeighborsClassifier

    fitted = values[sample(len(values), seed)]
    smallest = max(5, round(_SMALLEST * len(fitted)))
    nobody = RivalClustering(np.zeros(len(values), dtype=np.int64), {})
    if len(fitted) < 2 * smallest:
        return nobody
    found = HDBSCAN(min_cluster_size=smallest, copy=True).fit(fitted).labels_
    inside = found >= 0
    if not inside.any():
        return nobody
    nearest = KNeighborsClassifier(1).fit(fitted[inside], found[inside])
    return RivalClustering(by_size(nearest.predict(values)), {})
