"""From biomarkers to partitions: preprocessing, bootstrap replicates, consensus."""

from synthcohort.clustering.bootstrap import BootstrapClustering

__all__ = ["BootstrapClustering"]
