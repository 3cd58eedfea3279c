"""From partitions and truth to scores."""

from synthcohort.evaluation.recovery import recovery
from synthcohort.evaluation.scores import METRICS, score

__all__ = ["METRICS", "recovery", "score"]
