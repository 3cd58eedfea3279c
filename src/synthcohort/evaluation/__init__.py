"""From partitions and truth to scores, and to the best that any method could reach."""

from synthcohort.evaluation.ceilings.difficulty import tune
from synthcohort.evaluation.ceilings.expected_ceiling import Ceiling, ceiling
from synthcohort.evaluation.metrics.group_recovery import recovery
from synthcohort.evaluation.metrics.scores import METRICS, score

__all__ = [
    "METRICS",
    "Ceiling",
    "ceiling",
    "recovery",
    "score",
    "tune",
]
