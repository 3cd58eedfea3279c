"""The scale: the linear model may be that of the logarithm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthcohort.measurement.portable import exp
from synthcohort.measurement.step import Array, Draws, Inverse, Step, Values


class LogScaleStep(Step):
    """The value is the exponential of the linear model's."""

    def record(self, values: Values, draws: Draws) -> Values:  # noqa: ARG002
        """Take the exponential."""
        return replace(values, value=exp(values.value))

    def before(self, value: Array, mean: Array | float, sd: Array | float) -> Array:  # noqa: ARG002
        """Take the logarithm, minus infinity where there is none."""
        return _log(value)

    def invert(self, inverse: Inverse) -> Inverse:
        """Take the logarithms; a value of 0 may be any small one, rounded or heaped."""
        if (inverse.high < 0).any():
            raise ValueError("got a value beyond 0 to inf, its bounds")
        inverse = inverse.put(inverse.exact & (inverse.value <= 0), -np.inf, inverse.high)
        exact = inverse.exact
        value = np.log(inverse.value, out=inverse.value.copy(), where=exact)
        lower, upper, low, high = (
            _log(limit) for limit in (inverse.lower, inverse.upper, inverse.low, inverse.high)
        )
        log_jacobian = inverse.log_jacobian - np.where(exact, value, 0.0)
        return Inverse(value, lower, upper, low, high, log_jacobian)


def _log(value: Array) -> Array:
    """Return logarithms, minus infinity of what is not positive, NaN of NaN."""
    result = np.where(np.isnan(value), np.nan, -np.inf)
    return np.asarray(np.log(value, out=result, where=value > 0))
