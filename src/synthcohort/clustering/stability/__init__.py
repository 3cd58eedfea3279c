"""Stability of a consensus: of individuals, clusters and partitions, without the matrix."""

from synthcohort.clustering.stability.base_clusters import Replicates, clusters_of
from synthcohort.clustering.stability.partition_stability import Stability, stability

__all__ = [
    "Replicates",
    "Stability",
    "clusters_of",
    "stability",
]
