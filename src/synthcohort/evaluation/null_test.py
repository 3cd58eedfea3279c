"""Is a clustering more stable than on data without clusters? A Monte Carlo test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class NullTest:
    """A Monte Carlo test of stability.

    Parameters
    ----------
    p_value : float
        Chance of a most stable setting as extreme as in the data, if they were one more twin.
    z : ndarray, shape (n_settings,)
        PAC of the data in SDs from the twins' mean; negative is more stable.
    """

    p_value: float
    z: Array


def null_test(values: Array, floor: float) -> NullTest:
    """Test the most stable of several settings against the twins, all settings together.

    Each data set in turn is compared with all others, in SDs by setting; its statistic is
    the most negative. The p-value is the rank of the real data set's, which is exact when
    it is exchangeable with its twins, however many settings are looked at.

    Parameters
    ----------
    values : ndarray, shape (1 + n_twins, n_settings)
        PAC; the first row is that of the data.
    floor : float
        Smallest SD that is believed.

    Returns
    -------
    NullTest

    Examples
    --------
    >>> twins = np.array([[0.5], [0.52], [0.48]])
    >>> null_test(np.vstack([[[0.1]], twins]), 0.001).p_value
    0.25
    """
    z = np.empty_like(values)
    for i in range(len(values)):
        others = np.delete(values, i, axis=0)
        spread = np.maximum(others.std(axis=0, ddof=1) if len(others) > 1 else 0.0, floor)
        z[i] = (values[i] - others.mean(axis=0)) / spread
    lowest = z.min(axis=1)
    return NullTest(float((lowest <= lowest[0]).mean()), z[0])
