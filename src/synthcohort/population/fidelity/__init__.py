"""Generated data against published figures, row by row."""

from synthcohort.population.fidelity.compare import compare, counts, unconstrained
from synthcohort.population.fidelity.reference import Target, haalsi_wave1

__all__ = ["Target", "compare", "counts", "haalsi_wave1", "unconstrained"]
