"""One setting on one data set: what the data and reference data are judged by."""

from __future__ import annotations

import hashlib
import os
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from joblib import Memory

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering import bootstrap_clustering as bootstrap
from synthcohort.clustering.base.base_clusterers import make_base
from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.consensus.sampled_pairs import co_association, pac, sample_pairs
from synthcohort.clustering.reference_data import normal_scores
from synthcohort.evaluation.metrics.compactness import within_share
from synthcohort.machine.caches import kept_folder
from synthcohort.machine.fresh_folder import make_folder

Array = np.ndarray

PAIRS = 4000
POOL = 10
"""Solutions in the pool of pooled starts, data and references alike: replicates are few here."""
_VERSIONS = ("numpy", "scipy", "scikit-learn", "numba")


@dataclass(frozen=True)
class Setting:
    """How one cell of the grid clusters: all that its null depends on, beside the data."""

    base: str
    k: int
    bootstraps: int
    resolutions: tuple[float, ...]
    assign: str
    exact: bool


def measure(values: Array, setting: Setting, seed: int) -> Array:
    """Cluster a matrix and measure how stable and compact the result is.

    Parameters
    ----------
    values : ndarray, shape (N, q)
    setting : Setting
    seed : int

    Returns
    -------
    ndarray, shape (2 + 2 R,)
        PAC, variance within base clusters, then by resolution the number of clusters and
        then the contrast: mean co-association within clusters minus that between them
        (NaN for one single cluster).

    Raises
    ------
    ValueError
        If there are fewer individuals or distinct rows than clusters.
    """
    base = make_base(setting.base, setting.k, setting.exact)
    if isinstance(base, PooledKMeans):
        base.set_params(n_pool=POOL)
    model = BootstrapClustering(
        base,
        n_bootstraps=setting.bootstraps,
        assign=setting.assign,
        n_jobs=1,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the run says of the data is enough
        model.fit_replicates(values)
    first, second = sample_pairs(len(values), PAIRS, 0)
    together = co_association(model.assignments_, first, second)
    found = model.partitions(setting.resolutions).values() if setting.resolutions else []
    contrasts = [_contrast(together, p.labels[first] == p.labels[second]) for p in found]
    stability = [pac(together), within_share(values, model.assignments_)]
    return np.array([*stability, *(p.n_clusters for p in found), *contrasts])


def _contrast(together: Array, same: Array) -> float:
    if same.all() or not same.any():
        return float("nan")
    return float(together[same].mean() - together[~same].mean())


def normal_reference(n: int, d: int, number: int) -> Array:
    """Return whitened Gaussian reference data: the same for all data of that shape."""
    return normal_scores(n, d, np.random.default_rng([5, n, d, number]))


def measure_normal(n: int, d: int, setting: Setting, number: int) -> Array:
    """`measure` a whitened Gaussian reference data set, remembered on disk.

    Parameters
    ----------
    n, d : int
        Individuals and components.
    setting : Setting
    number : int
        Which reference data set.

    Returns
    -------
    ndarray, shape (2 + 2 R,)
    """
    return np.asarray(_memory().cache(_measure_normal)(n, d, setting, number, _made_by()))


def _measure_normal(n: int, d: int, setting: Setting, number: int, _: str) -> Array:
    return measure(normal_reference(n, d, number), setting, number)


def _memory() -> Memory:
    """Return the cache; without a folder where that can't be made."""
    folder = kept_folder()
    try:
        make_folder(folder)
    except OSError:
        return Memory(None, verbose=0)
    return Memory(folder if os.access(folder, os.W_OK) else None, verbose=0)


def _made_by() -> str:
    """Say what else the numbers depend on: the code that clusters and the libraries below."""
    code = hashlib.sha256()
    for path in (Path(__file__), *sorted(Path(bootstrap.__file__).parent.rglob("*.py"))):
        code.update(path.read_bytes())
    return " ".join([code.hexdigest(), *map(version, _VERSIONS)])
