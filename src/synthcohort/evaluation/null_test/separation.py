"""How far apart two groups must be to be seen: what a test without a finding can still say."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

Array = np.ndarray

_POWER = 0.84
"""Normal quantile of 80 %."""
_DISTANCES = np.linspace(0.5, 10.0, 191)


def seen_from(n: int, needed: float, extra: float) -> float:
    """Return the distance of two equal groups that a test finds in 80 %.

    Parameters
    ----------
    n : int
        Individuals.
    needed : float
        Gain in log-likelihood (nats) above which the test rejects.
    extra : float
        Gain that fitting the groups adds by chance: half the number of parameters.

    Returns
    -------
    float
        Mahalanobis distance, in SDs within groups; 10 where even that isn't seen.

    Notes
    -----
    Two equal normal groups at distance d gain n times the divergence of their mixture from
    the normal distribution of its mean and variance, with a variance of twice that.
    """
    gain = n * two_group_divergence(_DISTANCES)
    seen = gain + extra - _POWER * np.sqrt(2 * gain) >= needed
    return float(_DISTANCES[np.argmax(seen)] if seen.any() else _DISTANCES[-1])


def two_group_divergence(distances: Array) -> Array:
    """Return the divergence (nats) of two equal normal groups from one normal distribution.

    Examples
    --------
    >>> two_group_divergence(np.array([0.0, 4.0])).round(3).tolist()
    [0.0, 0.172]
    """
    d = np.asarray(distances, dtype=float)[:, None]
    x = np.linspace(-8, 8, 801) + d / 2 * np.linspace(-1, 1, 801)
    step = np.gradient(x, axis=1)
    mixture = (np.exp(-0.5 * (x - d / 2) ** 2) + np.exp(-0.5 * (x + d / 2) ** 2)) / 2
    mixture /= np.sqrt(2 * np.pi)
    variance = 1 + d**2 / 4
    normal = -0.5 * x**2 / variance - 0.5 * np.log(2 * np.pi * variance)
    log_mixture = np.log(np.maximum(mixture, 1e-300))
    return np.asarray((mixture * (log_mixture - normal) * step).sum(axis=1))


def ari_between(distance: float) -> float:
    """Return the best ARI that two equal normal groups at a distance allow.

    Examples
    --------
    >>> round(ari_between(3.0), 2)
    0.75
    """
    return float((1 - 2 * ndtr(-distance / 2)) ** 2)
