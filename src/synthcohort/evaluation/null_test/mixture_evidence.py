"""Evidence of structure beyond margins and correlations: what mixtures gain, five statistics."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.reference_data.white_scores import normal_ranks, whitened
from synthcohort.evaluation.null_test.mixture_fits import best_fit, one_more, soft
from synthcohort.evaluation.null_test.mixture_kernels import fit_full, fit_tied
from synthcohort.evaluation.null_test.splits import directions, shape_splits, side_splits

Array = np.ndarray

STATISTICS = ("first component", "leading components", "two groups", "three groups", "two shapes")
"""What `evidence` returns, in words."""

_ROUNDS = 30
_MOST = 30
_PER_COMPONENT = 8
_SHAPE_ROWS = 2000
"""Individuals by whom different covariances are looked for."""


def evidence(X: Array, rng: np.random.Generator) -> Array:
    """Measure how much better mixtures describe data than one normal distribution does.

    All on normal scores of the ranks, ties broken at random, so that margins play no part.

    Parameters
    ----------
    X : ndarray, shape (N, p)
        Without missing values, p at least 2.
    rng : Generator

    Returns
    -------
    ndarray, shape (5,)
        Gains in log-likelihood (nats): of two groups along the first principal component,
        along the leading third of the components, and on all; of three groups; of two
        groups with covariances of their own.
    """
    Z = normal_ranks(X, rng)
    Y = whitened(Z, components_for(len(Z)))
    found = directions(Z, Y)
    two, shares = best_fit(fit_tied, Y, [soft(s) for s in side_splits(found)], _ROUNDS, 2)
    more = one_more(Y, shares)
    three = max(two, best_fit(fit_tied, Y, more, _ROUNDS)[0]) if more else two
    rows = rng.permutation(len(Y))[:_SHAPE_ROWS]
    starts = [soft(s)[rows] for s in shape_splits(Z, Y, found)]
    shapes, _ = best_fit(fit_full, Y[rows], [shares[rows], *starts], _ROUNDS)
    return np.array(
        [*(_leading(found.values, Z.shape[1], d) for d in (1, None)), two, three, shapes]
    )


def components_for(n: int) -> int:
    """Say how many components n individuals can tell about: one for eight, at most 30."""
    return int(np.clip(n // _PER_COMPONENT, 1, _MOST))


def _leading(values: Array, p: int, count: int | None) -> float:
    """Gain of two groups on the first principal components, from splits along them."""
    count = count or max(2, p // 3)
    Y = whitened(values[:, ::-1][:, : min(count, p)])
    starts = [Y[:, -1] > 0, Y[:, -1] > 1, Y[:, -1] < -1]
    if Y.shape[1] > 1:
        starts.append(Y[:, 0] > 0)
    return best_fit(fit_tied, Y, [soft(s) for s in starts], _ROUNDS)[0]
