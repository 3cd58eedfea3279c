"""From a scene to a population: generation and the theory of the same model."""

from synthcohort.population.generate import generate, with_overrides
from synthcohort.population.null import null_twin
from synthcohort.population.population import Population
from synthcohort.population.theory import Theory, theory

__all__ = ["Population", "Theory", "generate", "null_twin", "theory", "with_overrides"]
