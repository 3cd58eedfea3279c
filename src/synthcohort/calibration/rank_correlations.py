"""Correlations within groups of the normal variables behind columns, from rank correlations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthcohort.clustering.reference_data.polychoric import solved_correlations, tied_ranks

Array = np.ndarray
_MOST = 0.995


@dataclass(frozen=True)
class WithinGroups:
    """Correlations within groups.

    Parameters
    ----------
    matrix : ndarray, shape (p, p)
        Of the normal variables.
    ranks : ndarray, shape (p, p)
        Rank correlations of the recorded values over everybody, which they have to give.
    people : int
        The fewest behind a pair.
    few : int
        Pairs of too few people, which count as uncorrelated.
    """

    matrix: Array
    ranks: Array
    people: int
    few: int


def spearman(values: Array, weight: Array) -> Array:
    """Rank correlations (Spearman) by pairs, among the people who have both values.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        NaN where missing.
    weight : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (p, p)
        NaN where a pair has none.
    """
    ranks = np.full(values.shape, np.nan)
    for j, column in enumerate(values.T):
        there = ~np.isnan(column)
        if there.any():
            ranks[there, j] = tied_ranks(column[there], weight[there])[0]
    covariance = pairwise_covariance(ranks, weight)
    variance = pairwise_variances(ranks, weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(covariance / np.sqrt(variance * variance.T))


def pairwise_covariance(values: Array, weight: Array) -> Array:
    """Weighted covariances among the people who have both values, shape (p, p)."""
    there = (~np.isnan(values)).astype(float)
    filled, w = np.nan_to_num(values), weight[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        total = there.T @ (there * w)
        mean = (filled * w).T @ there / total
        return np.asarray((filled * w).T @ filled / total - mean * mean.T)


def pairwise_variances(values: Array, weight: Array) -> Array:
    """Weighted variance of each column among the people who have another too, shape (p, p)."""
    there = (~np.isnan(values)).astype(float)
    filled, w = np.nan_to_num(values), weight[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        total = there.T @ (there * w)
        mean, square = ((filled**k * w).T @ there / total for k in (1, 2))
        return np.asarray(square - mean**2)


def possible(matrix: Array) -> Array:
    """Bring correlations between -0.995 and 0.995, the diagonal to 1."""
    matrix = np.clip(matrix, -_MOST, _MOST)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def within_groups(
    values: Array, fitted: Array, sd: Array, weight: Array, minimum: int
) -> WithinGroups:
    """Correlate the normal variables within groups.

    The correlation over everybody is solved from that of the ranks; what the means of the
    groups bring about is taken from it.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        As recorded, NaN where missing.
    fitted : ndarray, shape (n, p)
        Means of the normal variables given groups, NaN where the value is missing.
    sd : ndarray, shape (p,)
        Of the normal variables within groups.
    weight : ndarray, shape (n,)
    minimum : int
        Pairs of fewer people count as uncorrelated.

    Returns
    -------
    WithinGroups
    """
    there = (~np.isnan(values)).astype(float)
    people = there.T @ there
    few = people < minimum
    ranks = np.nan_to_num(spearman(values, weight))
    coefficients = np.array(
        [tied_ranks(v[~np.isnan(v)], weight[~np.isnan(v)])[1] for v in values.T]
    )
    total = solved_correlations(ranks, coefficients)
    between = np.nan_to_num(pairwise_covariance(fitted, weight))
    variance = np.nan_to_num(pairwise_variances(fitted, weight)) + (sd**2)[:, None]
    matrix = (total * np.sqrt(variance * variance.T) - between) / np.outer(sd, sd)
    matrix = possible(matrix)
    matrix[few] = 0.0
    ranks[few] = np.nan
    fewest = int(people[~few].min(initial=len(values)))
    return WithinGroups(matrix, ranks, fewest, int(few.sum()) // 2)
