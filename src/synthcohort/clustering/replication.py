"""One bootstrap replicate: who is drawn, the base clusterer's fit on them, everybody's label."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from synthcohort.clustering.base.pooled_kmeans import Pool, PooledKMeans
from synthcohort.clustering.consensus.modularity import smallest_labels
from synthcohort.clustering.threads import one_thread

Array = np.ndarray

ASSIGN = ("all", "in_bag", "out_of_bag")
"""Who gets a base cluster in a replicate: everybody, those drawn, or those not drawn."""


@dataclass(frozen=True)
class Plan:
    """What all replicates of a fit share.

    Parameters
    ----------
    base : estimator
        Not fitted; each replicate fits a clone.
    values : ndarray, shape (N, p)
    weight : ndarray, shape (N,), optional
        Draws are proportional to it.
    assign : str
        One of `ASSIGN`.
    seed : int
        Of the draws.
    again : int
        Gives the base clusterer other seeds on the same draws.
    pool : Pool, optional
        Starts of `PooledKMeans`.
    """

    base: Any
    values: Array
    weight: Array | None
    assign: str
    seed: int
    again: int
    pool: Pool | None


@dataclass(frozen=True)
class Warned:
    """A kind of warning that replicates gave.

    Parameters
    ----------
    category : type
    replicates : int
        How many replicates gave it.
    message : str
        The first one's.
    """

    category: type[Warning]
    replicates: int
    message: str


@dataclass(frozen=True)
class Nearest:
    """A clusterer that can't predict: each label is that of the nearest drawn individual.

    Parameters
    ----------
    inside : ndarray of int
        Rows that were drawn.
    labels : ndarray of int, same shape
        Their base clusters.
    """

    inside: Array
    labels: Array


def make_plan(
    base: Any, values: Array, weight: Array | None, assign: str, seed: int, again: int = 0
) -> Plan:
    """Prepare what all replicates share.

    Parameters
    ----------
    base, values, weight, assign, seed, again
        As in `Plan`.

    Returns
    -------
    Plan
    """
    pool = None
    if isinstance(_split(base)[1], PooledKMeans):
        # A pool of its own for each seed: it is all that is random in pooled starts.
        whole = _seeded(clone(base), np.random.default_rng([seed, 6, 1 + again]), len(values))
        steps, last = _split(whole)
        with one_thread():
            pool = last.make_pool(values if steps is None else steps.fit_transform(values))
    return Plan(base, values, weight, assign, seed, again, pool)


def replicates(plan: Plan, which: Iterable[int]) -> tuple[Array, list[Any], list[Warned]]:
    """Fit some replicates in one process and one thread.

    Returns
    -------
    labels : ndarray of int, shape (N, len(which))
    models : list
    warned : list of Warned
    """
    columns, models, warned = [], [], []
    with one_thread():
        for b in which:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                labels, model = replicate(plan, int(b))
            columns.append(labels)
            models.append(model)
            first = {w.category: str(w.message) for w in reversed(caught)}
            warned += [Warned(category, 1, message) for category, message in first.items()]
    return smallest_labels(np.column_stack(columns)), models, together(warned)


def together(warned: Iterable[Warned]) -> list[Warned]:
    """Add up warnings of one category, with the message of the first."""
    found: dict[type[Warning], Warned] = {}
    for one in warned:
        before = found.get(one.category, Warned(one.category, 0, one.message))
        count = before.replicates + one.replicates
        found[one.category] = Warned(one.category, count, before.message)
    return list(found.values())


def replicate(plan: Plan, b: int) -> tuple[Array, Any]:
    """Fit one replicate, with draws keyed by its number.

    Returns
    -------
    labels : ndarray of int, shape (N,)
        -1 where it assigns nobody.
    model : the fitted base clusterer, or `Nearest` in its place
    """
    counts = draw(len(plan.values), plan.weight, plan.seed, b)
    rng = np.random.default_rng([plan.seed, 2, b, 1 + plan.again])
    model = _seeded(clone(plan.base), rng, int((counts > 0).sum()))
    labels, model = _fitted(model, plan, counts)
    if plan.assign != "all":
        drawn = counts > 0
        labels = np.where(drawn if plan.assign == "in_bag" else ~drawn, labels, -1)
    return labels, model


def draw(n: int, weight: Array | None, seed: int, b: int) -> Array:
    """How often replicate b draws each of n individuals, shape (n,); n draws with replacement."""
    rng = np.random.default_rng([seed, 2, b])
    if weight is None:
        return np.bincount(rng.integers(n, size=n), minlength=n)
    return rng.multinomial(n, weight / weight.sum())


def labels_of(model: Any, values: Array, fitted: Array | None) -> Array:
    """Label any individuals by the model of a replicate.

    Parameters
    ----------
    model : as `replicate` returns it
    values : ndarray, shape (M, p)
    fitted : ndarray, shape (N, p), optional
        All individuals of the fit; only clusterers that can't predict need them.

    Returns
    -------
    ndarray of int, shape (M,)
    """
    steps, last = _split(model)
    if not isinstance(last, Nearest):
        return np.asarray(model.predict(values))
    from sklearn.neighbors import KNeighborsClassifier

    assert fitted is not None
    known, new = (fitted, values) if steps is None else map(steps.transform, (fitted, values))
    nearest = KNeighborsClassifier(n_neighbors=1).fit(known[last.inside], last.labels)
    return np.asarray(nearest.predict(new))


def can_predict(model: Any) -> bool:
    """Whether the model of a replicate labels new people without the fitted ones."""
    return not isinstance(_split(model)[1], Nearest)


def _split(model: Any) -> tuple[Any, Any]:
    """Split a pipeline into transformers and clusterer; a clusterer alone has no transformers."""
    if isinstance(model, Pipeline) and len(model) > 1:
        return model[:-1], model[-1]
    return None, model


def _seeded(model: Any, rng: np.random.Generator, distinct: int) -> Any:
    """Give every random part of a model its own seed, and no more clusters than individuals."""
    names = sorted(p for p in model.get_params() if p.split("__")[-1] == "random_state")
    model.set_params(**{name: int(rng.integers(2**31)) for name in names})
    last = _split(model)[1]
    for name in ("n_clusters", "n_components"):
        k = getattr(last, name, None)
        if isinstance(k, int) and k > distinct:
            last.set_params(**{name: distinct})
    return model


def _fitted(model: Any, plan: Plan, counts: Array) -> tuple[Array, Any]:
    steps, last = _split(model)
    inside = np.flatnonzero(counts)
    X = plan.values
    if steps is not None:
        steps.fit(X[np.repeat(inside, counts[inside])])
        X = np.asarray(steps.transform(X))
    if isinstance(last, PooledKMeans):
        pool = plan.pool if last.n_clusters == _split(plan.base)[1].n_clusters else None
        if steps is None and pool is not None:
            last.fit_again(pool, counts)
        else:
            last.fit(X, sample_weight=counts, pool=pool)
        labels = np.asarray(last.labels_)
        del last.labels_  # the assignments hold them
        return labels, model
    if has_fit_parameter(last, "sample_weight"):
        last.fit(X[inside], sample_weight=counts[inside].astype(float))
    else:
        inside = np.repeat(inside, counts[inside])
        last.fit(X[inside])
    if hasattr(last, "predict"):
        return np.asarray(last.predict(X)), model
    nearest = Nearest(inside, np.asarray(last.labels_))
    labels = labels_of(nearest, X, X)
    if steps is None:
        return labels, nearest
    model.steps[-1] = (model.steps[-1][0], nearest)
    return labels, model
