"""What recorded values say of the normal variables behind them: a value, an interval or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.measurement.composition import Instrument
from synthcohort.measurement.step import Inverse
from synthcohort.scene import Scene

Array = np.ndarray

OBSERVED, MISSING, INTERVAL = range(3)


@dataclass(frozen=True)
class Seen:
    """Recorded values on the scale of the linear model.

    Parameters
    ----------
    status : ndarray of int8, shape (N, q)
        Observed, missing or within an interval.
    value : ndarray, shape (N, q)
        Where observed.
    lower, upper : ndarray, shape (N, q)
        Where within an interval.
    log_jacobian : ndarray, shape (N,)
        Log derivative of the observed values of the linear model by the recorded ones.
    slack : ndarray, shape (N, q)
        How far rounding and heaping may have moved a value, at most.
    """

    status: Array
    value: Array
    lower: Array
    upper: Array
    log_jacobian: Array
    slack: Array


def seen(scene: Scene, X: pd.DataFrame, measured: bool) -> Seen:
    """Read recorded values.

    Rounding and heaping are left out of account: a value counts as if it were exact.

    Parameters
    ----------
    scene : Scene
    X : DataFrame, shape (N, q)
        Biomarkers of the scene, any of them; NaN where missing.
    measured : bool
        False takes the values as those of the linear model.

    Returns
    -------
    Seen

    Raises
    ------
    ValueError
        If a value is infinite or can't be recorded by its instrument.
    """
    value = X.to_numpy(dtype=float, copy=True)
    status = np.where(np.isnan(value), MISSING, OBSERVED).astype(np.int8)
    lower, upper = np.full(X.shape, -np.inf), np.full(X.shape, np.inf)
    log_jacobian = np.zeros(len(X))
    slack = np.zeros(X.shape)
    for j, name in enumerate(map(str, X.columns)):
        if np.isinf(value[:, j]).any():
            raise ValueError(f"{name}: got an infinite value, allowed: numbers and missing values")
        measurement = scene.biomarkers[name].measurement
        if not measured or not measurement.acts:
            continue
        try:
            found = Instrument.of(measurement).invert(value[:, j])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        inside = ~np.isnan(found.lower)
        status[inside, j] = INTERVAL
        lower[inside, j], upper[inside, j] = found.lower[inside], found.upper[inside]
        value[:, j] = found.value
        log_jacobian += found.log_jacobian
        slack[:, j] = _slack(found, inside)
    return Seen(status, value, lower, upper, log_jacobian, slack)


def _slack(found: Inverse, inside: Array) -> Array:
    """How far beyond its value or interval a value may have been, shape (N,)."""
    below = np.where(inside, found.lower, found.value)
    above = np.where(inside, found.upper, found.value)
    with np.errstate(invalid="ignore"):
        more = np.maximum(below - found.low, found.high - above)
    return np.where(np.isfinite(more), np.maximum(more, 0.0), 0.0)
