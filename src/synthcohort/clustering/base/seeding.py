"""Greedy k-means++: starts of k-means that are far from each other."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.base.row_blocks import BLOCK, blocks_of, squares_to
from synthcohort.clustering.compilation import compiled

Array = np.ndarray


def trials(k: int) -> int:
    """How many candidates compete for each centre."""
    return 2 + int(np.log(k))


def plus_plus(columns: Array, uniforms: Array) -> Array:
    """Draw rows as centres, each with a probability in proportion to its squared distance.

    That is the distance to the nearest centre so far; of several candidates the one that
    lowers the inertia most becomes the next centre (Arthur & Vassilvitskii 2007, SODA).
    Written out as the sums are then in one order, the same on every machine.

    Parameters
    ----------
    columns : ndarray of float32, shape (p, n)
        The rows, turned.
    uniforms : ndarray of float64, shape (k, trials)
        In [0, 1): the draws.

    Returns
    -------
    ndarray of float32, shape (k, p)
    """
    return np.ascontiguousarray(columns[:, _chosen(columns, uniforms)].T)


@compiled
def _chosen(columns: Array, uniforms: Array) -> Array:
    p, n = columns.shape
    k, n_trials = uniforms.shape
    blocks = blocks_of(columns)
    center = np.empty(p, dtype=np.float32)
    chosen = np.empty(k, dtype=np.int64)
    chosen[0] = int(uniforms[0, 0] * n)
    closest = np.zeros((len(blocks), BLOCK), dtype=np.float32)
    for i in range(n):  # after the last row they stay 0, so that nobody is drawn there
        closest[i // BLOCK, i % BLOCK] = np.inf
    for j in range(p):
        center[j] = columns[j, chosen[0]]
    _reach(blocks, center, closest, closest)
    nearer = closest.copy()
    least_reached = closest.copy()
    for c in range(1, k):
        heights = _heights(closest)
        least = np.inf
        for t in range(n_trials):
            candidate = _drawn(closest, heights, uniforms[c, t], n)
            for j in range(p):
                center[j] = columns[j, candidate]
            inertia = _reach(blocks, center, closest, nearer)
            if inertia < least:
                least, chosen[c] = inertia, candidate
                nearer, least_reached = least_reached, nearer
        closest, least_reached = least_reached, closest
    return chosen


@compiled
def _reach(blocks: Array, center: Array, closest: Array, reached: Array) -> float:
    """Squared distances to the nearest centre, with one more; return their sum."""
    squares = np.empty(BLOCK, dtype=np.float32)
    lanes = np.zeros(BLOCK)
    for b in range(len(blocks)):
        squares_to(blocks[b], center, squares)
        for r in range(BLOCK):
            least = min(squares[r], closest[b, r])
            reached[b, r] = least
            lanes[r] += least
    total = 0.0
    for r in range(BLOCK):
        total += lanes[r]
    return total


@compiled
def _heights(closest: Array) -> Array:
    """Add up the blocks up to each."""
    found = np.empty(len(closest))
    total = 0.0
    for b in range(len(closest)):
        s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
        for r in range(0, BLOCK, 4):  # four sums, as each addition waits for the one before
            s0 += closest[b, r]
            s1 += closest[b, r + 1]
            s2 += closest[b, r + 2]
            s3 += closest[b, r + 3]
        total += (s0 + s1) + (s2 + s3)
        found[b] = total
    return found


@compiled
def _drawn(closest: Array, heights: Array, uniform: float, n: int) -> int:
    """Return the row at a share of the sum of all; the last where all are 0."""
    target = uniform * heights[-1]
    block = 0
    while block < len(heights) - 1 and heights[block] <= target:
        block += 1
    if block > 0:
        target -= heights[block - 1]
    found = min((block + 1) * BLOCK, n) - 1
    for r in range(BLOCK):
        if closest[block, r] > 0:
            found = block * BLOCK + r
            target -= closest[block, r]
            if target < 0:
                break
    return found
