"""Per cluster: how often a replicate has it, and how it stands apart from the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthcohort.clustering.stability.base_clusters import Clusters

Array = np.ndarray

RECOVERED = 0.75
DISSOLVED = 0.5
"""Jaccard coefficients from and up to which a cluster counts as such (Hennig 2007, 2008)."""


def cluster_table(clusters: Clusters) -> pd.DataFrame:
    """Judge each cluster of a partition by the replicates.

    Parameters
    ----------
    clusters : Clusters

    Returns
    -------
    DataFrame, a row for each cluster
        cluster; size (with weights their sum, N for everybody); share of everybody;
        jaccard (mean of `jaccards`); recovered and dissolved (replicates with a coefficient
        of at least 0.75, at most 0.5); replicates (those that have a member); within (mean
        co-association of its members with each other), between (with the nearest other
        cluster, named by nearest), ratio (within / between: 1 for no cluster, inf where
        they are never together). NaN for a cluster of one, or a single one.

    Examples
    --------
    >>> from synthcohort.clustering.stability.base_clusters import Replicates, clusters_of
    >>> twice = Replicates(np.array([[0, 1], [0, 1], [1, 0], [1, 0]]))
    >>> found = cluster_table(clusters_of(twice, ["a", "a", "b", "b"]))
    >>> found[["cluster", "jaccard", "recovered", "dissolved", "within", "between"]]
      cluster  jaccard  recovered  dissolved  within  between
    0       a      1.0          2          0     1.0      0.0
    1       b      1.0          2          0     1.0      0.0
    """
    weighted = clusters.replicates.weight is not None
    by_replicate = jaccards(clusters)
    known = ~np.isnan(by_replicate)
    apart = between(clusters).to_numpy()
    within = np.diag(apart).copy()
    others = np.where(np.eye(len(apart), dtype=bool) | np.isnan(apart), -1.0, apart)
    nearest = others.argmax(axis=1)
    closest = others.max(axis=1)
    closest[closest < 0] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = within / closest
    return pd.DataFrame(
        {
            "cluster": clusters.names,
            "size": clusters.sizes if weighted else clusters.sizes.astype(np.int64),
            "share": clusters.sizes / clusters.sizes.sum(),
            "jaccard": np.where(known, by_replicate, 0.0).sum(axis=0)
            / np.maximum(known.sum(axis=0), 1),
            "recovered": (by_replicate >= RECOVERED - 1e-12).sum(axis=0),
            "dissolved": (by_replicate <= DISSOLVED + 1e-12).sum(axis=0),
            "replicates": known.sum(axis=0),
            "within": within,
            "between": closest,
            "nearest": [
                None if np.isnan(v) else clusters.names[c]
                for c, v in zip(nearest, closest, strict=True)
            ],
            "ratio": ratio,
        }
    )


def jaccards(clusters: Clusters) -> Array:
    """Jaccard coefficient of each cluster with its most similar counterpart in each replicate.

    Hennig (2007, Comput Stat Data Anal 52:258) compares a cluster with the most similar one
    that the same method finds in a bootstrap sample. A replicate here has k base clusters,
    and the consensus joins them to as many clusters as it finds. So the counterpart is the
    union of base clusters that is most similar to the cluster; with as many base clusters
    as clusters it is nearly always one base cluster, as in Hennig's.

    Parameters
    ----------
    clusters : Clusters

    Returns
    -------
    ndarray, shape (B, n_clusters)
        0 to 1, and never below the cluster's share of everybody, which is the coefficient
        of all base clusters together. NaN where the replicate has none of its members.

    Notes
    -----
    The best union takes base clusters in the order of their share of members, up to some
    share: adding one raises a ratio of sums as long as its own ratio is above it.
    """
    table = clusters.table.astype(np.float64)
    sizes = table.sum(axis=2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(sizes > 0, table / sizes, 0.0)
        # Base clusters join the union one after the other, those of the largest share first.
        order = np.argsort(-share, axis=1, kind="stable")
        inside = np.take_along_axis(table, order, axis=1)
        outside = np.take_along_axis(sizes - table, order, axis=1)
        joined = clusters.present[:, None] + outside.cumsum(axis=1)
        found = inside.cumsum(axis=1) / joined
    found[inside == 0] = 0.0
    return np.where(clusters.present > 0, found.max(axis=1), np.nan)


def between(clusters: Clusters) -> pd.DataFrame:
    """Mean co-association of the members of every two clusters.

    Parameters
    ----------
    clusters : Clusters

    Returns
    -------
    DataFrame, shape (n_clusters, n_clusters)
        0 to 1, pairs by the product of their weights. On the diagonal pairs of different
        members, NaN for a cluster of one.
    """
    r = clusters.replicates
    table = clusters.table.astype(np.float64)
    flat = table.reshape(-1, table.shape[2])
    together = flat.T @ flat
    possible = clusters.present.T @ clusters.present
    squares = r.counts.astype(float) ** 2
    rows = np.arange(len(together))
    together[rows, rows] -= clusters.summed(squares * r.held)
    alone = squares * (r.held if r.left_out else r.labels.shape[1])
    everybody = possible.copy()
    possible[rows, rows] -= clusters.summed(alone)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(possible > 1e-9 * everybody, together / possible, np.nan)
    return pd.DataFrame(mean, index=clusters.names, columns=clusters.names)
