"""Data without clusters that look like given data: what a pipeline reports on them is the null."""

from synthcohort.clustering.reference_data.null_twins import (
    TWINS,
    copula_twin,
    gaussian_twin,
    normal_scores,
)
from synthcohort.clustering.reference_data.resembling_copula import Copula, fit_copula
from synthcohort.clustering.reference_data.white_scores import normal_ranks, whitened

__all__ = [
    "TWINS",
    "Copula",
    "copula_twin",
    "fit_copula",
    "gaussian_twin",
    "normal_ranks",
    "normal_scores",
    "whitened",
]
