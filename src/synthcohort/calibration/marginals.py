"""One variable's parameters from its summaries: normal, or log-normal, within groups."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.special import ndtr

from synthcohort.calibration.published_summary import ALL, QUANTILES, PublishedFigure

Array = np.ndarray
Shares = dict[str, dict[str, float]]
_PRIOR = 1e-4
_PINNED = 0.99
_VARIATION = 0.15


@dataclass(frozen=True)
class Marginal:
    """A variable within every combination of levels.

    Parameters
    ----------
    baseline, sd : float
        In the first level of every group, on the scale of the linear model.
    shift, spread : dict of str to dict of str to float
        By group and level; nothing for groups that no figure is about.
    log : bool
        Whether the linear model is that of the logarithm.
    assumed : list of str
        Parameters that the figures do not pin, with the reason.
    implied : list of float
        What the parameters imply, for every figure.
    """

    baseline: float
    sd: float
    shift: Shares
    spread: Shares
    log: bool
    assumed: list[str]
    implied: list[float]


@dataclass(frozen=True)
class CrossedGroups:
    """All combinations of levels, groups being independent.

    Parameters
    ----------
    levels : list of dict of str to str
    probability : ndarray, shape (n_cells,)
    """

    levels: list[dict[str, str]]
    probability: Array

    @classmethod
    def of(cls, shares: Shares) -> CrossedGroups:
        """List the combinations."""
        found: list[tuple[dict[str, str], float]] = [({}, 1.0)]
        for group, row in shares.items():
            found = [({**c, group: lv}, p * q) for c, p in found for lv, q in row.items()]
        return cls([c for c, _ in found], np.array([p for _, p in found]))

    def weights(self, level: str) -> Array:
        """Shares of the cells among those with a level, or among all."""
        inside = [level == ALL or level in cell.values() for cell in self.levels]
        weight = self.probability * np.array(inside)
        return np.asarray(weight / weight.sum())

    def effect(self, table: Shares, default: float, cell: dict[str, str]) -> float:
        """Sum of shifts, where the default is 0, or product of spreads, where it is 1."""
        values = [row.get(cell[group], default) for group, row in table.items()]
        return math.prod(values) if default else math.fsum(values)


def solve(figures: list[PublishedFigure], shares: Shares, spreads: bool) -> Marginal:
    """Find the parameters whose implied figures are nearest, by least squares.

    Parameters
    ----------
    figures : list of PublishedFigure
        Of one variable, no correlations.
    shares : dict
        Share of each level by group.
    spreads : bool
        Whether the SD may differ by level.

    Returns
    -------
    Marginal
        A parameter counts as pinned where the figures' Jacobian determines it; the others stay
        at their assumed start.
    """
    log = _skewed(figures)
    cells = CrossedGroups.of(shares)
    levels = {f.level for f in figures}
    shaped = {f.level for f in figures if f.statistic in ("sd", "q1", "q3")}
    free = [(g, lv) for g, row in shares.items() if set(row) & levels for lv in list(row)[1:]]
    widened = {g for g, row in shares.items() if spreads and set(row) & shaped}
    spread = [(g, lv) for g in shares if g in widened for lv in list(shares[g])[1:]]
    start = np.zeros(2 + len(free) + len(spread))
    start[0], start[1] = _start(figures, log)
    unit = _spread(figures)  # a fixed scale: its own SD would grow to make misfits small
    scale = np.r_[np.exp(start[1]), np.ones(len(start) - 1)]

    def unpack(x: Array) -> tuple[Array, Array]:
        shift, widen = _tables(x, free, spread)
        mean = x[0] + np.array([cells.effect(shift, 0.0, c) for c in cells.levels])
        sd = np.exp(x[1]) * np.array([cells.effect(widen, 1.0, c) for c in cells.levels])
        return mean, sd

    def residuals(x: Array) -> Array:
        mean, sd = unpack(x)
        own = [_residual(f, cells.weights(f.level), mean, sd, log, unit) for f in figures]
        return np.array([*own, *(_PRIOR * (x - start) / scale)])

    fit = least_squares(residuals, start, x_scale="jac", xtol=1e-12, ftol=1e-14, gtol=1e-12)
    shift, widen = _tables(fit.x, free, spread)
    mean, sd = unpack(fit.x)
    names = ["mean", "SD", *(f"shift of {lv}" for _, lv in free)]
    names += [f"SD of {lv}" for _, lv in spread]
    pinned = _pinned(np.asarray(fit.jac)[: len(figures)] * scale)
    assumed = [n for n, known in zip(names, pinned, strict=True) if not known]
    implied = [_implied(f, cells.weights(f.level), mean, sd, log) for f in figures]
    return Marginal(float(fit.x[0]), float(np.exp(fit.x[1])), shift, widen, log, assumed, implied)


def _tables(
    x: Array, free: list[tuple[str, str]], spread: list[tuple[str, str]]
) -> tuple[Shares, Shares]:
    shift: Shares = {}
    widen: Shares = {}
    for (group, level), value in zip(free, x[2:], strict=False):
        shift.setdefault(group, {})[level] = float(value)
    for (group, level), value in zip(spread, x[2 + len(free) :], strict=True):
        widen.setdefault(group, {})[level] = float(np.exp(value))
    return shift, widen


def _pinned(jacobian: Array) -> Array:
    """Whether each parameter is determined: its part in the space that the figures see."""
    _, values, rows = np.linalg.svd(jacobian, full_matrices=False)
    seen = rows[values > 1e-6 * max(values[0], 1e-300)]
    return np.asarray((seen**2).sum(axis=0) > _PINNED)


def _skewed(figures: list[PublishedFigure]) -> bool:
    """Quartiles clearly nearer on the left, or an SD above half a positive mean: logarithm."""
    for level in {f.level for f in figures}:
        got = {f.statistic: f.value for f in figures if f.level == level}
        if {"q1", "median", "q3"} <= set(got) and got["q1"] > 0:
            middle = (got["q1"] + got["q3"]) / 2 - got["median"]
            return middle > 0.05 * (got["q3"] - got["q1"])
        if {"mean", "sd"} <= set(got) and got["mean"] > 0:
            return got["sd"] > got["mean"] / 2
    return False


def _centre(figures: list[PublishedFigure]) -> float:
    centres = [f.value for f in figures if f.statistic in ("mean", "median")]
    centres += [f.threshold for f in figures if f.statistic in ("above", "below")]
    centres += [f.value for f in figures if f.statistic in QUANTILES]
    return centres[0] if centres else 0.0


def _spread(figures: list[PublishedFigure]) -> float:
    """First guess of the SD: a published one, or from quartiles, or assumed."""
    sds = [f.value for f in figures if f.statistic == "sd"]
    q = {f.statistic: f.value for f in figures}
    if not sds and {"q1", "q3"} <= set(q) and q["q3"] > q["q1"]:
        sds = [(q["q3"] - q["q1"]) / 1.349]
    return sds[0] if sds else _VARIATION * abs(_centre(figures)) or 1.0


def _start(figures: list[PublishedFigure], log: bool) -> tuple[float, float]:
    centre, sd = _centre(figures), _spread(figures)
    if log and centre > 0:
        return math.log(centre), math.log(math.sqrt(math.log1p((sd / centre) ** 2)))
    return centre, math.log(sd)


def _residual(
    figure: PublishedFigure, weight: Array, mean: Array, sd: Array, log: bool, unit: float
) -> float:
    """Difference in the figure's own standard errors."""
    root = math.sqrt(figure.n)
    if figure.statistic in QUANTILES:
        p = QUANTILES[figure.statistic]
        below = _below(figure.value, weight, mean, sd, log)
        return root * (below - p) / math.sqrt(p * (1 - p))
    implied = _implied(figure, weight, mean, sd, log)
    if figure.statistic in ("above", "below"):
        p = figure.value / 100
        return root * (implied - figure.value) / 100 / math.sqrt(p * (1 - p))
    return root * (implied - figure.value) / unit


def _implied(figure: PublishedFigure, weight: Array, mean: Array, sd: Array, log: bool) -> float:
    if figure.statistic in QUANTILES:
        return _quantile(QUANTILES[figure.statistic], weight, mean, sd, log)
    if figure.statistic in ("above", "below"):
        below = _below(figure.threshold, weight, mean, sd, log)
        return 100 * (below if figure.statistic == "below" else 1 - below)
    first, spread = _moments(weight, mean, sd, log)
    return first if figure.statistic == "mean" else spread


def _moments(weight: Array, mean: Array, sd: Array, log: bool) -> tuple[float, float]:
    if log:
        mean, variance = np.exp(mean + sd**2 / 2), np.expm1(sd**2) * np.exp(2 * mean + sd**2)
    else:
        variance = sd**2
    centre = float(weight @ mean)
    return centre, math.sqrt(float(weight @ (variance + (mean - centre) ** 2)))


def _below(value: float, weight: Array, mean: Array, sd: Array, log: bool) -> float:
    if log and value <= 0:
        return 0.0
    return float(weight @ ndtr(((math.log(value) if log else value) - mean) / sd))


def _quantile(p: float, weight: Array, mean: Array, sd: Array, log: bool) -> float:
    low, high = float((mean - 9 * sd).min()), float((mean + 9 * sd).max())
    found = float(brentq(lambda v: float(weight @ ndtr((v - mean) / sd)) - p, low, high))
    return math.exp(found) if log else found
