"""Lloyd's iterations of weighted k-means: the step that a run spends nearly all its time in.

Written out because a replicate takes milliseconds, of which a general implementation
needs several for its checks. The distances of a row to all centres are summed in one
order, so the result doesn't depend on the machine's linear algebra.
"""

from __future__ import annotations

import numba
import numpy as np

Array = np.ndarray

_ROUNDING = 1e-12


@numba.njit(cache=True, nogil=True)
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
    turned = np.ascontiguousarray(centers.T)
    squares = np.empty(k, dtype=np.float32)
    own = np.zeros(n, dtype=np.int32)
    upper = np.empty(n, dtype=np.float32)
    lower = np.empty(n, dtype=np.float32)
    sums, mass = np.zeros((k, p)), np.zeros(k)
    inertia = 0.0
    for i in range(n):
        own[i], lower[i] = _two_nearest(X[i], turned, squares)
        upper[i] = np.sqrt(squares[own[i]])
        inertia += weight[i] * squares[own[i]]
        _move(X[i], weight[i], own[i], sums, mass)
    # Rounding alone can gain as much as the second term.
    enough = tol * inertia + _ROUNDING * weight.sum()
    for iteration in range(max_iter):
        _fill_empty(X, weight, own, upper, sums, mass)
        moved, gain = _towards_means(sums, mass, turned, enough, relaxation)
        if gain <= enough:
            return np.ascontiguousarray(turned.T), iteration
        half = _half_gaps(turned)
        farthest = moved.max()
        for i in range(n):
            upper[i] += moved[own[i]]
            lower[i] -= farthest
            safe = max(lower[i], half[own[i]])
            if upper[i] <= safe:
                continue
            upper[i] = _distance(X[i], turned, own[i])
            if upper[i] <= safe:
                continue
            before = own[i]
            own[i], lower[i] = _two_nearest(X[i], turned, squares)
            upper[i] = np.sqrt(squares[own[i]])
            if own[i] != before:
                _move(X[i], -weight[i], before, sums, mass)
                _move(X[i], weight[i], own[i], sums, mass)
    return np.ascontiguousarray(turned.T), max_iter


@numba.njit(cache=True, nogil=True)
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
    turned = np.ascontiguousarray(centers.T)
    squares = np.empty(len(centers), dtype=np.float32)
    labels = np.empty(len(X), dtype=np.int32)
    distances = np.empty(len(X), dtype=np.float32)
    for i in range(len(X)):
        labels[i], _ = _two_nearest(X[i], turned, squares)
        distances[i] = squares[labels[i]]
    return labels, distances


@numba.njit(cache=True, nogil=True)
def means(X: Array, labels: Array, k: int) -> Array:
    """Mean of the rows with each label from 0 to k - 1, shape (k, p); 0 where there are none."""
    sums, mass = np.zeros((k, X.shape[1])), np.zeros(k)
    for i in range(len(X)):
        _move(X[i], 1.0, labels[i], sums, mass)
    for c in range(k):
        sums[c] /= max(mass[c], 1.0)
    return sums.astype(np.float32)


@numba.njit(inline="always")
def _two_nearest(row: Array, turned: Array, squares: Array) -> tuple[int, float]:
    """Fill the squared distances to all centres, shape (p, k); the nearest, how far the second."""
    squares[:] = np.float32(0.0)
    for j in range(len(row)):
        for c in range(len(squares)):
            gap = row[j] - turned[j, c]
            squares[c] += gap * gap
    best = 0
    second = np.float32(np.inf)
    for c in range(1, len(squares)):
        if squares[c] < squares[best]:
            second = squares[best]
            best = c
        elif squares[c] < second:
            second = squares[c]
    return best, np.sqrt(second)


@numba.njit(inline="always")
def _distance(row: Array, turned: Array, c: int) -> float:
    total = np.float32(0.0)
    for j in range(len(row)):
        gap = row[j] - turned[j, c]
        total += gap * gap
    return np.sqrt(total)


@numba.njit(inline="always")
def _move(row: Array, weight: float, c: int, sums: Array, mass: Array) -> None:
    mass[c] += weight
    for j in range(len(row)):
        sums[c, j] += weight * row[j]


@numba.njit(cache=True)
def _fill_empty(
    X: Array, weight: Array, own: Array, upper: Array, sums: Array, mass: Array
) -> None:
    for c in range(len(mass)):
        if mass[c] <= 0.0:
            far = np.argmax(upper)
            _move(X[far], -weight[far], own[far], sums, mass)
            sums[c] = 0.0
            mass[c] = 0.0
            _move(X[far], weight[far], c, sums, mass)
            own[far] = c
            upper[far] = 0.0


@numba.njit(cache=True)
def _towards_means(
    sums: Array, mass: Array, turned: Array, enough: float, relaxation: float
) -> tuple[Array, float]:
    """Move the centres beyond their rows' means, or, where that gains little, to the means.

    Returns how far each went, and what moving to the means would gain in inertia.
    """
    way = np.zeros(turned.shape)
    gain = 0.0
    for c in range(len(mass)):
        if mass[c] <= 0.0:  # fewer distinct rows than centres
            continue
        for j in range(len(turned)):
            way[j, c] = sums[c, j] / mass[c] - turned[j, c]
            gain += mass[c] * way[j, c] ** 2
    if gain > enough:
        way *= relaxation
    turned += way.astype(np.float32)
    return np.sqrt((way**2).sum(axis=0)).astype(np.float32), gain


@numba.njit(cache=True)
def _half_gaps(turned: Array) -> Array:
    """Half the distance of each centre to its nearest other: rows within it can't leave."""
    k = turned.shape[1]
    half = np.full(k, np.inf, dtype=np.float32)
    for a in range(k):
        for b in range(k):
            if a != b:
                half[a] = min(half[a], _distance(turned[:, a], turned, b) / 2)
    return half
