"""From biomarkers to partitions: preprocessing, bootstrap replicates, consensus."""

from synthcohort.clustering.bootstrap_clustering import BootstrapClustering

__all__ = [
    "BootstrapClustering",
]
