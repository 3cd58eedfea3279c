"""Is there more of a cluster structure than in data without clusters? Monte Carlo tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class NullTest:
    """A Monte Carlo test of several measures together.

    Parameters
    ----------
    p_value : float
        Chance of a most extreme measure such as that of the data, if they were one more
        reference data set.
    z : ndarray, shape (n_measures,)
        The data in SDs from the references' mean; negative is more of a structure.
    """

    p_value: float
    z: Array


def null_test(values: Array, floor: float) -> NullTest:
    """Test the most extreme of several measures against the references, all of them together.

    Each data set in turn is compared with all others, in SDs by measure; its statistic is
    the most negative. The p-value is the rank of the real data set's, which is exact when
    it is exchangeable with its references, however many measures are looked at.

    Parameters
    ----------
    values : ndarray, shape (1 + n_references, n_measures)
        Small where there is structure; the first row is that of the data.
    floor : float
        Smallest SD that is believed.

    Returns
    -------
    NullTest

    Examples
    --------
    >>> references = np.array([[0.5], [0.52], [0.48]])
    >>> null_test(np.vstack([[[0.1]], references]), 0.001).p_value
    0.25
    """
    z = np.empty_like(values)
    for i in range(len(values)):
        others = np.delete(values, i, axis=0)
        spread = np.maximum(others.std(axis=0, ddof=1) if len(others) > 1 else 0.0, floor)
        z[i] = (values[i] - others.mean(axis=0)) / spread
    lowest = z.min(axis=1)
    return NullTest(float((lowest <= lowest[0]).mean()), z[0])


def p_values(values: Array) -> Array:
    """Return the Monte Carlo p-value of each measure alone: the rank of the data among all.

    Parameters
    ----------
    values : ndarray, shape (1 + n_references, n_measures)
        Small where there is structure; NaN, such as the contrast of one single cluster,
        is none at all. The first row is that of the data.

    Returns
    -------
    ndarray, shape (n_measures,)
        From 1 / (1 + n_references) to 1; NaN where the data have NaN.

    Examples
    --------
    >>> p_values(np.array([[0.1, 0.6], [0.5, 0.5], [0.4, np.nan]])).round(2).tolist()
    [0.33, 0.67]
    """
    at_most = (np.where(np.isnan(values), np.inf, values) <= values[0]).mean(axis=0)
    return np.where(np.isnan(values[0]), np.nan, at_most)


def relative_index(value: Array, of_references: Array, floor: float) -> Array:
    """Return log10 of the references' mean PAC by that of the data (the RCSI of M3C).

    John et al. 2020, Sci Rep 10:1816. Above 0 the data are more stable than their references.
    Unlike PAC it does not reward large k.

    Parameters
    ----------
    value, of_references : ndarray, shape (n_measures,)
        PAC of the data and the mean PAC of their references.
    floor : float
        Smallest PAC that is believed, such as one pair of those sampled.

    Examples
    --------
    >>> relative_index(np.array([0.01]), np.array([0.1]), 0.001).round(3).tolist()
    [1.0]
    """
    return np.asarray(np.log10(np.maximum(of_references, floor) / np.maximum(value, floor)))


def redrawn_z(values: Array, floor: float, draws: int, rng: np.random.Generator) -> Array:
    """Return the z of the data against bootstrap samples of the references.

    Parameters
    ----------
    values : ndarray, shape (1 + n_references, n_measures)
        The first row is that of the data.
    floor : float
        Smallest SD that is believed.
    draws : int
    rng : Generator

    Returns
    -------
    ndarray, shape (draws, n_measures)
        How much of z is due to these reference data sets.
    """
    references = values[1:][rng.integers(len(values) - 1, size=(draws, len(values) - 1))]
    spread = np.maximum(references.std(axis=1, ddof=1) if len(values) > 2 else 0.0, floor)
    return np.asarray((values[0] - references.mean(axis=1)) / spread)
