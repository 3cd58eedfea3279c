"""From partitions and truth to scores, and to the best that any method could reach."""

from synthcohort.evaluation.ceiling import Ceiling, ceiling
from synthcohort.evaluation.recovery import recovery
from synthcohort.evaluation.scores import METRICS, score
from synthcohort.evaluation.tune import tune

__all__ = ["METRICS", "Ceiling", "ceiling", "recovery", "score", "tune"]
