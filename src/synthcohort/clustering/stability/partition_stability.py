"""All measures of stability of one partition, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.clustering.stability.base_clusters import Replicates, clusters_of
from synthcohort.clustering.stability.cluster_stability import (
    DISSOLVED,
    RECOVERED,
    between,
    cluster_table,
)
from synthcohort.clustering.stability.individual_margins import margins
from synthcohort.clustering.stability.pair_ambiguity import (
    consensus_cdf,
    pac_with_error,
    pair_co_association,
)
from synthcohort.clustering.stability.replicate_agreement import agreement
from synthcohort.scene.notebook_html import notebook_card
from synthcohort.scene.short_text import counted

Array = np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Stability:
    """How stable a partition is under the bootstrap.

    Parameters
    ----------
    individuals : DataFrame, a row for each individual
        cluster, own, next, next_cluster, margin (see `margins`) and consistency, its mean
        element-centric similarity between replicates.
    clusters : DataFrame, a row for each cluster
        See `cluster_table`.
    between : DataFrame, shape (n_clusters, n_clusters)
        Mean co-association of the members of every two clusters.
    cdf : DataFrame
        See `consensus_cdf`.
    summary : Series
        See `summary`; pac and pac_se, replicate_ari and replicate_ari_se (mean adjusted
        Rand index between replicates) do not depend on the partition.
    """

    individuals: pd.DataFrame
    clusters: pd.DataFrame
    between: pd.DataFrame
    cdf: pd.DataFrame
    summary: pd.Series

    def __repr__(self) -> str:
        """Say in one line how stable the partition is."""
        told = ", ".join(f"{name} {value:.3g}" for name, value in self.summary.items())
        return (
            f"<Stability of {counted(len(self.clusters), 'cluster')} of "
            f"{counted(len(self.individuals), 'individual')}: {told}; "
            "individuals, clusters, between, cdf, summary>"
        )

    def _repr_html_(self) -> str:
        """Show the stability in a notebook: of the partition, and of each cluster."""
        facts = {"individuals": len(self.individuals)} | self.summary.to_dict()
        tables = {"Clusters": self.clusters.to_dict("records")}
        return notebook_card(
            f"Stability of {counted(len(self.clusters), 'cluster')}", facts, tables
        )


def stability(replicates: Replicates, labels: Any, seed: int = 0) -> Stability:
    """Measure the stability of a partition of the individuals.

    Parameters
    ----------
    replicates : Replicates
    labels : array-like, shape (N,)
        Without missing values.
    seed : int, default 0
        Of the sampled pairs: 20,000 of individuals, 200 of replicates.

    Returns
    -------
    Stability

    Examples
    --------
    >>> same = Replicates(np.array([[0, 1], [0, 1], [1, 0], [1, 0]]))
    >>> found = stability(same, [0, 0, 1, 1]).summary
    >>> found[["jaccard", "margin", "replicate_ari", "pac"]].tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    clusters = clusters_of(replicates, labels)
    together = pair_co_association(replicates, seed=seed)
    pac, pac_se = pac_with_error(together)
    pairs = agreement(replicates, seed=seed)
    individuals = margins(clusters).assign(consistency=pairs.consistency)
    individuals.insert(0, "cluster", np.array(clusters.names, dtype=object)[clusters.codes])
    individuals["cluster"] = individuals["cluster"].infer_objects()
    table = cluster_table(clusters)
    found = summary(table, individuals["margin"].to_numpy(), replicates.counts)
    found |= {"replicate_ari": pairs.ari, "replicate_ari_se": pairs.ari_se}
    found |= {"pac": pac, "pac_se": pac_se}
    return Stability(
        individuals,
        table,
        between(clusters),
        consensus_cdf(together),
        pd.Series(found, name="stability"),
    )


SUMMARY = ("jaccard", "stable", "dissolved", "margin", "misplaced")
"""What `summary` returns."""


def summary(clusters: pd.DataFrame, margin: Array, weight: Array) -> dict[str, float]:
    """Sum up a partition's clusters and margins.

    Parameters
    ----------
    clusters : DataFrame
        From `cluster_table`.
    margin, weight : ndarray, shape (N,)

    Returns
    -------
    dict
        jaccard: mean over individuals of their cluster's coefficient; stable and dissolved:
        clusters with a mean coefficient of at least 0.75, at most 0.5; margin: mean over
        individuals; misplaced: share of them who are closer to another cluster. NaN
        margins are left out.
    """
    known = ~np.isnan(margin)
    weights = np.where(known, weight, 0.0)
    everybody = weights.sum()
    return {
        "jaccard": float((clusters["jaccard"] * clusters["share"]).sum()),
        "stable": int((clusters["jaccard"] >= RECOVERED - 1e-12).sum()),
        "dissolved": int((clusters["jaccard"] <= DISSOLVED + 1e-12).sum()),
        "margin": _mean(np.where(known, margin, 0.0), weights, everybody),
        "misplaced": _mean(np.where(known, margin, 0.0) < 0, weights, everybody),
    }


def _mean(values: Array, weights: Array, total: float) -> float:
    return float((values * weights).sum() / total) if total > 0 else float("nan")
