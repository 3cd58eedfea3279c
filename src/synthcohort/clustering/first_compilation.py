"""Compile all loops in one process, before others are started that would compile them too."""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.bootstrap_clustering import BootstrapClustering

_INDIVIDUALS = 40


def compile_loops(weighted: bool) -> None:
    """Fit something small, so that every loop of a run is compiled and kept.

    The first time it takes seconds, later a fraction of one.

    Parameters
    ----------
    weighted : bool
        With survey weights the loops have other types.
    """
    X = np.random.default_rng(0).normal(size=(_INDIVIDUALS, 2))
    weight = np.linspace(1, 2, _INDIVIDUALS) if weighted else None
    model = BootstrapClustering(PooledKMeans(4, n_pool=2), n_bootstraps=3, n_jobs=1)
    model.fit(X, survey_weight=weight).stability()
