"""Which partitions a reader should look at: the best by a truth, the one chosen blind, the shown.

Everybody who picks a partition asks here: the grid for what to keep of individuals and to fit
again, the page for what to show.
"""

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


def best_by_modularity(scores: pd.DataFrame) -> pd.Series:
    """Row of the highest modularity, among partitions of several clusters where there are any."""
    several = scores[scores["n_clusters"] > 1]
    rows = several if len(several) else scores
    return rows.sort_values("modularity", ascending=False, kind="stable").iloc[0]


def best_row(scores: pd.DataFrame, truth: str | None) -> pd.Series:
    """Row of the best partition against a truth, or of the highest modularity without one."""
    return best_by_modularity(scores) if truth is None else best_by_truth(scores, truth)


def partition_row(findings: Findings, partition: str, truth: str | None) -> pd.Series:
    """Row of a partition's scores, of the grid or of a rival, against a truth if there is one."""
    for table in (findings.tables.scores, findings.tables.rivals):
        rows = table[table["partition"] == partition]
        if len(rows):
            of_truth = rows[rows["truth"] == truth]
            return (of_truth if len(of_truth) else rows).iloc[0]
    raise KeyError(partition)


def chosen_blind(findings: Findings) -> pd.Series | None:
    """Row of the partition that the rule picks, which looks at no known grouping.

    None where the rule was not asked, or answers "no clusters".
    """
    picked = (findings.choice or {}).get("partition")
    return partition_row(findings, picked, None) if picked else None


def best_partition(findings: Findings) -> tuple[pd.Series, str]:
    """Row of the partition that the page shows, and the reason in words.

    With a truth it is the best by ARI. Without one it is the partition that the rule picks,
    or else that of highest modularity among those with at least two clusters.
    """
    truth, scores = findings.scene.experiment.truth, findings.tables.scores
    if truth is not None:
        reason = f"highest ARI against the {'truth of the run' if findings.synthetic else truth}"
        return best_by_truth(scores, truth), reason
    picked = chosen_blind(findings)
    if picked is not None:
        return picked, "picked by the rule, which looks at no known grouping"
    reason = "highest modularity, because there is no truth to choose by"
    return best_by_modularity(scores), reason


def shown_partitions(scores: pd.DataFrame, truth: str | None, chosen: str | None) -> list[str]:
    """Columns of the labels whose individuals a run keeps: the best, and the one chosen blind."""
    best = str(best_row(scores, truth)["partition"])
    return list(dict.fromkeys([best, chosen] if chosen else [best]))


def is_null(findings: Findings) -> bool:
    """Whether no group has an effect in the scene, so that there is nothing to find.

    Of a user's table nobody knows.
    """
    return findings.synthetic and not findings.scene.acting_groups()
