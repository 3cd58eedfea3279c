"""Per individual: how much closer to its own cluster than to the next best."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthcohort.clustering.compilation import compiled
from synthcohort.clustering.stability.base_clusters import Clusters

Array = np.ndarray


def margins(clusters: Clusters) -> pd.DataFrame:
    """Compare each individual's co-association with its own cluster and with the others.

    Parameters
    ----------
    clusters : Clusters

    Returns
    -------
    DataFrame, a row for each individual
        own: mean co-association with the other members of its cluster, weighted by theirs;
        next: the highest mean co-association with another cluster, and next_cluster: that
        cluster; margin: own - next, from -1 to 1, as in a silhouette (Rousseeuw 1987) of the
        distance 1 - co-association. NaN (and no next_cluster) where nobody is there to
        compare with: the only member of a cluster, a single cluster.

    Notes
    -----
    The mean over members j is taken from K(i, c), the sum over replicates of the weight of
    c in i's base cluster: no pair is ever looked at. Where replicates leave individuals out,
    only those in which both are present count.

    Examples
    --------
    >>> from synthcohort.clustering.stability.base_clusters import Replicates, clusters_of
    >>> twice = Replicates(np.array([[0, 1], [0, 1], [1, 0], [1, 0]]))
    >>> margins(clusters_of(twice, ["a", "a", "b", "b"]))
       own  next next_cluster  margin
    0  1.0   0.0            b     1.0
    1  1.0   0.0            b     1.0
    2  1.0   0.0            a     1.0
    3  1.0   0.0            a     1.0
    """
    r = clusters.replicates
    own, following, which = _margins(
        r.labels,
        r.k,
        clusters.codes,
        r.counts.astype(np.float64),
        clusters.table,
        clusters.present,
        clusters.present.sum(axis=0),
        r.left_out,
    )
    names = np.array([*clusters.names, None], dtype=object)
    return pd.DataFrame(
        {"own": own, "next": following, "next_cluster": names[which], "margin": own - following}
    )


@compiled
def _margins(
    labels: Array,
    k: int,
    codes: Array,
    weight: Array,
    table: Array,
    present: Array,
    everywhere: Array,
    left_out: bool,
) -> tuple[Array, Array, Array]:
    n, b = labels.shape
    width = table.shape[2]
    own = np.full(n, np.nan)
    following = np.full(n, np.nan)
    which = np.full(n, -1, dtype=np.int32)
    together = np.empty(width)
    possible = np.empty(width)
    for i in range(n):
        for c in range(width):
            together[c] = 0.0
            possible[c] = 0.0 if left_out else everywhere[c]
        held = 0
        for r in range(b):
            if labels[i, r] < k:
                held += 1
                for c in range(width):
                    together[c] += table[r, labels[i, r], c]
                    if left_out:
                        possible[c] += present[r, c]
        together[codes[i]] -= weight[i] * held
        possible[codes[i]] -= weight[i] * (held if left_out else b)
        for c in range(width):
            if possible[c] <= 1e-9 * everywhere[c]:
                continue
            share = together[c] / possible[c]
            if c == codes[i]:
                own[i] = share
            elif not following[i] >= share:
                following[i] = share
                which[i] = c
    return own, following, which
