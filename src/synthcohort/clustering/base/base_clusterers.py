"""The base clusterers that a run can use, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from synthcohort.clustering.base.pooled_kmeans import PooledKMeans

_RESTARTS = 10


@dataclass(frozen=True)
class Base:
    """A named base clusterer.

    Parameters
    ----------
    title : str
        What a reader calls it.
    number : str
        What the number k in the grid means to it.
    make : callable
        Makes the clusterer from k and whether to prefer ten restarts to a faster mode.
    only : str, optional
        The one preprocessing, not whitened, whose data it can be fitted on; any by default.
    """

    title: str
    number: str
    make: Callable[[int, bool], Any]
    only: str | None = None


def _kmeans(k: int, exact: bool) -> Any:
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=_RESTARTS) if exact else PooledKMeans(k)


def _gaussian_mixture(k: int, exact: bool) -> Any:
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(k, n_init=_RESTARTS if exact else 1)


def _agglomerative(k: int, _: bool) -> Any:
    from sklearn.cluster import AgglomerativeClustering

    return AgglomerativeClustering(k)


def _hdbscan(k: int, _: bool) -> Any:
    from sklearn.cluster import HDBSCAN

    return HDBSCAN(min_cluster_size=k, copy=True)


def _latent_class(k: int, exact: bool) -> Any:
    from synthcohort.clustering.base.latent_classes import LatentClass

    return LatentClass(k, n_init=_RESTARTS if exact else 1)


BASES: dict[str, Base] = {
    "kmeans": Base("k-means", "clusters", _kmeans),
    "gaussian_mixture": Base("Gaussian mixture", "components", _gaussian_mixture),
    "agglomerative": Base("agglomerative (Ward)", "clusters", _agglomerative),
    "hdbscan": Base("HDBSCAN", "individuals in the smallest cluster", _hdbscan),
    "latent_class": Base("latent class analysis", "classes", _latent_class, only="binary"),
}


def make_base(name: str, k: int, exact: bool) -> Any:
    """Return the base clusterer of that name.

    Parameters
    ----------
    name : str
        A key of `BASES`.
    k : int
        Its number, such as that of clusters.
    exact : bool
        Whether to prefer ten restarts to the faster mode.
    """
    return BASES[name].make(k, exact)
