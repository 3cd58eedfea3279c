"""From a scene to a population: generation and the theory of the same model."""

from synthcohort.population.generate import generate, with_overrides
from synthcohort.population.null import null_twin
from synthcohort.population.overlap import Overlap, overlap
from synthcohort.population.population import Population
from synthcohort.population.posterior import Oracle, posterior
from synthcohort.population.shares import variance_shares
from synthcohort.population.theory import Theory, theory
from synthcohort.population.twins import without

__all__ = [
    "Oracle",
    "Overlap",
    "Population",
    "Theory",
    "generate",
    "null_twin",
    "overlap",
    "posterior",
    "theory",
    "variance_shares",
    "with_overrides",
    "without",
]
