"""Rival truths: what a partition found, once what another grouping explains is taken out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Array = np.ndarray


def within_ari(labels: Array, truth: Array, strata: Array) -> float:
    """Return the agreement of a partition with a truth within the levels of another grouping.

    The mean of the adjusted Rand indexes within the strata, weighted by their pairs of
    individuals. Strata in which the truth doesn't vary say nothing and are left out.

    Parameters
    ----------
    labels, truth, strata : ndarray of int, shape (N,)
        Codes from 0.

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
    table = np.bincount(cell, minlength=shape[0] * shape[1] * shape[2]).reshape(shape).astype(float)
    both = _pairs(table).sum(axis=(1, 2))
    by_truth = _pairs(table.sum(axis=2)).sum(axis=1)
    by_label = _pairs(table.sum(axis=1)).sum(axis=1)
    everyone = _pairs(table.sum(axis=(1, 2)))
    informative = by_truth < everyone
    if not informative.any():
        return float("nan")
    chance = by_truth * by_label / np.maximum(everyone, 1)
    room = (by_truth + by_label) / 2 - chance
    ari = np.where(room > 0, (both - chance) / np.where(room > 0, room, 1.0), 1.0)
    weight = everyone[informative]
    return float((ari[informative] * weight).sum() / weight.sum())


def adjusted(labels: Array, truth: str, groupings: Mapping[str, Array]) -> tuple[float, str]:
    """Find the rival that explains most of a partition's agreement with a truth.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
    truth : str
        A key of `groupings`.
    groupings : mapping of str to ndarray of int, shape (N,)
        Every grouping that is known.

    Returns
    -------
    value : float
        The lowest `within_ari` over the other groupings; NaN without any that can tell.
    rival : str
        The grouping it is lowest within; empty without any.
    """
    found = [
        (within_ari(labels, groupings[truth], codes), name)
        for name, codes in groupings.items()
        if name != truth
    ]
    known = [pair for pair in found if not np.isnan(pair[0])]
    return min(known) if known else (float("nan"), "")


def _pairs(counts: Array) -> Array:
    return np.asarray(counts * (counts - 1) / 2)
