"""`pathological`: distance from the healthy centre in units of the distance to the cut-off."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from synthcohort.clustering.preprocessing.cutoff_limits import biomarker_columns, limit, strata
from synthcohort.scene.model import Cutoffs

Array = np.ndarray

REFERENCE_INTERVAL = (2.5, 97.5)
"""Percentiles of the 95 % reference interval (CLSI EP28-A3c)."""


class PathologicalScaler(TransformerMixin, BaseEstimator):
    """Signed distance from the healthy centre: 0 there, +1 at the upper limit, -1 at the lower.

    The limits are the clinical cut-offs. Where one side or both have none, it is the
    2.5th or 97.5th percentile of the reference individuals: those within the cut-offs that
    the biomarker has, so that a group of sick people does not move the limits of the
    healthy. The healthy centre is the median of the values within both limits. Between
    and beyond, the value is linear on each side:

    - above the centre, (x - centre) / (upper - centre);
    - below the centre, (x - centre) / (centre - lower).

    So 1 means the same for every biomarker, on the border of disease, however far the
    cut-off is from the centre and whatever the unit. Where a cut-off differs by sex,
    reference individuals, limits and centre are taken within each sex.

    Parameters
    ----------
    cutoffs : mapping of str to Cutoffs
        By biomarker; one left out has none.

    Attributes
    ----------
    limits_ : dict of (biomarker, level) to (lower, centre, upper)
        In the biomarker's unit; the level is ``""`` where everybody has the same.

    Notes
    -----
    Input is a DataFrame; a categorical column whose categories are the levels of the
    cut-offs (sex) tells which apply, and is not part of the output. Missing values are
    left out when fitting and stay missing.

    Where nobody is within the cut-offs, the centre is the middle of the two cut-offs, or,
    with one cut-off only, there is no healthy centre: a ValueError says so. A side
    without width, such as a score whose median is its lowest value, takes the width
    of the other side; a biomarker without any width becomes 0. Each is warned about.
    """

    def __init__(self, cutoffs: Mapping[str, Cutoffs]) -> None:
        self.cutoffs = cutoffs

    def fit(self, X: pd.DataFrame, y: object = None) -> PathologicalScaler:
        """Find limits and centres.

        Parameters
        ----------
        X : DataFrame, shape (N, p + groups)
        y : ignored
        """
        self.columns_ = biomarker_columns(X)
        self.limits_ = {}
        for name in self.columns_:
            cutoffs = self.cutoffs.get(name, Cutoffs())
            values = X[name].to_numpy(dtype=float)
            for level, rows in strata(cutoffs, X).items():
                low, high = limit(cutoffs.low, level), limit(cutoffs.high, level)
                if rows.any():
                    where = f"{name} ({level})" if level else name
                    self.limits_[name, level] = _limits(where, values[rows], low, high)
        return self

    def transform(self, X: pd.DataFrame) -> Array:
        """Return ndarray of float, shape (N, p); NaN where the value is missing."""
        return np.column_stack([self._scaled(X, name) for name in self.columns_])

    def get_feature_names_out(self, input_features: Any = None) -> Array:
        """Names of the output columns."""
        return np.array(self.columns_, dtype=object)

    def _scaled(self, X: pd.DataFrame, name: str) -> Array:
        values = X[name].to_numpy(dtype=float)
        scaled = np.full(len(values), np.nan)
        for level, rows in strata(self.cutoffs.get(name, Cutoffs()), X).items():
            if not rows.any():
                continue
            if (name, level) not in self.limits_:
                raise ValueError(f"{name}: nobody of level {level!r} was in the fit")
            lower, centre, upper = self.limits_[name, level]
            distance = values[rows] - centre
            with np.errstate(invalid="ignore"):
                width = np.where(distance < 0, centre - lower, upper - centre)
            scaled[rows] = np.where(width > 0, distance / np.where(width > 0, width, 1.0), 0.0)
            scaled[rows] = np.where(np.isnan(distance), np.nan, scaled[rows])
        return scaled


def _limits(
    where: str, values: Array, low: float | None, high: float | None
) -> tuple[float, float, float]:
    """Lower limit, healthy centre and upper limit of one biomarker in one level."""
    values = values[~np.isnan(values)]
    healthy = values
    if low is not None:
        healthy = healthy[healthy >= low]
    if high is not None:
        healthy = healthy[healthy < high]
    if len(healthy) == 0:
        if low is None or high is None:
            raise ValueError(f"{where}: nobody is within the cut-off: no healthy centre")
        warnings.warn(
            f"{where}: nobody is within the cut-offs; the centre is their middle", stacklevel=2
        )
        return low, (low + high) / 2, high
    percentiles = np.percentile(healthy, REFERENCE_INTERVAL)
    lower = float(percentiles[0]) if low is None else low
    upper = float(percentiles[1]) if high is None else high
    centre = float(np.median(healthy[(healthy >= lower) & (healthy <= upper)]))
    if lower < centre < upper:
        return lower, centre, upper
    width = max(centre - lower, upper - centre)
    warnings.warn(
        f"{where}: the healthy centre is at a limit; both sides get its width", stacklevel=2
    )
    return centre - width, centre, centre + width
