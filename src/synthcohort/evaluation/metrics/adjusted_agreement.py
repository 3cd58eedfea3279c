"""Rival truths: what a partition found, once what another grouping explains is taken out."""

from __future__ import annotations

import numpy as np

from synthcohort.evaluation.metrics.contingency import added
from synthcohort.population.survey_weights import mean_one

Array = np.ndarray


def within_ari(labels: Array, truth: Array, strata: Array, weight: Array | None = None) -> float:
    """Return the agreement of a partition with a truth within the levels of another grouping.

    The mean of the adjusted Rand indexes within the strata, weighted by their pairs of
    individuals. Strata in which the truth doesn't vary say nothing and are left out.

    Parameters
    ----------
    labels, truth, strata : ndarray of int, shape (N,)
        Codes from 0.
    weight : ndarray, shape (N,), optional
        As in `score`: a pair counts with the product of its weights.

    Returns
    -------
    float
        NaN where the truth varies in no stratum: then the two can't be told apart.

    Examples
    --------
    >>> region = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    >>> sex = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    >>> within_ari(sex, sex, region), within_ari(region, sex, region)
    (1.0, 0.0)
    """
    shape = (int(strata.max()) + 1, int(truth.max()) + 1, int(labels.max()) + 1)
    cell = (strata.astype(np.int64) * shape[1] + truth) * shape[2] + labels
    own = np.ones(len(cell)) if weight is None else mean_one(weight)
    return within_ari_of(added(cell, shape, own), added(cell, shape, own**2))


def within_ari_of(table: Array, squares: Array) -> float:
    """Return `within_ari` of what has been counted.

    Parameters
    ----------
    table, squares : ndarray of float, shape (n_strata, n_truth, n_labels)
        Summed weights and summed squared weights of the individuals in each cell.

    Returns
    -------
    float
    """
    both, by_truth, by_label, everyone = (
        ((table.sum(axis=axes) ** 2 - squares.sum(axis=axes)) / 2)
        .reshape(len(table), -1)
        .sum(axis=1)
        for axes in ((), 2, 1, (1, 2))
    )
    informative = by_truth < everyone * (1 - 1e-12)
    if not informative.any():
        return float("nan")
    chance = by_truth * by_label / np.maximum(everyone, 1)
    room = (by_truth + by_label) / 2 - chance
    can_vary = room > 1e-12 * everyone
    ari = np.where(can_vary, (both - chance) / np.where(can_vary, room, 1.0), 1.0)
    weight = everyone[informative]
    return float((ari[informative] * weight).sum() / weight.sum())
