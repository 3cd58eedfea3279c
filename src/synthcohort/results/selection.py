"""Which partition of a run a reader should look at first."""

from __future__ import annotations

import pandas as pd

from synthcohort.results.findings import Findings


def best_by_truth(scores: pd.DataFrame, truth: str) -> pd.Series:
    """Row of the partition with the highest ARI against a truth.

    Of equals it is the one with the fewest clusters, then the first.

    Returns
    -------
    Series
        One row of the scores.
    """
    rows = scores[scores["truth"] == truth]
    return rows.sort_values(["ari", "n_clusters"], ascending=[False, True], kind="stable").iloc[0]


def best_partition(findings: Findings) -> tuple[pd.Series, str]:
    """Row of the partition to show, and the reason in words.

    With a truth it is the best by ARI. Without one it is the partition that the rule picks,
    or else that of highest modularity among those with at least two clusters.
    """
    truth = findings.scene.experiment.truth
    if truth is not None:
        reason = f"highest ARI against the {'truth of the run' if findings.synthetic else truth}"
        return best_row(findings.scores, truth), reason
    pick = (findings.choice or {}).get("partition")
    if pick:
        reason = "picked by the rule, which looks at no known grouping"
        return partition_row(findings, pick, None), reason
    reason = "highest modularity, because there is no truth to choose by"
    return best_row(findings.scores, None), reason


def partition_row(findings: Findings, partition: str, truth: str | None) -> pd.Series:
    """Row of a partition's scores, of the grid or of a rival, against a truth if there is one."""
    for table in (findings.scores, findings.rivals):
        rows = table[table["partition"] == partition] if len(table) else table
        if len(rows):
            of_truth = rows[rows["truth"] == truth]
            return (of_truth if len(of_truth) else rows).iloc[0]
    raise KeyError(partition)


def best_row(scores: pd.DataFrame, truth: str | None) -> pd.Series:
    """Row of the best partition against a truth, or of the highest modularity without one."""
    if truth is not None:
        return best_by_truth(scores, truth)
    several = scores[scores["n_clusters"] > 1]
    rows = several if len(several) else scores
    return rows.sort_values("modularity", ascending=False, kind="stable").iloc[0]


def is_null(findings: Findings) -> bool:
    """Whether no group has an effect in the scene, so that there is nothing to find.

    Of a user's table nobody knows.
    """
    return findings.synthetic and not findings.scene.acting_groups()
