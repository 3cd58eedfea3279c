"""Generated data, or a user's table, against published figures, row by row."""

from synthcohort.fidelity_check.comparison import compare, counts, unconstrained
from synthcohort.fidelity_check.published_figures import Target, haalsi_wave1

__all__ = [
    "Target",
    "compare",
    "counts",
    "haalsi_wave1",
    "unconstrained",
]
