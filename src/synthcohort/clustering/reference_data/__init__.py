"""Data without clusters that look like given data: what a pipeline reports on them is the null."""

from synthcohort.clustering.reference_data.copula_and_gaussian import (
    REFERENCE_KINDS,
    copula_reference,
    gaussian_reference,
    normal_scores,
)
from synthcohort.clustering.reference_data.resembling_copula import Copula, fit_copula
from synthcohort.clustering.reference_data.white_scores import normal_ranks, whitened

__all__ = [
    "REFERENCE_KINDS",
    "Copula",
    "copula_reference",
    "fit_copula",
    "gaussian_reference",
    "normal_ranks",
    "normal_scores",
    "whitened",
]
