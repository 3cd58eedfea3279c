"""What an instrument makes of a value."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from synthcohort.scene.parts import Decimals, Number, Part, Positive, Share

Point = Annotated[list[Number], Field(min_length=2, max_length=2)]
"""A value of the linear model, and what is recorded there."""


class Heaping(Part):
    """Digit preference: some values are recorded at the nearest multiple."""

    to: Positive
    """The multiple, in the biomarker's unit, such as 5."""
    rate: Share
    """Share of the values that are recorded so."""


class Detection(Part):
    """Limits beyond which the instrument can't tell one value from another."""

    lower: Number | None = None
    """Lower limit in the biomarker's unit."""
    upper: Number | None = None
    """Upper limit in the biomarker's unit."""
    report: Literal["limit", "half", "missing"] = "limit"
    """What is recorded beyond: the limit, half the lower limit, or nothing."""


class Outliers(Part):
    """Gross errors: some values get noise of a larger SD."""

    rate: Share
    """Share of the values with a gross error."""
    factor: Annotated[float, Field(ge=1, allow_inf_nan=False)]
    """What multiplies the SD of their noise."""


class Measurement(Part):
    """What the instrument makes of the value.

    In this order: outliers, scale, thresholds or curve or bounds, detection limits, heaping,
    decimals.
    What is reported beyond a detection limit is neither heaped nor rounded.
    """

    scale: Literal["linear", "log"] = "linear"
    """With "log" the linear model is that of the natural logarithm of the value."""
    thresholds: list[Number] = []
    """Makes an ordinal or count score: the number of thresholds at or below the value."""
    codes: list[Number] = []
    """What is recorded for each score, ascending, one more than thresholds; by default 0, 1, ..."""
    curve: list[Point] = []
    """Points (value of the linear model, recorded value) of a rising curve, straight between them
    and flat beyond. Two points of one recorded value are a heap, two of one linear value a jump."""
    lower: Number | None = None
    """Lowest value that there is."""
    upper: Number | None = None
    """Highest value that there is."""
    beyond: Literal["clip", "truncate"] = "clip"
    """Values beyond a bound: "clip" sets them to it; "truncate" has none, the distribution
    within each combination of groups and covariates is the truncated normal."""
    detection: Detection | None = None
    """Detection limits."""
    heaping: Heaping | None = None
    """Digit preference."""
    decimals: Decimals | None = None
    """Decimals that are recorded; all of them by default."""
    outliers: Outliers | None = None
    """Gross errors."""

    @property
    def bounded(self) -> bool:
        """Whether any bound acts on the value."""
        return self.lower is not None or self.upper is not None

    @property
    def acts(self) -> bool:
        """Whether what is recorded can differ from the value of the linear model."""
        return self != Measurement()

    @property
    def latent_bounds(self) -> tuple[float, float]:
        """Bounds on the scale of the linear model; infinite where there is none."""
        return self.to_latent(self.lower, -math.inf), self.to_latent(self.upper, math.inf)

    def to_latent(self, value: float | None, default: float) -> float:
        """Bring a value to the scale of the linear model, or take `default` for None."""
        if value is None:
            return default
        if self.scale == "linear":
            return value
        return math.log(value) if value > 0 else -math.inf
