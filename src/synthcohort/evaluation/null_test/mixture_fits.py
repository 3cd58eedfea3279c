"""The best of several starts of a mixture, after a few rounds of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Array = np.ndarray
Fit = Callable[[Array, Array, int, float], float]

_SOFT = 0.9
"""Share of an individual in the component that a split puts it in."""
_FIRST = 5
_TOLERANCE = 0.03


def soft(split: Array) -> Array:
    """Turn a split, bool of shape (N,), into shares in two components, shape (N, 2)."""
    return np.where(split[:, None], [1 - _SOFT, _SOFT], [_SOFT, 1 - _SOFT])


def best_fit(
    fit: Fit, Y: Array, starts: Sequence[Array], rounds: int, carried: int = 1
) -> tuple[float, Array]:
    """Fit from several starts; only the best after a few rounds go on.

    Parameters
    ----------
    fit : callable
        `fit_tied` or `fit_full`.
    Y : ndarray, shape (N, q)
    starts : sequence of ndarray, shape (N, K)
    rounds : int
    carried : int, default 1
        How many starts go on.

    Returns
    -------
    gain : float
        In nats; -inf without a start that works.
    shares : ndarray, shape (N, K)
    """
    shares = [np.ascontiguousarray(start, dtype=float).copy() for start in starts]
    gains = [fit(Y, s, _FIRST, _TOLERANCE) for s in shares]
    best = (-np.inf, shares[0])
    for i in np.argsort(gains)[::-1][:carried]:
        gain = max(gains[i], fit(Y, shares[i], rounds, _TOLERANCE))
        if gain > best[0]:
            best = (gain, shares[i])
    return best


def one_more(Y: Array, shares: Array) -> list[Array]:
    """Split every component along its flattest direction: starts with one component more."""
    hard = shares.argmax(axis=1)
    starts = []
    for k in range(shares.shape[1]):
        rows = np.flatnonzero(hard == k)
        if len(rows) < 2 * Y.shape[1] + 2:
            continue
        part = Y[rows] - Y[rows].mean(axis=0)
        _, axes = np.linalg.eigh((part * (part**2).sum(axis=1)[:, None]).T @ part)
        along = part @ axes
        along /= along.std(axis=0)
        side = along[:, np.argmin((along**4).mean(axis=0))] > 0
        start = np.column_stack([shares, np.zeros(len(Y))])
        start[rows[side], -1], start[rows[side], k] = start[rows[side], k], 0.0
        starts.append(start)
    return starts
