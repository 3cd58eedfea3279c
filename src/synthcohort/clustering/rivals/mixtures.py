"""Gaussian mixtures, their number of components by BIC."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import numpy as np

from synthcohort.clustering.rivals.rival_clustering import Rival, RivalClustering, by_size, sample

Array = np.ndarray

_STARTS = 3
_FLOOR = 1e-4
"""Least variance of a component, in that of the columns: ties would make it 0."""


def mixture(shape: str, values: Array, most: int, seed: int) -> RivalClustering:
    """Gaussian mixtures with components of one shape.

    Parameters
    ----------
    shape : {"spherical", "diag", "tied", "full"}
        Of their covariances.
    values : ndarray, shape (N, p)
    most : int
        Largest number of components.
    seed : int

    Returns
    -------
    RivalClustering
        Its criterion is minus BIC (Schwarz 1978, Ann Stat 6:461). Of many individuals a
        sample chooses the number, and the mixture is fitted to all from there.

    Notes
    -----
    All but spherical ones standardise the columns first. Their likelihoods do not depend on
    the columns' scale, but the starts, by k-means, would.
    """
    from sklearn.mixture import GaussianMixture

    rows = sample(len(values), seed)
    if shape != "spherical":
        spread = values[rows].std(axis=0)
        values = (values - values[rows].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    floor = _FLOOR * float(values[rows].var(axis=0).mean())
    criterion: dict[int, float] = {}
    best = None
    distinct = len(np.unique(values[rows], axis=0))
    for k in range(1, min(most, distinct) + 1):
        model = GaussianMixture(
            k,
            covariance_type=shape,
            n_init=_STARTS,
            reg_covar=floor,
            random_state=seed % 2**32,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a component too many often doesn't converge
            try:
                model.fit(values[rows])
            except ValueError:  # a component without spread: no more components fit
                break
        criterion[k] = -float(model.bic(values[rows]))
        if best is None or criterion[k] == max(criterion.values()):
            best = model
    if best is None:
        return RivalClustering(np.zeros(len(values), dtype=np.int64), {})
    if len(rows) < len(values):
        best = _on_everybody(best, values)
    return RivalClustering(by_size(best.predict(values)), criterion)


def _on_everybody(model: Any, values: Array) -> Any:
    """Fit a mixture to all individuals, from where a sample has brought it."""
    from sklearn.base import clone

    start = {
        "n_init": 1,
        "weights_init": model.weights_,
        "means_init": model.means_,
        "precisions_init": model.precisions_,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return clone(model).set_params(**start).fit(values)


_SHAPES = {"spherical": "spherical", "diagonal": "diag", "tied": "tied", "full": "full"}

MIXTURES = {
    f"mixture_{name}": Rival(
        f"Gaussian mixture, {name}",
        "BIC",
        partial(mixture, shape),
        scaled=name == "spherical",
        rotated=name in ("spherical", "diagonal"),
    )
    for name, shape in _SHAPES.items()
}
