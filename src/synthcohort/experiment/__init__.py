"""The conductor: runs, their folders, and reading them back."""

from synthcohort.experiment.folder import read_findings, verify
from synthcohort.experiment.run import Run, run

__all__ = ["Run", "read_findings", "run", "verify"]
