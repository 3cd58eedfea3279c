"""The normal variable behind a column, shifted by groups: mean 0, variance 1 over everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

Array = np.ndarray
_ROUNDS = 8
_GRID = np.linspace(-9.0, 9.0, 3601)
_MOST_EXPLAINED = 0.95
_MEAN_DIGITS = 3


@dataclass(frozen=True)
class LatentScale:
    """A mixture of normal variables of one SD, one for each combination of groups.

    Parameters
    ----------
    effects : ndarray, shape (q,)
        Of the columns of the design, the constant first.
    sd : float
        Within groups.
    below, moment : ndarray, shape (3601,)
        On a grid: the share of people below, and the mean up to there times that share.
    """

    effects: Array
    sd: float
    below: Array
    moment: Array

    @classmethod
    def of(cls, effects: Array, sd: float, fitted: Array, weight: Array) -> LatentScale:
        """Mix the normal variables of people with the given means."""
        means, which = np.unique(np.round(fitted, _MEAN_DIGITS), return_inverse=True)
        share = np.bincount(which, weight)
        z = (_GRID[:, None] - means) / sd
        below = ndtr(z)
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        share = share / share.sum()
        return cls(effects, sd, below @ share, (below * means - sd * density) @ share)

    def at(self, share: Array) -> Array:
        """Values at shares of people, which are above 0 and below 1."""
        return np.asarray(np.interp(share, self.below, _GRID))

    def share(self, value: Array) -> Array:
        """Shares of people below values."""
        return np.asarray(np.interp(value, _GRID, self.below))

    def mean_between(self, low: Array, high: Array) -> Array:
        """Mean values between shares of people, `low` below `high`."""
        total = np.interp(high, self.below, self.moment) - np.interp(low, self.below, self.moment)
        return np.asarray(np.clip(total / (high - low), _GRID[0], _GRID[-1]))


def fit_latent_scale(low: Array, high: Array, design: Array, weight: Array) -> LatentScale:
    """Find the effects of groups on the normal variable behind recorded values.

    Parameters
    ----------
    low, high : ndarray, shape (n,)
        Shares of people below each person's value, and up to it.
    design : ndarray, shape (n, q)
        A constant and indicators of levels.
    weight : ndarray, shape (n,)

    Returns
    -------
    LatentScale

    Notes
    -----
    Effects are least squares on the means of the variable given each value. Values that many
    share shrink them by the variance of those means, which is undone. The distribution that
    the effects imply gives new means, a few times over.
    """
    scale = LatentScale.of(np.zeros(design.shape[1]), 1.0, np.zeros(1), np.ones(1))
    if design.shape[1] == 1:
        return scale
    weight, root = weight / weight.sum(), np.sqrt(weight)[:, None]
    for _ in range(_ROUNDS):
        scores = scale.mean_between(low, high)
        scores = scores - weight @ scores
        effects, *_ = np.linalg.lstsq(design * root, scores * root[:, 0], rcond=None)
        effects /= weight @ scores**2
        fitted = design @ effects
        middle = weight @ fitted
        effects[0] -= middle
        explained = float(weight @ (fitted - middle) ** 2)
        if explained > _MOST_EXPLAINED:
            effects *= np.sqrt(_MOST_EXPLAINED / explained)
            explained = _MOST_EXPLAINED
        scale = LatentScale.of(effects, float(np.sqrt(1 - explained)), design @ effects, weight)
    return scale
