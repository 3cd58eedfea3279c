"""From figures or a table to a scene: only aggregates are kept."""

from synthcohort.population.calibrate.calibration import Calibration
from synthcohort.population.calibrate.from_table import calibrate_table
from synthcohort.population.calibrate.misfit import misfit

__all__ = ["Calibration", "calibrate_table", "misfit"]
