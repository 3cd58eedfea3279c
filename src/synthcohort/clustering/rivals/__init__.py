"""Rivals of the consensus: plain methods that choose their number of clusters themselves."""

from synthcohort.clustering.rivals.contest import Contestant, rival_title, run_rivals
from synthcohort.clustering.rivals.rival_clusterers import RIVALS
from synthcohort.clustering.rivals.rival_clustering import Rival, RivalClustering

__all__ = ["RIVALS", "Contestant", "Rival", "RivalClustering", "rival_title", "run_rivals"]
