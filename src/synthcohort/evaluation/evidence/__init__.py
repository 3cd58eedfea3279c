"""Evidence for partitions: the likelihood of the mixtures that they imply."""

from synthcohort.evaluation.evidence.models import Evidence, Model, evidence

__all__ = ["Evidence", "Model", "evidence"]
