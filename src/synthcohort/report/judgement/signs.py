"""The signs of a run: all that bears on whether there are groups, and whether they were found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from synthcohort.clustering.stability.cluster_stability import RECOVERED
from synthcohort.results.findings import Findings
from synthcohort.results.selection import (
    best_by_truth,
    best_partition,
    chosen_blind,
    is_null,
    partition_row,
)

_BETWEEN = 0.5
"""Part of their cluster's own co-association below which a median margin is small."""
_FAR = 0.2
"""Difference of two ARIs that a reader must be told."""
_ABOVE = 0.02

Some = Literal["all", "some", "none"]


@dataclass(frozen=True)
class Signs:
    """What each piece of evidence says on its own.

    Parameters
    ----------
    planted : bool or None
        Whether groups with an effect were planted; None of a user's table.
    test : str or None
        Word of the verdict; None where it was not asked.
    come_back : {"all", "some", "none"} or None
        How many of the clusters shown a bootstrap replicate has as well; None where the
        partition was not judged.
    in_between : bool
        Whether the median individual's margin is small beside what its cluster allows.
    beyond : {"some", "none"} or None
        Whether any setting is more stable than in all reference data; None without those.
    blind : {"near the best", "far below the best"} or None
        ARI of the partition picked without the truth; None without one of them.
    within : {"far below", "near", "above"} or None
        ARI of the best within the levels of another grouping, from that over everybody.
    """

    planted: bool | None
    test: str | None = None
    come_back: Some | None = None
    in_between: bool = False
    beyond: Literal["some", "none"] | None = None
    blind: Literal["near the best", "far below the best"] | None = None
    within: Literal["far below", "near", "above"] | None = None


def signs_of(findings: Findings) -> Signs:
    """Read the signs of a run.

    Parameters
    ----------
    findings : Findings
        With at least one partition.
    """
    test = (findings.verdict or {}).get("word")
    return Signs(
        planted=not is_null(findings) if findings.synthetic else None,
        test=test,
        come_back=_come_back(findings),
        in_between=_in_between(findings),
        beyond=_beyond(findings.tables.references),
        blind=_blind(findings),
        within=_within(findings),
    )


def _come_back(findings: Findings) -> Some | None:
    table = findings.tables.stability_clusters
    shown = best_partition(findings)[0]["partition"]
    rows = table[table["partition"] == shown] if len(table) else table
    if rows.empty:
        return None
    count = int((rows["jaccard"] >= RECOVERED - 1e-12).sum())
    return "all" if count == len(rows) else "some" if count else "none"


def _in_between(findings: Findings) -> bool:
    people, clusters = (
        findings.tables.stability_individuals,
        findings.tables.stability_clusters,
    )
    if people.empty or clusters.empty:
        return False
    shown = best_partition(findings)[0]["partition"]
    own = people[people["partition"] == shown]
    within = clusters[clusters["partition"] == shown].set_index("cluster")["within"]
    # A margin is at most the co-association within, which is small where k is large.
    return bool((own["margin"] / own["cluster"].map(within)).median() < _BETWEEN)


def _beyond(references: pd.DataFrame) -> Literal["some", "none"] | None:
    if references.empty:
        return None
    return "some" if (references["pac"] < references["pac_reference_low"]).any() else "none"


def planted_truth(findings: Findings) -> str | None:
    """Name of the planted grouping that a run is judged by; None without one."""
    planted = findings.synthetic and not is_null(findings)
    return findings.scene.experiment.truth if planted else None


def picked_blind(findings: Findings) -> tuple[pd.Series | None, str]:
    """Row of the partition that one would pick without the truth, and by what.

    By the rule where it was asked, which may pick none; else the most stable partition of
    several clusters, where any was judged.
    """
    if findings.choice is not None:
        return chosen_blind(findings), "the rule"
    table = findings.tables.stability
    judged = table[table["jaccard"].notna()] if len(table) else table
    if judged.empty:
        return None, ""
    ordered = judged.sort_values(["jaccard", "margin"], ascending=False, kind="stable")
    name = str(ordered.iloc[0]["partition"])
    return partition_row(findings, name, findings.scene.experiment.truth), "stability"


def _blind(findings: Findings) -> Literal["near the best", "far below the best"] | None:
    truth = planted_truth(findings)
    picked, by = picked_blind(findings)
    if truth is None or not by:
        return None
    best = best_by_truth(findings.tables.scores, truth)["ari"]
    own = 0.0 if picked is None else partition_row(findings, picked["partition"], truth)["ari"]
    return "far below the best" if best - own > _FAR else "near the best"


def _within(findings: Findings) -> Literal["far below", "near", "above"] | None:
    truth = planted_truth(findings)
    if truth is None:
        return None
    best = best_by_truth(findings.tables.scores, truth)
    change = best["ari_within"] - best["ari"]
    if pd.isna(change):
        return None
    return "far below" if change < -_FAR else "above" if change > _ABOVE else "near"
