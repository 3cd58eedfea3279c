"""The conductor: runs, their folders, and reading them back."""

from synthcohort.experiment.cluster_table import cluster
from synthcohort.experiment.conduct import Run
from synthcohort.experiment.export import export
from synthcohort.experiment.folder import read_findings, renew_report
from synthcohort.experiment.manifest import verify
from synthcohort.experiment.run import run
from synthcohort.experiment.settings import check_settings

__all__ = [
    "Run",
    "check_settings",
    "cluster",
    "export",
    "read_findings",
    "renew_report",
    "run",
    "verify",
]
