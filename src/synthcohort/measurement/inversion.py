"""What recorded values say of the normal variables behind them: a value, an interval or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.scene import Scene
from synthcohort.scene.instrument import Detection, Measurement

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
        low, high = _interval(name, measurement, value[:, j])
        slack[:, j] = _reach(measurement)
        inside = ~np.isnan(low)
        status[inside, j] = INTERVAL
        lower[inside, j], upper[inside, j] = low[inside], high[inside]
        if measurement.scale == "log":
            rows = status[:, j] == OBSERVED
            edge = np.where(np.isfinite(upper[:, j]), upper[:, j], lower[:, j])
            written = np.where(rows, value[:, j], edge)
            np.divide(slack[:, j], written, out=slack[:, j], where=written > 0)
            value[rows, j] = np.log(value[rows, j])
            log_jacobian[rows] -= value[rows, j]
            lower[:, j], upper[:, j] = _log(lower[:, j]), _log(upper[:, j])
    return Seen(status, value, lower, upper, log_jacobian, slack)


def _half_step(measurement: Measurement) -> float:
    return 0.0 if measurement.decimals is None else 0.5 * 10.0**-measurement.decimals


def _reach(measurement: Measurement) -> float:
    """How far a written value may be from what it was before rounding and heaping."""
    heaped = measurement.heaping.to / 2 if measurement.heaping else 0.0
    return max(_half_step(measurement), heaped) * (1 + 1e-9)


def _interval(name: str, measurement: Measurement, x: Array) -> tuple[Array, Array]:
    """Intervals that recorded values stand for, in the biomarker's unit; NaN where exact."""
    if measurement.thresholds:
        return _of_scores(name, measurement.thresholds, x)
    low, high = np.full(len(x), np.nan), np.full(len(x), np.nan)
    half, reach = _half_step(measurement), _reach(measurement)
    lower = -np.inf if measurement.lower is None else measurement.lower
    upper = np.inf if measurement.upper is None else measurement.upper
    if measurement.scale == "log":
        lower = max(lower, 0.0)
    beyond = (x < lower - reach) | (x > upper + reach)
    if (beyond & (x != _half_limit(measurement.detection))).any():
        raise ValueError(f"{name}: got a value beyond {lower:g} to {upper:g}, its bounds")
    if measurement.beyond == "clip":
        _put(low, high, x <= _rounded(measurement, lower), -np.inf, lower + half)
        _put(low, high, x >= _rounded(measurement, upper), upper - half, np.inf)
        if measurement.scale == "log" and lower == 0:
            # Nothing is below 0, and heaping may have brought small values to it.
            _put(low, high, x <= 0, -np.inf, reach)
    elif measurement.scale == "log":
        _put(low, high, x <= 0, -np.inf, reach)
    if measurement.detection is not None:
        _undetected(name, measurement.detection, x, low, high, half, reach)
    return low, high


def _of_scores(name: str, thresholds: list[float], x: Array) -> tuple[Array, Array]:
    """Intervals between the thresholds."""
    known = ~np.isnan(x)
    score = np.where(known, x, 0).astype(int)
    if (score[known] != x[known]).any() or (score < 0).any() or (score > len(thresholds)).any():
        raise ValueError(f"{name}: got a value that is no score from 0 to {len(thresholds)}")
    edges = np.array([-np.inf, *thresholds, np.inf])
    return np.where(known, edges[score], np.nan), np.where(known, edges[score + 1], np.nan)


def _undetected(
    name: str, limits: Detection, x: Array, low: Array, high: Array, half: float, reach: float
) -> None:
    """Intervals of values beyond the detection limits; missing ones say nothing."""
    if limits.report == "missing":
        return
    if limits.lower is not None:
        code = limits.lower / 2 if limits.report == "half" else limits.lower
        if ((x < limits.lower - reach) & (x != code)).any():
            raise ValueError(f"{name}: got a value below {limits.lower:g}, its detection limit")
        edge = limits.lower if limits.report == "half" else limits.lower + half
        _put(low, high, x == code, -np.inf, edge)
    if limits.upper is not None:
        if (x > limits.upper + reach).any():
            raise ValueError(f"{name}: got a value above {limits.upper:g}, its detection limit")
        _put(low, high, x == limits.upper, limits.upper - half, np.inf)


def _half_limit(limits: Detection | None) -> float:
    """Half the lower limit where that is recorded below it: a code, not a value; else NaN."""
    if limits is None or limits.lower is None or limits.report != "half":
        return np.nan
    return limits.lower / 2


def _put(low: Array, high: Array, rows: Array, lower: float, upper: float) -> None:
    low[rows], high[rows] = lower, upper


def _rounded(measurement: Measurement, value: float) -> float:
    if measurement.decimals is None or not np.isfinite(value):
        return value
    return float(np.round(value, measurement.decimals))


def _log(value: Array) -> Array:
    """Logarithm of limits, minus infinity for those that are not positive."""
    result = np.full(len(value), -np.inf)
    np.log(value, out=result, where=value > 0)
    return result
