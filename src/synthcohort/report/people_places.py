"""Where people are on the map: dots of synthetic ones, ellipses of real ones' clusters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synthcohort.report.explorer.cluster_profiles import MOST
from synthcohort.report.explorer.packing import rounded
from synthcohort.results.findings import Findings

Array = np.ndarray


def places(findings: Findings) -> tuple[pd.DataFrame, Array] | None:
    """Return the first two components of the standardised biomarkers, and their shares.

    Returns
    -------
    tuple of DataFrame, shape (N, 2), and ndarray, shape (2,); or None
        NaN for individuals with a gap; None where a map can't be drawn.
    """
    X = findings.people.biomarkers[findings.scene.experiment.biomarkers]
    known = X.dropna()
    if X.shape[1] < 2 or len(known) < 2:
        return None
    model = make_pipeline(StandardScaler(), PCA(n_components=2, svd_solver="full")).fit(known)
    found = pd.DataFrame(model.transform(known)[:, :2], index=known.index, columns=["x", "y"])
    return found.reindex(X.index), model[-1].explained_variance_ratio_[:2]


def ellipses(at: Array, columns: Array, least: int) -> list[list[Any]]:
    """Mean and covariance of each cluster of some partitions on the map.

    Parameters
    ----------
    at : ndarray, shape (N, 2)
        NaN for individuals who are not on it.
    columns : ndarray of int, shape (N, n_partitions)
        Clusters or levels from 1; 0 where there is none.
    least : int
        People that an ellipse needs.

    Returns
    -------
    list of list
        A cluster each: mean of x, of y, variance of x, covariance, variance of y; None where
        there are too few. The first 20 clusters.
    """
    known = ~np.isnan(at).any(axis=1)
    x, y = at[known].T
    found = []
    for column in columns[known].T:
        width = min(int(column.max(initial=0)), MOST) + 1
        codes = np.where(column < width, column, 0)
        n = np.bincount(codes, minlength=width)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = {name: np.bincount(codes, v, width) / n for name, v in (("x", x), ("y", y))}
            parts = [mean["x"], mean["y"]]
            for a, b, one, two in (("x", "x", x, x), ("x", "y", x, y), ("y", "y", y, y)):
                parts.append(np.bincount(codes, one * two, width) / n - mean[a] * mean[b])
        rows = np.column_stack(parts)[1:]
        kept = zip(rows, n[1:], strict=True)
        found.append([rounded(row, 2) if count >= least else None for row, count in kept])
    return found
