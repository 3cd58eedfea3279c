"""Preprocessings by name, whitening, and the two applied in turn."""

from synthcohort.clustering.preprocessing.preparation import Prepared, prepare
from synthcohort.clustering.preprocessing.registry import PREPROCESSINGS, Preprocessing

__all__ = [
    "PREPROCESSINGS",
    "Prepared",
    "Preprocessing",
    "prepare",
]
