"""Rivals of the consensus: plain methods that choose their number of clusters themselves."""

from synthcohort.clustering.rivals.contest import Contestant, rival_title, run_rivals
from synthcohort.clustering.rivals.found import Found, Rival
from synthcohort.clustering.rivals.registry import RIVALS

__all__ = ["RIVALS", "Contestant", "Found", "Rival", "rival_title", "run_rivals"]
