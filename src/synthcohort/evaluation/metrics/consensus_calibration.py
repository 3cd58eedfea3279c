"""Calibration of the consensus: whether pairs that co-cluster often belong together as often."""

from __future__ import annotations

import numpy as np
import pandas as pd

Array = np.ndarray


def reliability(predicted: Array, together: Array, n_bins: int = 10) -> pd.DataFrame:
    """Compare co-association with the probability that the two belong together.

    Parameters
    ----------
    predicted : ndarray, shape (n_pairs,)
        Co-association, 0 to 1.
    together : ndarray, shape (n_pairs,)
        Whether the two are in one group of the truth, or the oracle's probability of it.
    n_bins : int, default 10
        Bins of equal width.

    Returns
    -------
    DataFrame
        co_association (mean in the bin), together (mean in the bin), pairs. Empty bins are
        left out. A calibrated consensus has both means equal.

    Examples
    --------
    >>> reliability(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]), 2)
       co_association  together  pairs
    0             0.0       0.0      2
    1             1.0       1.0      2
    """
    bins = np.minimum((predicted * n_bins).astype(int), n_bins - 1)
    frame = pd.DataFrame({"bin": bins, "co_association": predicted, "together": together})
    table = frame.groupby("bin").agg(
        co_association=("co_association", "mean"),
        together=("together", "mean"),
        pairs=("together", "size"),
    )
    return table.reset_index(drop=True)


def brier(predicted: Array, together: Array) -> float:
    """Return the mean squared difference (Brier 1950): 0 perfect, 0.25 for always one half.

    Examples
    --------
    >>> brier(np.array([0.5, 0.5]), np.array([0.0, 1.0]))
    0.25
    """
    return float(np.mean((predicted - together) ** 2))
