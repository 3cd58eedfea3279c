"""Normal mixtures on white coordinates by EM, compiled: what they gain over one normal."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.compilation import compiled

Array = np.ndarray

_FEWEST = 3.0
"""Individuals that a component must have, in expectation."""
_BETWEEN = 0.98
"""Share of the variance between components that is believed: none shrinks to a point."""
_PRIOR = 2.0
"""Individuals' worth of the whole data's covariance in that of each component."""


@compiled
def _root_of_inverse(A: Array) -> Array:
    """Invert the lower Cholesky factor of A, shape (q, q), of which the lower half counts."""
    q = len(A)
    factor, found = np.zeros((q, q)), np.zeros((q, q))
    for j in range(q):
        for h in range(j + 1):
            rest = A[j, h]
            for m in range(h):
                rest -= factor[j, m] * factor[h, m]
            factor[j, h] = np.sqrt(rest) if h == j else rest / factor[h, h]
    for h in range(q):
        found[h, h] = 1 / factor[h, h]
        for j in range(h + 1, q):
            rest = 0.0
            for m in range(h, j):
                rest -= factor[j, m] * found[m, h]
            found[j, h] = rest / factor[j, j]
    return found


@compiled
def fit_tied(Y: Array, shares: Array, rounds: int, tolerance: float) -> float:
    """Fit a mixture with one covariance for all components.

    As the data are white, the covariance is what the means leave of the identity, and only
    means need to be updated.

    Parameters
    ----------
    Y : ndarray, shape (N, q)
        White: means 0, covariance 1.
    shares : ndarray, shape (N, K)
        Each individual's share in each component; the start, and overwritten by the result.
    rounds : int
    tolerance : float
        Ends when a round gains less.

    Returns
    -------
    float
        Log-likelihood less that of one normal, in nats; -inf if a component is too small.
    """
    n, q = Y.shape
    k = shares.shape[1]
    gain = -np.inf
    logit = np.empty(k)
    for _ in range(rounds):
        sizes = np.zeros(k)
        means = np.zeros((k, q))
        for i in range(n):
            for c in range(k):
                s = shares[i, c]
                sizes[c] += s
                for j in range(q):
                    means[c, j] += s * Y[i, j]
        smallest = sizes[0]
        for c in range(k):
            smallest = min(smallest, sizes[c])
            for j in range(q):
                means[c, j] /= sizes[c]
        if smallest < _FEWEST:
            break
        gram, inner = np.zeros((k, k)), np.zeros((k, k))
        for c in range(k):
            for d in range(k):
                for j in range(q):
                    gram[c, d] += means[c, j] * means[d, j]
                inner[c, d] = -_BETWEEN * gram[c, d]
            inner[c, c] += n / sizes[c]
        root = _root_of_inverse(inner)
        found = 0.0
        weights = np.zeros((k, q))
        for c in range(k):
            found += np.log(root[c, c]) - 0.5 * np.log(sizes[c] / n)
            for d in range(k):
                inverse = 0.0
                for m in range(max(c, d), k):
                    inverse += root[m, c] * root[m, d]
                found -= 0.5 * _BETWEEN * inverse * gram[c, d]
                for j in range(q):
                    weights[c, j] += inverse * means[d, j] * n / sizes[c]
        found *= n
        constants = np.zeros(k)
        for c in range(k):
            constants[c] = np.log(sizes[c] / n)
            for j in range(q):
                constants[c] -= 0.5 * weights[c, j] * means[c, j]
        for i in range(n):
            top = -np.inf
            for c in range(k):
                value = constants[c]
                for j in range(q):
                    value += weights[c, j] * Y[i, j]
                logit[c] = value
                top = max(top, value)
            total = 0.0
            for c in range(k):
                logit[c] = np.exp(logit[c] - top)
                total += logit[c]
            for c in range(k):
                shares[i, c] = logit[c] / total
            found += top + np.log(total)
        if found - gain < tolerance:
            gain = max(gain, found)
            break
        gain = found
    return gain


@compiled
def fit_full(Y: Array, shares: Array, rounds: int, tolerance: float) -> float:
    """Fit a mixture with a covariance for each component; as `fit_tied`."""
    n, q = Y.shape
    k = shares.shape[1]
    gain = -np.inf
    logit = np.empty((n, k))
    centred = np.empty(q)
    for _ in range(rounds):
        smallest = np.inf
        for c in range(k):
            size = 0.0
            mean = np.zeros(q)
            moments = np.zeros((q, q))
            for i in range(n):
                s = shares[i, c]
                size += s
                for j in range(q):
                    v = s * Y[i, j]
                    mean[j] += v
                    for h in range(j + 1):
                        moments[j, h] += v * Y[i, h]
            smallest = min(smallest, size)
            if size < _FEWEST:
                break
            for j in range(q):
                mean[j] /= size
            for j in range(q):
                for h in range(j + 1):
                    moments[j, h] -= size * mean[j] * mean[h]
                    if j == h:
                        moments[j, j] += _PRIOR
                    moments[j, h] /= size + _PRIOR
            root = _root_of_inverse(moments)
            constant = np.log(size / n)
            for j in range(q):
                constant += np.log(root[j, j])
            for i in range(n):
                for j in range(q):
                    centred[j] = Y[i, j] - mean[j]
                value = 0.0
                for j in range(q):
                    u = 0.0
                    for h in range(j + 1):
                        u += root[j, h] * centred[h]
                    value += u * u
                logit[i, c] = constant - 0.5 * value
        if smallest < _FEWEST:
            break
        found = 0.0
        for i in range(n):
            top = -np.inf
            for c in range(k):
                top = max(top, logit[i, c])
            total = 0.0
            for c in range(k):
                logit[i, c] = np.exp(logit[i, c] - top)
                total += logit[i, c]
            for c in range(k):
                shares[i, c] = logit[i, c] / total
            found += top + np.log(total)
            for j in range(q):
                found += 0.5 * Y[i, j] ** 2
        if found - gain < tolerance:
            gain = max(gain, found)
            break
        gain = found
    return gain
