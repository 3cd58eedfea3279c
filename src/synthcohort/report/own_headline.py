"""What a run on a user's own table has shown, in one sentence: nobody knows its truth."""

from __future__ import annotations

from synthcohort.report.best import best_by_truth
from synthcohort.report.findings import Findings
from synthcohort.report.words import analysis_titles, counted, group_title, setting


def own_headline(findings: Findings) -> str:
    """Say what was found and how far it can be believed."""
    partitions = findings.scores.drop_duplicates("partition")
    choice = findings.choice
    if choice is None:
        low, high = partitions["n_clusters"].min(), partitions["n_clusters"].max()
        span = f"{low} to {counted(high, 'cluster')}" if low < high else counted(low, "cluster")
        return (
            f"{len(partitions):,} partitions of {findings.size:,} individuals have {span}. Whether "
            "any of them is more than data without clusters give was not asked: --nulls 19 asks it."
        )
    twins = f"{findings.scene.experiment.nulls} null twins, p = {choice['p_value']:.2f}"
    if choice["partition"] is None:
        return (
            "No clusters: nothing in this table is more stable than in data with the same marginal "
            f"distributions and rank correlations and no clusters ({twins})."
        )
    row = partitions[partitions["partition"] == choice["partition"]].iloc[0]
    return (
        f"The rule picks {counted(row['n_clusters'], 'cluster')}, more stable than in data without "
        f"clusters ({twins}), with {analysis_titles(findings)[row['analysis']]}, {setting(row)}."
        f"{_closest(findings, choice['partition'])}"
    )


def _closest(findings: Findings, partition: str) -> str:
    """Say which known grouping the picked clusters are, if any."""
    rows = findings.scores[findings.scores["partition"] == partition]
    if not len(findings.truths.columns):
        return ""
    best = max((best_by_truth(rows, str(t)) for t in findings.truths), key=lambda row: row["ari"])
    name = group_title(findings, best["truth"])
    return f" Of the known groupings the {name} is closest: ARI {best['ari']:.2f}."
