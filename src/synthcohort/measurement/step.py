"""What every step of an instrument does: it records, says what to expect, and inverts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

Array = np.ndarray


class Draws(Protocol):
    """Where the randomness of an instrument comes from."""

    def uniform(self, role: str, n: int) -> Array:
        """Draw uniforms, shape (n,)."""

    def normal(self, role: str, chosen: Array) -> Array:
        """Draw standard normals for the chosen rows, shape (chosen.sum(),)."""


@dataclass(frozen=True)
class Values:
    """Values of one biomarker on their way through an instrument.

    Parameters
    ----------
    value : ndarray, shape (n,)
        From the linear model's to what is recorded.
    noise, mean, sd : ndarray, shape (n,), or float
        SD of the noise; mean and SD of the linear model's value given groups and covariates.
    reported : ndarray of bool, shape (n,), or None
        Values that are reported as they stand: neither heaped nor rounded.
    undetected : ndarray of bool, shape (n,), or None
        Values that a detection limit makes missing.
    """

    value: Array
    noise: Array | float
    mean: Array | float = 0.0
    sd: Array | float = 1.0
    reported: Array | None = None
    undetected: Array | None = None


@dataclass(frozen=True)
class Inverse:
    """What recorded values of one biomarker say of the values that they were before.

    Parameters
    ----------
    value : ndarray, shape (n,)
        The value, where it counts as exact (rounding and heaping are left out of account).
    lower, upper : ndarray, shape (n,)
        Where a value stands for an interval, its limits; NaN elsewhere.
    low, high : ndarray, shape (n,)
        Everything that may have been recorded so lies within: rounding and heaping count.
    log_jacobian : ndarray, shape (n,)
        Log derivative of the exact values by the recorded ones.
    half : float
        Half a step of rounding.
    """

    value: Array
    lower: Array
    upper: Array
    low: Array
    high: Array
    log_jacobian: Array
    half: float = 0.0

    @classmethod
    def of(cls, x: Array) -> Inverse:
        """Take recorded values, shape (n,), as they are."""
        nothing = np.full(len(x), np.nan)
        return cls(x, nothing, nothing, x, x, np.zeros(len(x)))

    @property
    def exact(self) -> Array:
        """Where a value is known and stands for no interval."""
        return np.asarray(np.isnan(self.lower) & ~np.isnan(self.value))

    def put(self, rows: Array, lower: Array | float, upper: Array | float) -> Inverse:
        """Say that rows stand for an interval."""
        return Inverse(
            self.value,
            np.where(rows, lower, self.lower),
            np.where(rows, upper, self.upper),
            np.where(rows, np.minimum(lower, self.low), self.low),
            np.where(rows, np.maximum(upper, self.high), self.high),
            self.log_jacobian,
            self.half,
        )


class Step:
    """One step of an instrument; what it leaves out does nothing.

    `record` makes of values what comes out. What to expect of it follows from `record` and
    from `edges`, where what comes out jumps or bends, `width`, the distance of neighbouring
    values that come out, and `before`, which brings edges back. `invert` says what was.
    """

    width: float = 0.0

    def record(self, values: Values, draws: Draws) -> Values:
        """Let values pass."""
        raise NotImplementedError

    def edges(self) -> list[float]:
        """Values before this step at which what comes out jumps or bends, but for rounding."""
        return []

    def before(self, value: Array, mean: Array | float, sd: Array | float) -> Array:  # noqa: ARG002
        """Bring values back to what they were before this step, given mean and SD."""
        return value

    def invert(self, inverse: Inverse) -> Inverse:
        """Say what the values were before this step.

        Raises
        ------
        ValueError
            If no value could have come out so.
        """
        return inverse
