"""What a report is made from: the tables of one run, whatever folder they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from synthcohort.scene.model import Scene


@dataclass(frozen=True)
class Findings:
    """The tables of one run.

    Parameters
    ----------
    scene : Scene
        The resolved scene.
    size, seed : int
        Number of individuals and seed of the population.
    biomarkers : DataFrame, shape (size, p)
        All generated biomarkers; the index is the individuals' synthetic id.
    metadata : DataFrame
        Visible groups, same index.
    truths : DataFrame
        Every grouping that the scene knows, same index: groups, visible or hidden, and
        tertiles of factors.
    labels : DataFrame
        One nullable integer column a partition, same index; missing where a row
        was not clustered. Empty when nothing was clustered.
    scores : DataFrame
        Tidy: preprocessing x whitened x base x k x resolution x truth.
    recovery : DataFrame
        Best-match Jaccard of each cluster of each truth in each partition.
    analyses : DataFrame
        One row for each preprocessing x whitened: what was run, what equals it and why,
        which columns and how many rows were dropped.
    reliability : DataFrame
        Co-association of sampled pairs against the oracle's probability that they belong
        together, a row for each bin of each analysis x base x k.
    stability : DataFrame
        A row for each partition (analysis, base, k, resolution): n_clusters; ari_next, its ARI
        with that of the next higher resolution; jaccard, stable, dissolved, margin, misplaced
        (see `clustering.stability.partition_stability.summary`; missing for one cluster and for
        more than 60); and, equal for all resolutions, pac and replicate_ari with their
        standard errors.
    stability_clusters : DataFrame
        A row for each cluster of each partition with 2 to 60 clusters, as in `cluster_table`.
    stability_individuals : DataFrame
        Cluster, margin and consistency of each individual in the best partition, and in the
        one that is chosen without the truth.
    consensus : DataFrame
        Distribution of the co-association of sampled pairs of each analysis x base x k.
    instability : DataFrame
        Of each analysis, with the base and k of its best partition: agreement of base
        clusterings on the same sample with other seeds, and on other samples.
    nulls : DataFrame
        Stability and compactness of every analysis x base x k, on the data and on null
        twins. Empty without twins.
    band : DataFrame
        Clusters and contrast at every analysis x base x k x resolution, on the data and
        on null twins.
    verdict : dict, optional
        What the null test says of the individuals: word ("groups", "a gradient", "nothing more
        than correlation", "cannot tell"), p_value, references, individuals, the strongest
        statistic and its excess in SDs, the separation that would have been seen, and what
        groups and a gradient explain. None without twins.
    rivals : DataFrame
        Plain methods that choose their number of clusters themselves, a row for each rival,
        form of the table and truth. Their partitions are in the labels. Empty without twins.
    choice : dict, optional
        What the rule picks without the truth: partition (None for "no clusters"), p_value,
        n_clusters, agreement, certainty, expected, model. None without twins.
    alternatives : DataFrame
        The best partition of every analysis and rival by the same rule. Empty without a choice.
    notes : list of str
        What a reader has to know, in sentences.
    synthetic : bool
        Whether the individuals were generated; False for a user's own table, of which
        nobody knows the truth and `truths` are groups to compare with.
    weight : Series, optional
        Survey weights, same index as the biomarkers; None where everybody counts the same.
    manifest : dict
        Provenance: versions, platform, timings, scene hash.
    """

    scene: Scene
    size: int
    seed: int
    biomarkers: pd.DataFrame
    metadata: pd.DataFrame
    truths: pd.DataFrame
    labels: pd.DataFrame
    scores: pd.DataFrame
    recovery: pd.DataFrame
    analyses: pd.DataFrame
    reliability: pd.DataFrame
    stability: pd.DataFrame = field(default_factory=pd.DataFrame)
    stability_clusters: pd.DataFrame = field(default_factory=pd.DataFrame)
    stability_individuals: pd.DataFrame = field(default_factory=pd.DataFrame)
    consensus: pd.DataFrame = field(default_factory=pd.DataFrame)
    instability: pd.DataFrame = field(default_factory=pd.DataFrame)
    nulls: pd.DataFrame = field(default_factory=pd.DataFrame)
    band: pd.DataFrame = field(default_factory=pd.DataFrame)
    verdict: dict[str, Any] | None = None
    rivals: pd.DataFrame = field(default_factory=pd.DataFrame)
    choice: dict[str, Any] | None = None
    alternatives: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: list[str] = field(default_factory=list)
    synthetic: bool = True
    weight: pd.Series | None = None
    manifest: dict[str, Any] = field(default_factory=dict)
