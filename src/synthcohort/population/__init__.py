"""From a scene to a population: generation and the theory of the same model."""

from synthcohort.population.generation import generate, with_overrides
from synthcohort.population.population import Population

__all__ = [
    "Population",
    "generate",
    "with_overrides",
]
