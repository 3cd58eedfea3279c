"""Lloyd's iterations of weighted k-means: the step that a run spends nearly all its time in.

Written out because a replicate takes milliseconds, of which a general implementation
needs several for its checks. The distances of a row to all centres are summed in one
order, so the result doesn't depend on the machine's linear algebra.
"""

from __future__ import annotations

import numba
import numpy as np

from synthcohort.clustering.base.row_blocks import BLOCK, squares_to
from synthcohort.clustering.compilation import compiled

Array = np.ndarray

_ROUNDING = 1e-12


@compiled
def lloyd(
    X: Array, weight: Array, centers: Array, max_iter: int, tol: float, relaxation: float = 1.0
) -> tuple[Array, int]:
    """Move centres to the weighted means of the rows nearest to them until that gains little.

    Parameters
    ----------
    X : ndarray of float32, shape (n, p)
    weight : ndarray of float64, shape (n,)
        Positive.
    centers : ndarray of float32, shape (k, p)
    max_iter : int
    tol : float
        Stop where moving the centres lowers the inertia by less than this share.
    relaxation : float, default 1.0
        How far centres move, of the way to the mean; the last time to the mean itself. Above
        1 (over-relaxation, below 2) it ends at a lower inertia in the same time.

    Returns
    -------
    centers : ndarray of float32, shape (k, p)
    iterations : int
        `max_iter` where they did not converge.

    Notes
    -----
    A row is looked at again only where its centre may no longer be the nearest: bounds on
    the distance to the nearest and the second centre are kept (Hamerly 2010, SIAM Int Conf
    Data Mining). A centre without rows goes to the row that is farthest from its own.
    """
    n, p = X.shape
    k = len(centers)
    centers = centers.copy()
    sums, mass = np.zeros((k, p)), np.zeros(k)
    own, distances, second = _all_nearest(X, np.arange(n), centers)
    upper, lower = distances, second  # squares yet
    inertia, everybody = 0.0, 0.0
    for i in range(n):
        inertia += weight[i] * distances[i]
        everybody += weight[i]
        upper[i], lower[i] = np.sqrt(distances[i]), np.sqrt(second[i])
        _move(X[i], weight[i], own[i], sums, mass)
    # Rounding alone can gain as much as the second term.
    enough = tol * inertia + _ROUNDING * everybody
    unsure = np.empty(n, dtype=np.int64)
    for iteration in range(max_iter):
        _fill_empty(X, weight, own, upper, sums, mass)
        moved, gain = _towards_means(sums, mass, centers, enough, relaxation)
        if gain <= enough:
            return centers, iteration
        half = _half_gaps(centers)
        farthest = np.float32(0.0)
        for c in range(k):
            farthest = max(farthest, moved[c])
        count = 0
        for i in range(n):
            upper[i] += moved[own[i]]
            lower[i] -= farthest
            unsure[count] = i
            count += upper[i] > max(lower[i], half[own[i]])
        now, distances, second = _all_nearest(X, unsure[:count], centers)
        for u in range(count):
            i = unsure[u]
            upper[i], lower[i] = np.sqrt(distances[u]), np.sqrt(second[u])
            if now[u] != own[i]:
                _move(X[i], -weight[i], own[i], sums, mass)
                _move(X[i], weight[i], now[u], sums, mass)
                own[i] = now[u]
    return centers, max_iter


@compiled
def nearest(X: Array, centers: Array) -> tuple[Array, Array]:
    """Find the nearest centre of each row.

    Parameters
    ----------
    X : ndarray of float32, shape (n, p)
    centers : ndarray of float32, shape (k, p)

    Returns
    -------
    labels : ndarray of int32, shape (n,)
    distances : ndarray of float32, shape (n,)
        Squared.
    """
    labels, distances, _ = _all_nearest(X, np.arange(len(X)), centers)
    return labels, distances


@compiled
def _all_nearest(X: Array, rows: Array, centers: Array) -> tuple[Array, Array, Array]:
    """Nearest centre of some rows, and the squared distances to it and to the second nearest.

    Works on blocks of rows turned into columns, so that one instruction serves many rows.
    """
    n, p = len(rows), X.shape[1]
    own = np.empty(n, dtype=np.int32)
    best = np.empty(n, dtype=np.float32)
    second = np.empty(n, dtype=np.float32)
    columns = np.zeros((p, BLOCK), dtype=np.float32)
    squares = np.empty(BLOCK, dtype=np.float32)
    of_block = np.empty(BLOCK, dtype=np.int32)
    least = np.empty(BLOCK, dtype=np.float32)
    next_least = np.empty(BLOCK, dtype=np.float32)
    for first in range(0, n, BLOCK):
        last = min(n, first + BLOCK)
        for i in range(first, last):
            row = X[rows[i]]
            for j in range(p):
                columns[j, i - first] = row[j]
        of_block[:] = 0
        least[:] = np.float32(np.inf)
        next_least[:] = np.float32(np.inf)
        for c in range(len(centers)):
            squares_to(columns, centers[c], squares)
            for r in range(BLOCK):
                nearer = squares[r] < least[r]
                farther = least[r] if nearer else squares[r]
                next_least[r] = farther if farther < next_least[r] else next_least[r]
                least[r] = squares[r] if nearer else least[r]
                of_block[r] = np.int32(c) if nearer else of_block[r]
        for i in range(first, last):
            own[i] = of_block[i - first]
            best[i] = least[i - first]
            second[i] = next_least[i - first]
    return own, best, second


@compiled
def means(X: Array, labels: Array, k: int) -> Array:
    """Mean of the rows with each label from 0 to k - 1, shape (k, p); 0 where there are none."""
    sums, mass = np.zeros((k, X.shape[1])), np.zeros(k)
    for i in range(len(X)):
        _move(X[i], 1.0, labels[i], sums, mass)
    found = np.empty(sums.shape, dtype=np.float32)
    for c in range(k):
        for j in range(X.shape[1]):
            found[c, j] = sums[c, j] / max(mass[c], 1.0)
    return found


@numba.njit(inline="always")
def _square(one: Array, other: Array) -> np.float32:
    total = np.float32(0.0)
    for j in range(len(one)):
        gap = one[j] - other[j]
        total += gap * gap
    return total


@numba.njit(inline="always")
def _move(row: Array, weight: float, c: int, sums: Array, mass: Array) -> None:
    mass[c] += weight
    for j in range(len(row)):
        sums[c, j] += weight * row[j]


@compiled
def _fill_empty(
    X: Array, weight: Array, own: Array, upper: Array, sums: Array, mass: Array
) -> None:
    for c in range(len(mass)):
        if mass[c] <= 0.0:
            far = 0
            for i in range(len(upper)):
                far = i if upper[i] > upper[far] else far
            _move(X[far], -weight[far], own[far], sums, mass)
            for j in range(X.shape[1]):
                sums[c, j] = 0.0
            mass[c] = 0.0
            _move(X[far], weight[far], c, sums, mass)
            own[far] = c
            upper[far] = 0.0


@compiled
def _towards_means(
    sums: Array, mass: Array, centers: Array, enough: float, relaxation: float
) -> tuple[Array, float]:
    """Move the centres beyond their rows' means, or, where that gains little, to the means.

    Returns how far each went, and what moving to the means would gain in inertia.
    """
    k, p = centers.shape
    way = np.zeros((k, p))
    moved = np.zeros(k, dtype=np.float32)
    gain = 0.0
    for c in range(k):
        if mass[c] <= 0.0:  # fewer distinct rows than centres
            continue
        for j in range(p):
            way[c, j] = sums[c, j] / mass[c] - centers[c, j]
            gain += mass[c] * way[c, j] ** 2
    far = relaxation if gain > enough else 1.0
    for c in range(k):
        square = 0.0
        for j in range(p):
            step = far * way[c, j]
            square += step**2
            centers[c, j] += np.float32(step)
        moved[c] = np.sqrt(square)
    return moved, gain


@compiled
def _half_gaps(centers: Array) -> Array:
    """Half the distance of each centre to its nearest other: rows within it can't leave."""
    k = len(centers)
    half = np.full(k, np.inf, dtype=np.float32)
    for a in range(k):
        for b in range(k):
            if a != b:
                half[a] = min(half[a], np.sqrt(_square(centers[a], centers[b])) / 2)
    return half
