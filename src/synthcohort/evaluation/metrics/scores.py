"""How well a partition agrees with a truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics.cluster import expected_mutual_information

from synthcohort.clustering.rand_index import ari_of_pairs
from synthcohort.clustering.registered_names import Registry
from synthcohort.evaluation.metrics.contingency import Contingency
from synthcohort.evaluation.metrics.information_scores import weighted_chance
from synthcohort.scene.problems import nearest

_EPS = float(np.finfo(np.float64).eps)


def score(
    labels: Any, truth: Any, metrics: Iterable[str] | None = None, weight: Any = None
) -> pd.Series:
    """Score a partition against a truth.

    Parameters
    ----------
    labels : array-like, shape (N,)
        The partition, without missing values.
    truth : array-like, shape (N,)
        The known grouping, without missing values.
    metrics : iterable of str, optional
        Keys of `METRICS`; all of them by default.
    weight : array-like, shape (N,), optional
        How many people each individual stands for, up to a factor: finite, from 0. Every
        count of individuals becomes a sum of weights, and a pair of individuals counts
        with the product of theirs.

    Returns
    -------
    Series
        One value a metric; the number of clusters is an integer.

    Raises
    ------
    ValueError
        If lengths or indexes differ, values are missing, a metric is unknown, or a weight
        is missing, infinite or negative, or all are 0.

    Examples
    --------
    >>> score([0, 0, 1, 1], ["a", "a", "b", "b"])["ari"]
    1.0
    >>> score([0, 0, 0, 1], ["a", "a", "b", "b"], ["ari"], weight=[1, 1, 0, 1])["ari"]
    1.0
    """
    chosen = list(METRICS if metrics is None else metrics)
    unknown = [name for name in chosen if name not in METRICS]
    if unknown:
        raise ValueError(f"got the metric {unknown[0]!r}; {nearest(unknown[0], METRICS)}")
    table = Contingency(labels, truth, weight)
    return pd.Series({name: METRICS[name](table) for name in chosen}, dtype=object, name="score")


def n_clusters(table: Contingency) -> int:
    """Count the clusters of the partition, without those of nobody's weight."""
    return len(table.label_levels)


def ari(table: Contingency) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985): 1 perfect, 0 expected by chance.

    Examples
    --------
    >>> ari(Contingency([0, 0, 1, 1], [1, 1, 0, 0]))
    1.0
    >>> ari(Contingency([0, 1, 0, 1], [0, 0, 1, 1]))
    -0.5
    >>> ari(Contingency([0, 0, 0, 0], [0, 0, 1, 1]))
    0.0

    Notes
    -----
    With weights a pair counts w_i w_j, and the expectation is over all ways of giving the
    labels to the individuals, so it is 0 by chance exactly.
    """
    together, in_truth, in_labels, everybody = table.pairs
    if table.weighted is None:
        return ari_of_pairs(int(together), int(in_truth), int(in_labels), int(everybody))
    chance = in_truth * in_labels / everybody if everybody else 0.0
    room = (in_truth + in_labels) / 2 - chance
    return (together - chance) / room if room > 1e-9 * everybody else 1.0


def ami(table: Contingency) -> float:
    """Return the adjusted mutual information (Vinh et al. 2010): 1 perfect, 0 by chance.

    Examples
    --------
    >>> round(ami(Contingency([0, 0, 1, 1], [1, 1, 0, 0])), 12)
    1.0
    >>> ami(Contingency([0, 0, 0, 0], [0, 0, 1, 1]))
    0.0

    Notes
    -----
    With weights, what chance gives is the mean of 30 random orders of the labels.
    """
    if table.table.shape == (1, 1):
        return 1.0
    if 1 in table.table.shape:
        return 0.0
    shared, of_truth, of_labels = table.information
    if table.weighted is None:
        chance = expected_mutual_information(table.table, int(table.table.sum()))
    else:
        chance = weighted_chance(*table.weighted)
    return _not_zero(shared - chance) / _not_zero((of_truth + of_labels) / 2 - chance)


def _not_zero(gap: float) -> float:
    """Keep what is 0 but for rounding from it, so that a perfect match is 1, not 0 / 0."""
    return min(gap, -_EPS) if gap < 0 else max(gap, _EPS)


def homogeneity(table: Contingency) -> float:
    """Return the homogeneity (Rosenberg & Hirschberg 2007): 1 if no cluster mixes levels.

    Examples
    --------
    >>> round(homogeneity(Contingency([0, 1, 2, 3], [0, 0, 1, 1])), 12)
    1.0
    >>> homogeneity(Contingency([0, 0, 0, 0], [0, 0, 1, 1]))
    0.0
    """
    shared, of_truth, _ = table.information
    return shared / of_truth if of_truth else 1.0


def completeness(table: Contingency) -> float:
    """Return the completeness (Rosenberg & Hirschberg 2007): 1 if no level is split.

    Examples
    --------
    >>> round(completeness(Contingency([0, 0, 0, 0], [0, 0, 1, 1])), 12)
    1.0
    >>> round(completeness(Contingency([0, 1, 2, 3], [0, 0, 1, 1])), 12)
    0.5
    """
    shared, _, of_labels = table.information
    return shared / of_labels if of_labels else 1.0


def v_measure(table: Contingency) -> float:
    """Return the harmonic mean of homogeneity and completeness (V-measure, same source).

    Examples
    --------
    >>> round(v_measure(Contingency([1, 1, 0, 0], [0, 0, 1, 1])), 12)
    1.0
    >>> v_measure(Contingency([0, 0, 0, 0], [0, 0, 1, 1]))
    0.0
    """
    one, other = homogeneity(table), completeness(table)
    return 2.0 * one * other / (one + other) if one + other else 0.0


def fowlkes_mallows(table: Contingency) -> float:
    """Return the Fowlkes-Mallows index (1983): geometric mean of pair precision and recall, 0 to 1.

    Examples
    --------
    >>> round(fowlkes_mallows(Contingency([1, 1, 0, 0], [0, 0, 1, 1])), 12)
    1.0
    >>> fowlkes_mallows(Contingency([0, 1, 0, 1], [0, 0, 1, 1]))
    0.0
    """
    together, in_truth, in_labels, everybody = table.pairs
    none = together <= 1e-12 * everybody
    return 0.0 if none else together / math.sqrt(in_truth * in_labels)


def element_centric(table: Contingency) -> float:
    """Return the element-centric similarity (Gates et al. 2019, Sci Rep 9:8574), 0 to 1.

    For disjoint clusters it is the mean over individuals of the shared members over the
    larger of the individual's two clusters: sum_ij n_ij^2 / max(a_i, b_j) / N.

    Examples
    --------
    >>> element_centric(Contingency([1, 1, 0, 0], [0, 0, 1, 1]))
    1.0
    >>> element_centric(Contingency([0, 0, 0, 0], [0, 0, 1, 1]))
    0.5
    """
    counts = table.table.astype(float)
    larger = np.maximum(table.truth_sizes[:, None], table.label_sizes[None, :])
    return float((counts**2 / larger).sum() / counts.sum())


def jaccard(table: Contingency) -> float:
    """Return the mean over truth levels of the best-match Jaccard coefficient, 0 to 1.

    The coefficient by cluster is Hennig's (2007, Comput Stat Data Anal 52:258).

    Examples
    --------
    >>> jaccard(Contingency([1, 1, 0, 0], [0, 0, 1, 1]))
    1.0
    >>> jaccard(Contingency([0, 0, 0, 0], [0, 0, 1, 1]))
    0.5
    """
    return float(table.jaccard.max(axis=1).mean())


_COLUMNS_OF_SCORES = (
    *("preprocessing", "whitened", "analysis", "base", "k", "resolution", "partition"),
    *("truth", "n_truth", "modularity", "ari_within", "within", "oracle", "ceiling", "ceiling_se"),
    *("ceiling_is", "lost_measurement", "lost_preprocessing", "lost_algorithm", "lost_choice"),
)
METRICS: Registry[Callable[[Contingency], float]] = Registry(
    "metric",
    {
        "n_clusters": n_clusters,
        "ari": ari,
        "ami": ami,
        "homogeneity": homogeneity,
        "completeness": completeness,
        "v_measure": v_measure,
        "fowlkes_mallows": fowlkes_mallows,
        "element_centric": element_centric,
        "jaccard": jaccard,
    },
    _COLUMNS_OF_SCORES,
)
"""Metrics by their column in the scores of a run."""


def register_metric(name: str, metric: Callable[[Contingency], float]) -> None:
    """Add a metric: `score` returns it, and the scores of a run have it as a column.

    Parameters
    ----------
    name : str
        Letters, digits and underscores; none that comes with the package.
    metric : callable
        A function of a `Contingency`.

    Raises
    ------
    SceneError
        If the name or the metric can't be used.

    Examples
    --------
    >>> register_metric("purity", lambda t: float(t.table.max(axis=0).sum() / t.table.sum()))
    >>> score([0, 0, 1, 1], ["a", "a", "b", "a"], ["purity"])["purity"]
    0.75
    >>> del METRICS["purity"]
    """
    if not callable(metric):
        raise METRICS.wrong(f"got {metric!r}, allowed: a function of a Contingency")
    METRICS.register(name, metric)
