"""k-means and Ward's clusters, their number by the mean silhouette."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.rivals.rival_clustering import (
    RivalClustering,
    by_size,
    nearest_centre,
    sample,
)

Array = np.ndarray

_STARTS = 10


def kmeans(values: Array, most: int, seed: int) -> RivalClustering:
    """k-means from ten starts.

    Parameters
    ----------
    values : ndarray, shape (N, p)
    most : int
        Largest number of clusters.
    seed : int

    Returns
    -------
    RivalClustering
        Never one cluster: the silhouette has no value for it.
    """
    from sklearn.cluster import KMeans

    rows = sample(len(values), seed)
    fits = {
        k: KMeans(k, n_init=_STARTS, random_state=seed % 2**32).fit(values[rows])
        for k in _numbers(values[rows], most)
    }
    criterion = _silhouettes(values[rows], {k: m.labels_ for k, m in fits.items()})
    best = max(criterion, key=criterion.__getitem__, default=None)
    if best is None:
        return RivalClustering(np.zeros(len(values), dtype=np.int64), {})
    centres = fits[best].cluster_centers_
    everybody = KMeans(best, init=centres, n_init=1).fit(values)
    return RivalClustering(by_size(everybody.labels_), criterion)


def ward(values: Array, most: int, seed: int) -> RivalClustering:
    """Ward's agglomeration (1963, JASA 58:236); parameters as of `kmeans`."""
    from scipy.cluster.hierarchy import fcluster, linkage

    fitted = values[sample(len(values), seed)]
    tree = linkage(fitted, "ward")
    cuts = {k: fcluster(tree, k, "maxclust") - 1 for k in _numbers(fitted, most)}
    criterion = _silhouettes(fitted, cuts)
    best = max(criterion, key=criterion.__getitem__, default=None)
    if best is None:
        return RivalClustering(np.zeros(len(values), dtype=np.int64), {})
    if len(fitted) == len(values):
        return RivalClustering(by_size(cuts[best]), criterion)
    return RivalClustering(by_size(nearest_centre(values, fitted, cuts[best])), criterion)


def _numbers(values: Array, most: int) -> range:
    """Numbers of clusters that as many distinct rows allow."""
    return range(2, min(most, len(np.unique(values, axis=0)) - 1) + 1)


def _silhouettes(values: Array, found: dict[int, Array]) -> dict[int, float]:
    """Mean silhouettes (Rousseeuw 1987, J Comput Appl Math 20:53)."""
    from sklearn.metrics import pairwise_distances, silhouette_score

    distances = pairwise_distances(values)
    return {
        k: float(silhouette_score(distances, labels, metric="precomputed"))
        for k, labels in found.items()
        if 2 <= len(np.unique(labels)) < len(values)
    }
