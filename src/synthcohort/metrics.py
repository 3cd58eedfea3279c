"""Metrics by name, and how to add one."""

from synthcohort.evaluation.metrics.contingency import Contingency
from synthcohort.evaluation.metrics.scores import METRICS, register_metric, score

__all__ = ["METRICS", "Contingency", "register_metric", "score"]
