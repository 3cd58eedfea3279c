"""Partitions of one table: a small consensus grid and all rivals."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.preprocessing import prepare
from synthcohort.clustering.rivals import run_rivals

ANALYSES = [("zscore", False), ("minmax", False), ("robust", False), ("zscore", True)]
KS = [2, 3, 4, 8]
RESOLUTIONS = [0.5, 0.8, 1.0]
BOOTSTRAPS = 20
CONSENSUS = "consensus"


def candidates(X: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """Cluster a table in every way; return labels and where each comes from.

    Parameters
    ----------
    X : DataFrame, shape (N, p)
        Without missing values.
    seed : int

    Returns
    -------
    labels : DataFrame of int, shape (N, n_candidates)
    sources : dict of str to str
        ``consensus, ANALYSIS``, or the name of a rival.
    """
    labels: dict[str, np.ndarray] = {}
    sources: dict[str, str] = {}
    nobody = pd.DataFrame(index=X.index)
    for name, whitened in ANALYSES:
        values = prepare(X, name, whitened, {}, nobody).values
        distinct = len(np.unique(values, axis=0))
        for k in (k for k in KS if k <= distinct):
            model = BootstrapClustering(
                PooledKMeans(k, n_pool=10), BOOTSTRAPS, n_jobs=1, random_state=seed
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model.fit_replicates(values)
            for resolution, found in model.partitions(RESOLUTIONS).items():
                analysis = f"{name}{'+whitened' if whitened else ''}"
                column = f"{analysis}.{k}.{resolution:g}"
                labels[column] = found.labels
                sources[column] = f"{CONSENSUS}, {analysis}"
    for one in run_rivals(X.to_numpy(dtype=float), seed):
        labels[one.name] = one.found.labels
        sources[one.name] = one.name.removeprefix("rival.")
    return pd.DataFrame(labels), sources
