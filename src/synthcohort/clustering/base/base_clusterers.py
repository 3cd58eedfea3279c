"""The base clusterers that a run can use, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sklearn.base import clone

from synthcohort.clustering.base.pooled_kmeans import PooledKMeans
from synthcohort.clustering.registered_names import Registry

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


BASES = Registry(
    "base clusterer",
    {
        "kmeans": Base("k-means", "clusters", _kmeans),
        "gaussian_mixture": Base("Gaussian mixture", "components", _gaussian_mixture),
        "agglomerative": Base("agglomerative (Ward)", "clusters", _agglomerative),
        "hdbscan": Base("HDBSCAN", "individuals in the smallest cluster", _hdbscan),
        "latent_class": Base("latent class analysis", "classes", _latent_class, only="binary"),
    },
)


def register_base(
    name: str,
    make: Any,
    *,
    title: str | None = None,
    number: str = "clusters",
    only: str | None = None,
) -> None:
    """Add a base clusterer that runs can name, in worker processes too.

    Parameters
    ----------
    name : str
        Letters, digits and underscores; none that comes with the package.
    make : clusterer or callable
        A scikit-learn clusterer with the parameter `n_clusters` or `n_components`, which is
        cloned with each k, or a function that makes one from k and whether to prefer ten
        restarts to a faster mode.
    title : str, optional
        What a reader calls it; the name by default.
    number, only
        As in `Base`.

    Raises
    ------
    SceneError
        If the name or `make` can't be used.

    Examples
    --------
    >>> from sklearn.cluster import Birch
    >>> register_base("birch", Birch())
    >>> make_base("birch", 3, exact=False)
    Birch()
    >>> del BASES["birch"]
    """
    known = make.get_params() if hasattr(make, "get_params") and not isinstance(make, type) else {}
    parameter = next((p for p in ("n_clusters", "n_components") if p in known), None)
    if parameter is not None:
        maker: Callable[[int, bool], Any] = partial(_with_number, make, parameter)
    elif callable(make):
        maker = make
    else:
        allowed = "a clusterer with n_clusters or n_components, or a function of k and exact"
        raise BASES.wrong(f"got {make!r}, allowed: {allowed}")
    BASES.register(name, Base(title or name, number, maker, only))


def _with_number(clusterer: Any, parameter: str, k: int, _: bool) -> Any:
    return clone(clusterer).set_params(**{parameter: k})


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
