"""Missing values drawn once for each bootstrap replicate, for all that is done in it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from synthcohort.clustering.preprocessing.imputation import Imputer
from synthcohort.clustering.replication import draw
from synthcohort.clustering.threads import one_thread

Array = np.ndarray


def imputed_draws(values: Array, weight: Array | None, seed: int, which: Iterable[int]) -> Array:
    """Draw the missing values of a table in some replicates, each from its own sample.

    The regressions are fitted on the bootstrap sample of the replicate, and everybody's
    missing values are drawn from them: the sample stands for the uncertainty of their
    parameters, as in Honaker & King (2010, Am J Polit Sci 54:561).

    Parameters
    ----------
    values : ndarray of float, shape (N, p)
        NaN where missing.
    weight : ndarray, shape (N,), optional
        Survey weights.
    seed : int
        Of the bootstrap samples.
    which : iterable of int
        Numbers of the replicates.

    Returns
    -------
    ndarray of float, shape (len(which), gaps)
        Values for ``values[np.isnan(values)]``.
    """
    gaps = np.isnan(values)
    people = np.arange(len(values))
    drawn = []
    with one_thread():
        for b in which:
            sample = np.repeat(people, draw(len(values), weight, seed, b))
            state = int(np.random.default_rng([seed, 10, b]).integers(2**31))
            drawn.append(Imputer(state).fit(values[sample]).transform(values)[gaps])
    return np.array(drawn)
