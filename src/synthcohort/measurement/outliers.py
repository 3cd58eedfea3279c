"""Gross errors: some values get noise of a larger SD."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from synthcohort.measurement.step import Array, Draws, Step, Values


@dataclass(frozen=True)
class OutlierStep(Step):
    """Noise of `factor` times the SD in a share of the values.

    What to expect is a mixture of normal variables, with and without the error. A recorded
    value says nothing of it: the densities weigh both.
    """

    rate: float
    factor: float

    def error(self, noise: Array | float) -> Array | float:
        """SD of the gross errors, on top of the noise."""
        return math.sqrt(self.factor**2 - 1) * noise

    def record(self, values: Values, draws: Draws) -> Values:
        """Add gross errors, and widen the SD of the values that have one."""
        n = len(values.value)
        hit = draws.uniform("outlier", n) < self.rate
        error = np.asarray(self.error(np.broadcast_to(values.noise, n)[hit]))
        value = values.value.copy()
        value[hit] += error * draws.normal("outlier error", hit)
        sd = np.array(np.broadcast_to(values.sd, n))
        sd[hit] = np.hypot(sd[hit], error)
        return replace(values, value=value, sd=sd)
