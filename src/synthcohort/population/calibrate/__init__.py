"""From figures or a table to a scene: only aggregates are kept."""

from synthcohort.population.calibrate.calibration import Calibration
from synthcohort.population.calibrate.from_summary import FromSummary, calibrate_summary
from synthcohort.population.calibrate.from_table import calibrate_table
from synthcohort.population.calibrate.misfit import misfit
from synthcohort.population.calibrate.summary import is_summary

__all__ = [
    "Calibration",
    "FromSummary",
    "calibrate_summary",
    "calibrate_table",
    "is_summary",
    "misfit",
]
