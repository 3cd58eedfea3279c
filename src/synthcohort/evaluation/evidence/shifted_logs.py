"""The scale on which the clusters of a partition are most nearly normal, column by column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray

SHIFTS = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Distances, in SDs, from the lowest (highest) value to where the logarithm is infinite."""


@dataclass(frozen=True)
class Scales:
    """Every column on every scale: as it is, and by shifted logarithms from either end.

    Parameters
    ----------
    values : ndarray, shape (N, p, S)
        Each of mean 0 and variance 1; the first scale is the column as it is.
    slopes : ndarray, shape (N, p, S)
        Log of the derivative by the standardised column: what makes densities comparable.
    """

    values: Array
    slopes: Array


@dataclass(frozen=True)
class Scaled:
    """Columns on the scales that suit a partition.

    Parameters
    ----------
    values : ndarray, shape (N, p)
    slope : ndarray, shape (N,)
        Log of the Jacobian of each individual.
    chosen : int
        Columns that are not taken as they are: so many parameters.
    """

    values: Array
    slope: Array
    chosen: int


def scales(values: Array) -> Scales:
    """Put every column on every scale.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        No column constant.
    """
    plain = (values - values.mean(axis=0)) / values.std(axis=0)
    above, below = plain - plain.min(axis=0), plain.max(axis=0) - plain
    found, slopes = [plain], [np.zeros_like(plain)]
    for shift in SHIFTS:
        for logarithm, sign in ((np.log(above + shift), 1), (np.log(below + shift), -1)):
            spread = logarithm.std(axis=0)
            found.append(sign * (logarithm - logarithm.mean(axis=0)) / spread)
            slopes.append(-logarithm - np.log(spread))
    return Scales(np.stack(found, axis=2), np.stack(slopes, axis=2))


def best_scales(every: Scales, member: Array, hidden: Array) -> Scaled:
    """Choose each column's scale by the likelihood of one normal a cluster.

    Parameters
    ----------
    every : Scales
    member : ndarray, shape (N, k)
        Weights of individuals in clusters, none empty; their sum counts everybody.
    hidden : ndarray, shape (p,)
        Share of variance that ties hide.

    Notes
    -----
    The profile likelihood of Box & Cox (1964, JRSS B 26:211) with the three-parameter
    log-normal (Johnson 1949, Biometrika 36:149) in place of powers, so that it does not
    matter where a column has its zero. A scale costs half a logarithm of N, as in BIC.
    """
    n, p, count = every.values.shape
    flat = every.values.reshape(n, -1)
    size, weight = member.sum(axis=0), member.sum(axis=1)
    means = member.T @ flat / size[:, None]
    total = weight.sum()
    within = (weight @ flat**2 - size @ means**2).reshape(p, count) / total
    within = np.maximum(within + hidden[:, None], 1e-12)
    likelihood = np.tensordot(weight, every.slopes, 1) - 0.5 * total * np.log(within)
    likelihood[:, 1:] -= 0.5 * np.log(total)
    best = likelihood.argmax(axis=1)
    columns = np.arange(p)
    return Scaled(
        every.values[:, columns, best],
        every.slopes[:, columns, best].sum(axis=1),
        int((best > 0).sum()),
    )
