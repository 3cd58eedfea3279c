"""An instrument: the steps of a measurement, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from synthcohort.measurement.clipping import ClippingStep
from synthcohort.measurement.curve import CurveStep
from synthcohort.measurement.detection import DetectionStep
from synthcohort.measurement.heaping import HeapingStep
from synthcohort.measurement.outliers import OutlierStep
from synthcohort.measurement.rounding import RoundingStep
from synthcohort.measurement.scale import LogScaleStep
from synthcohort.measurement.step import Array, Draws, Inverse, Step, Values
from synthcohort.measurement.thresholds import ThresholdStep
from synthcohort.measurement.truncation import TruncationStep
from synthcohort.scene.instrument import Measurement


@dataclass(frozen=True)
class Instrument:
    """What is done to the values of one biomarker, in order.

    Parameters
    ----------
    outliers : OutlierStep or None
    truncation : TruncationStep or None
    shape : tuple of Step
        From the linear model's value to the one within its bounds.
    writing : tuple of Step
        From there to what is recorded.
    """

    outliers: OutlierStep | None
    truncation: TruncationStep | None
    shape: tuple[Step, ...]
    writing: tuple[Step, ...]

    @classmethod
    def of(cls, measurement: Measurement) -> Instrument:
        """Compose the steps of a measurement; what it leaves out is no step."""
        m, log = measurement, measurement.scale == "log"
        lower, upper = _limits(m.lower, m.upper)
        truncation = None
        if m.beyond == "truncate":
            truncation = TruncationStep(*m.latent_bounds, words=f"{lower:g} to {upper:g}")
        shape: list[Step] = [truncation] if truncation is not None else []
        if log:
            shape.append(LogScaleStep())
        if m.thresholds:
            shape.append(ThresholdStep(tuple(m.thresholds), tuple(m.codes)))
        elif m.curve:
            linear, recorded = zip(*m.curve, strict=True)
            shape.append(CurveStep(linear, recorded))
        elif m.bounded and truncation is None:
            # Nothing on a logarithm's scale is at 0 or below.
            shape.append(
                ClippingStep(lower if lower > 0 or not log else -math.inf, upper, m.decimals)
            )
        writing: list[Step] = []
        if m.detection is not None:
            limits = _limits(m.detection.lower, m.detection.upper)
            writing.append(DetectionStep(*limits, report=m.detection.report))
        if m.heaping is not None:
            writing.append(HeapingStep(m.heaping.to, m.heaping.rate))
        if m.decimals is not None:
            writing.append(RoundingStep(m.decimals))
        outliers = None if m.outliers is None else OutlierStep(m.outliers.rate, m.outliers.factor)
        return cls(outliers, truncation, tuple(shape), tuple(writing))

    def record(self, values: Values, draws: Draws) -> Values:
        """Record values.

        Parameters
        ----------
        values : Values
            Of the linear model; `mean` and `sd` are needed for truncated ones only.
        draws : Draws

        Returns
        -------
        Values
            As recorded, in the biomarker's unit; a value beyond a detection limit that is
            reported missing stays as it is, and is marked as undetected.
        """
        first = [] if self.outliers is None else [self.outliers]
        return _record([*first, *self.shape, *self.writing], values, draws)

    def kinds(self) -> Iterator[tuple[float, bool, Instrument]]:
        """Take the chance out: instruments without any, and the share of values for each.

        Yields
        ------
        share : float
        gross : bool
            Whether these values have a gross error, which the instrument leaves out.
        instrument : Instrument
        """
        gross = 0.0 if self.outliers is None else self.outliers.rate
        heaping = next((s for s in self.writing if isinstance(s, HeapingStep)), None)
        heaped = 0.0 if heaping is None else heaping.rate
        for of_error, error in ((1 - gross, False), (gross, True)):
            for of_heap, rate in ((1 - heaped, 0.0), (heaped, 1.0)):
                if of_error * of_heap > 0:
                    writing = tuple(
                        replace(s, rate=rate) if isinstance(s, HeapingStep) else s
                        for s in self.writing
                    )
                    yield (
                        of_error * of_heap,
                        error,
                        Instrument(None, self.truncation, self.shape, writing),
                    )

    def bounded(self, latent: Array, mean: Array, sd: Array) -> Array:
        """Return values of the linear model within their bounds, not yet written down."""
        return _record(self.shape, Values(latent, 0.0, mean, sd), NoDraws()).value

    def expected(self, latent: Array, mean: Array, sd: Array) -> Array:
        """Return what is recorded of values of the linear model, without any chance."""
        values = Values(latent, 0.0, mean, sd)
        return _record([*self.shape, *self.writing], values, NoDraws()).value

    def before(self, value: Array, mean: Array | float, sd: Array | float) -> Array:
        """Bring values back to the scale of the linear model."""
        for step in reversed(self.shape):
            value = step.before(value, mean, sd)
        return value

    def edges(self, mean: Array, sd: Array) -> Array:
        """Linear values at which what is recorded jumps or bends, other than by rounding.

        Parameters
        ----------
        mean, sd : ndarray, shape (n, 1)

        Returns
        -------
        ndarray, shape (n, m)
        """
        steps, found = (*self.shape, *self.writing), [np.empty((len(mean), 0))]
        for number, step in enumerate(steps):
            edge = np.tile(np.array(step.edges(), dtype=float), (len(mean), 1))
            for earlier in reversed(steps[:number]):
                edge = earlier.before(edge, mean, sd)
            found.append(edge)
        return np.hstack(found)

    @property
    def counts(self) -> bool:
        """Whether scores are recorded, which count thresholds."""
        return any(isinstance(step, ThresholdStep) for step in self.shape)

    @property
    def width(self) -> float:
        """Distance of neighbouring values that are written, 0 where they are as they are."""
        return max((step.width for step in self.writing), default=0.0)

    @property
    def jumps(self) -> float:
        """Distance of the values at which what is written jumps: the first step's that acts."""
        return next((step.width for step in self.writing if step.width), 0.0)

    def unwritten(self) -> Instrument:
        """Return the instrument without heaping and rounding."""
        kept = tuple(s for s in self.writing if not isinstance(s, HeapingStep | RoundingStep))
        return Instrument(self.outliers, self.truncation, self.shape, kept)

    def invert(self, x: Array) -> Inverse:
        """Say what recorded values were on the scale of the linear model.

        Truncation is left: undoing it takes the mean and SD of each stratum.

        Parameters
        ----------
        x : ndarray, shape (n,)
            NaN where missing.

        Returns
        -------
        Inverse

        Raises
        ------
        ValueError
            If a value can't be recorded by this instrument.
        """
        inverse = Inverse.of(x)
        for step in reversed((*self.shape, *self.writing)):
            inverse = step.invert(inverse)
        return inverse


class NoDraws:
    """Draws without chance: whatever happens at all, happens to everybody."""

    def uniform(self, role: str, n: int) -> Array:  # noqa: ARG002
        """Return zeros, shape (n,)."""
        return np.zeros(n)

    def normal(self, role: str, chosen: Array) -> Array:  # noqa: ARG002
        """Return zeros, shape (chosen.sum(),)."""
        return np.zeros(int(np.count_nonzero(chosen)))


def _record(steps: list[Step] | tuple[Step, ...], values: Values, draws: Draws) -> Values:
    for step in steps:
        values = step.record(values, draws)
    return values


def _limits(lower: float | None, upper: float | None) -> tuple[float, float]:
    return -math.inf if lower is None else lower, math.inf if upper is None else upper
