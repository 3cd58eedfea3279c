"""Latent classes of yes/no columns, their number by BIC."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.rivals.rival_clustering import RivalClustering, by_size, sample

Array = np.ndarray

_STARTS = 5
_STEPS = 300
_CLOSE = 1e-6


def latent_classes(values: Array, most: int, seed: int) -> RivalClustering:
    """Classes within which yes/no columns are independent (Lazarsfeld & Henry 1968).

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Of 0 and 1.
    most : int
        Largest number of classes.
    seed : int

    Returns
    -------
    RivalClustering
        Its criterion is minus BIC on those it is fitted on.
    """
    rows = sample(len(values), seed)
    n, p = values[rows].shape
    rng = np.random.default_rng([seed, 12])
    criterion: dict[int, float] = {}
    best = None
    for k in range(1, min(most, len(np.unique(values[rows], axis=0))) + 1):
        fits = [_fit(values[rows], k, rng) for _ in range(_STARTS if k > 1 else 1)]
        model, likelihood = max(fits, key=lambda fit: fit[1])
        criterion[k] = 2 * likelihood - np.log(n) * (k * p + k - 1)
        if criterion[k] == max(criterion.values()):
            best = model
    if best is None:
        return RivalClustering(np.zeros(len(values), dtype=np.int64), {})
    return RivalClustering(by_size(_joint(values, *best).argmax(axis=1)), criterion)


def _joint(values: Array, share: Array, yes: Array) -> Array:
    """Log of the joint density of answers and class, shape (N, k)."""
    return np.asarray(np.log(share) + values @ np.log(yes).T + (1 - values) @ np.log1p(-yes).T)


def _fit(values: Array, k: int, rng: np.random.Generator) -> tuple[tuple[Array, Array], float]:
    """One start of EM; half an answer of each kind keeps probabilities off 0 and 1."""
    belongs = rng.dirichlet(np.ones(k), len(values))
    last = -np.inf
    for _ in range(_STEPS):
        size = belongs.sum(axis=0)
        share = (size + 0.5) / (size + 0.5).sum()
        yes = (belongs.T @ values + 0.5) / (size[:, None] + 1)
        joint = _joint(values, share, yes)
        top = joint.max(axis=1, keepdims=True)
        density = np.exp(joint - top)
        likelihood = float((top[:, 0] + np.log(density.sum(axis=1))).sum())
        belongs = density / density.sum(axis=1, keepdims=True)
        if likelihood - last < _CLOSE * len(values):
            break
        last = likelihood
    return (share, yes), likelihood
