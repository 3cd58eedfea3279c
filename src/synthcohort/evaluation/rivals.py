"""Rival truths: what a partition found, once what another grouping explains is taken out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthcohort.population.weights import mean_one

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
    table, squares = (
        np.bincount(cell, values, minlength=shape[0] * shape[1] * shape[2]).reshape(shape)
        for values in (own, own**2)
    )
    both, by_truth, by_label, everyone = (
        ((table.sum(axis=axes) ** 2 - squares.sum(axis=axes)) / 2).reshape(shape[0], -1).sum(axis=1)
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


def adjusted(
    labels: Array, truth: str, groupings: Mapping[str, Array], weight: Array | None = None
) -> tuple[float, str]:
    """Find the rival that explains most of a partition's agreement with a truth.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
    truth : str
        A key of `groupings`.
    groupings : mapping of str to ndarray of int, shape (N,)
        Every grouping that is known.
    weight : ndarray, shape (N,), optional

    Returns
    -------
    value : float
        The lowest `within_ari` over the other groupings; NaN without any that can tell.
    rival : str
        The grouping it is lowest within; empty without any.
    """
    found = [
        (within_ari(labels, groupings[truth], codes, weight), name)
        for name, codes in groupings.items()
        if name != truth
    ]
    known = [pair for pair in found if not np.isnan(pair[0])]
    return min(known) if known else (float("nan"), "")
