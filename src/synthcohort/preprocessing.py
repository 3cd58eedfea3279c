"""Preprocessings by name, and how to add one."""

from synthcohort.clustering.preprocessing import Prepared, prepare
from synthcohort.clustering.preprocessing.outside_cutoffs import OutsideCutoffs
from synthcohort.clustering.preprocessing.pathological_scaling import PathologicalScaler
from synthcohort.clustering.preprocessing.registry import (
    PREPROCESSINGS,
    Preprocessing,
    register_preprocessing,
)

__all__ = [
    "PREPROCESSINGS",
    "OutsideCutoffs",
    "PathologicalScaler",
    "Prepared",
    "Preprocessing",
    "prepare",
    "register_preprocessing",
]
