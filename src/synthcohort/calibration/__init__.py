"""From figures or a table to a scene: only aggregates are kept."""

from synthcohort.calibration.calibrated_scene import Calibration
from synthcohort.calibration.fit_check import misfit, misfit_warnings
from synthcohort.calibration.from_summary import FromSummary, calibrate_summary
from synthcohort.calibration.from_table import calibrate_table
from synthcohort.calibration.published_summary import is_summary

__all__ = [
    "Calibration",
    "FromSummary",
    "calibrate_summary",
    "calibrate_table",
    "is_summary",
    "misfit",
    "misfit_warnings",
]
