"""Base clusterers by name, and how to add one."""

from synthcohort.clustering.base.base_clusterers import BASES, Base, make_base, register_base
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans

__all__ = ["BASES", "Base", "PooledKMeans", "make_base", "register_base"]
