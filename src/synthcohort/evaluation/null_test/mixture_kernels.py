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
        if sizes.min() < _FEWEST:
            break
        for c in range(k):
            means[c] /= sizes[c]
        gram = means @ means.T
        inner = -_BETWEEN * gram
        for c in range(k):
            inner[c, c] += n / sizes[c]
        inverse = np.linalg.inv(inner)
        weights = inverse @ means
        for c in range(k):
            weights[c] *= n / sizes[c]
        constants = np.empty(k)
        log_det = np.log(np.linalg.det(inner))
        for c in range(k):
            constants[c] = np.log(sizes[c] / n) - 0.5 * (weights[c] * means[c]).sum()
            log_det += np.log(sizes[c] / n)
        found = -0.5 * n * (log_det + _BETWEEN * (inverse * gram).sum())
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
            mean /= size
            for j in range(q):
                for h in range(j + 1):
                    moments[j, h] -= size * mean[j] * mean[h]
                    if j == h:
                        moments[j, j] += _PRIOR
                    moments[j, h] /= size + _PRIOR
                    moments[h, j] = moments[j, h]
            root = np.linalg.inv(np.linalg.cholesky(moments))
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
            top = logit[i].max()
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
