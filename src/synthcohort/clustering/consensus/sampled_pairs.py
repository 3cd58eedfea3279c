"""Pairs of individuals: a sample of them says what the whole co-association matrix would."""

from __future__ import annotations

import numpy as np

Array = np.ndarray

PAC_LIMITS = (0.1, 0.9)


def sample_pairs(
    n: int, n_pairs: int, seed: int, weight: Array | None = None
) -> tuple[Array, Array]:
    """Draw pairs of different individuals, with replacement.

    Parameters
    ----------
    n, n_pairs, seed : int
    weight : ndarray, shape (n,), optional
        A pair is drawn with probability proportional to the product of its weights.

    Returns
    -------
    first, second : ndarray of int, shape (n_pairs,)
        Empty where there are fewer than two individuals (with weights: of any weight).
    """
    if n < 2 or (weight is not None and (weight > 0).sum() < 2):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    rng = np.random.default_rng([seed, 3])
    if weight is not None:
        return _weighted_pairs(n_pairs, weight, rng)
    first = rng.integers(n, size=n_pairs)
    second = rng.integers(n - 1, size=n_pairs)
    return first, second + (second >= first)


def _weighted_pairs(n_pairs: int, weight: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw the first by its weight times that of all others, the second among those others.

    Drawing both by their weights, again where they are one and the same, would never end
    where one weight is far above all. Sums from both sides leave an individual out exactly.
    """
    # Nothing is so rare that a draw would see the difference; smaller ones would be nothing.
    weight = np.where(weight > 0, np.maximum(weight / weight.max(), 1e-200), 0.0)
    before = np.concatenate([[0.0], np.cumsum(weight)])
    after = np.concatenate([np.cumsum(weight[::-1])[::-1], [0.0]])
    others = before[:-1] + after[1:]
    either = np.cumsum(weight * others)
    first = np.searchsorted(either, rng.random(n_pairs) * either[-1], side="right")
    at = rng.random(n_pairs) * others[first]
    left = at < before[first]
    to_left = np.searchsorted(before[1:], at, side="right")
    rest = np.maximum(after[first + 1] - np.maximum(at - before[first], 0), np.nextafter(0, 1))
    # The last individual whose weight and all after it reach the rest.
    to_right = len(weight) - 1 - np.searchsorted(after[:-1][::-1], rest, side="left")
    return first, np.where(left, to_left, to_right)


def co_association(assignments: Array, first: Array, second: Array) -> Array:
    """Share of replicates that put the two of each pair in one cluster, shape (n_pairs,).

    Those without a base cluster (-1) are together with nobody.

    Examples
    --------
    >>> co_association(np.array([[0, -1], [0, -1]]), np.array([0]), np.array([1]))
    array([0.5])
    """
    one, other = assignments[first], assignments[second]
    return np.asarray(((one == other) & (one >= 0)).mean(axis=1))


def pac(co_association: Array, limits: tuple[float, float] = PAC_LIMITS) -> float:
    """Return the proportion of ambiguously clustered pairs (Senbabaoglu et al. 2014).

    Parameters
    ----------
    co_association : ndarray, shape (n_pairs,)
    limits : pair of float, default (0.1, 0.9)
        Strictly between them a pair is ambiguous.

    Returns
    -------
    float
        0 perfectly stable, 1 all ambiguous.

    Examples
    --------
    >>> pac(np.array([0.0, 1.0, 0.5, 0.1]))
    0.25
    """
    low, high = limits
    return float(((co_association > low) & (co_association < high)).mean())
