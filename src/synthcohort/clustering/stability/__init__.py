"""Stability of a consensus: of individuals, clusters and partitions, without the matrix."""

from synthcohort.clustering.stability.replicates import Replicates, clusters_of
from synthcohort.clustering.stability.result import Stability, stability

__all__ = ["Replicates", "Stability", "clusters_of", "stability"]
