"""Stability of the partitions of one cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from synthcohort.clustering.consensus.modularity import Partition
from synthcohort.clustering.stability import Replicates, clusters_of
from synthcohort.clustering.stability.cluster_stability import cluster_table
from synthcohort.clustering.stability.individual_margins import margins
from synthcohort.clustering.stability.pair_ambiguity import (
    consensus_cdf,
    pac_with_error,
    pair_co_association,
)
from synthcohort.clustering.stability.partition_stability import SUMMARY, summary
from synthcohort.clustering.stability.replicate_agreement import agreement
from synthcohort.evaluation.metrics.counted_groupings import Groupings
from synthcohort.evaluation.metrics.scores import ari
from synthcohort.results.partition_keys import Cell

Array = np.ndarray

MOST_CLUSTERS = 60
"""Partitions with more are not judged cluster by cluster: nobody reads them one by one."""


@dataclass(frozen=True)
class CellStability:
    """Stability of one cell.

    Parameters
    ----------
    partitions : DataFrame, a row for each resolution
        The schema `Tables.stability`.
    clusters : DataFrame, a row for each cluster of each partition with 2 to 60 clusters
    consensus : DataFrame
        Distribution of the co-association of sampled pairs.
    margins : dict of str to ndarray of float32, shape (N,)
        By partition with 2 to 60 clusters.
    consistency : ndarray of float32, shape (N,)
        Of each individual, whatever the partition.
    """

    partitions: pd.DataFrame
    clusters: pd.DataFrame
    consensus: pd.DataFrame
    margins: dict[str, Array]
    consistency: Array


def cell_stability(
    cell: Cell,
    replicates: Replicates,
    found: Mapping[float, Partition],
    seed: int,
) -> CellStability:
    """Measure the stability of every partition of a cell.

    Parameters
    ----------
    cell : Cell
    replicates : Replicates
    found : mapping of float to Partition
        By resolution.
    seed : int
        Of the sampled pairs.

    Returns
    -------
    CellStability
    """
    together = pair_co_association(replicates, seed=seed)
    pac, pac_se = pac_with_error(together)
    pairs = agreement(replicates, seed=seed)
    of_cell = {
        "pac": pac,
        "pac_se": pac_se,
        "replicate_ari": pairs.ari,
        "replicate_ari_se": pairs.ari_se,
    }
    following = _ari_with_next(found, replicates.weight)
    judged: dict[bytes, tuple[pd.DataFrame, Array]] = {}
    rows, tables, by_partition = [], [], {}
    for resolution, partition in found.items():
        key = cell.at(resolution)
        column = key.name
        row = key.values | {"partition": column}
        row |= {"n_clusters": partition.n_clusters, "ari_next": following[resolution]}
        row |= dict.fromkeys(SUMMARY, float("nan"))
        if 1 < partition.n_clusters <= MOST_CLUSTERS:
            # Neighbouring resolutions often find the same partition.
            name = partition.labels.tobytes()
            if name not in judged:
                judged[name] = _judge(replicates, partition.labels)
            table, margin = judged[name]
            row |= summary(table, margin, replicates.counts)
            tables.append(table.assign(partition=column))
            by_partition[column] = margin
        rows.append(row | of_cell)
    return CellStability(
        pd.DataFrame(rows),
        pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(),
        pd.DataFrame(cell.values, index=range(1)).merge(consensus_cdf(together), how="cross"),
        by_partition,
        pairs.consistency.astype(np.float32),
    )


def _judge(replicates: Replicates, labels: Array) -> tuple[pd.DataFrame, Array]:
    clusters = clusters_of(replicates, labels)
    margin = margins(clusters)["margin"].to_numpy(dtype=np.float32)
    table = cluster_table(clusters)
    return table.assign(nearest=table["nearest"].astype(float)), margin


def _ari_with_next(found: Mapping[float, Partition], weight: Array | None) -> dict[float, float]:
    """ARI of each partition with that of the next higher resolution; NaN for the highest."""
    ascending = sorted(found)
    following = {ascending[-1]: float("nan")}
    for g, h in pairwise(ascending):
        compared = Groupings({"next": found[h].labels}, weight).compare(found[g].labels)
        following[g] = ari(compared.contingency("next"))
    return following


def stability_tables(cells: Sequence[CellStability]) -> dict[str, pd.DataFrame]:
    """Bring the cells' tables together, each under the name of its schema."""
    parts = {"stability": "partitions", "stability_clusters": "clusters", "consensus": "consensus"}
    return {
        name: pd.concat([getattr(one, part) for one in cells], ignore_index=True)
        for name, part in parts.items()
    }


def shown_individuals(
    cells: Sequence[CellStability], labels: pd.DataFrame, shown: Iterable[str]
) -> pd.DataFrame:
    """Tabulate the individuals of the partitions that are shown.

    Parameters
    ----------
    cells : sequence of CellStability
    labels : DataFrame, shape (N, n_partitions)
        Its index is the individuals'.
    shown : iterable of str
        Columns of `labels`; those without margins are left out.

    Returns
    -------
    DataFrame
        The schema `Tables.stability_individuals`.
    """
    individuals = [
        pd.DataFrame(
            {
                "partition": name,
                "cluster": labels[name],
                "margin": one.margins[name],
                "consistency": one.consistency,
            },
            index=labels.index,
        )
        for name in dict.fromkeys(shown)
        for one in cells
        if name in one.margins
    ]
    return pd.concat(individuals) if individuals else pd.DataFrame()
