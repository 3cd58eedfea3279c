"""From the tables of a run to charts, one page and pictures."""

from synthcohort.report.page import Report, build

__all__ = [
    "Report",
    "build",
]
