"""What to expect of a scene, exactly: moments, shares, overlap, the oracle; and null scenes."""

from synthcohort.exact_theory.counterfactuals import without
from synthcohort.exact_theory.exact_moments import Theory, theory
from synthcohort.exact_theory.group_overlap import Overlap, overlap
from synthcohort.exact_theory.null_scenes import null_scene
from synthcohort.exact_theory.oracle import Oracle, posterior
from synthcohort.exact_theory.variance_components import variance_shares

__all__ = [
    "Oracle",
    "Overlap",
    "Theory",
    "null_scene",
    "overlap",
    "posterior",
    "theory",
    "variance_shares",
    "without",
]
