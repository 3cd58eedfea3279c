"""What a run on a user's own table has shown, in one sentence: nobody knows its truth."""

from __future__ import annotations

from synthcohort.report.figures.found_groupings import FOUND
from synthcohort.report.sentences.verdict_said import verdict_said
from synthcohort.report.sentences.wording import analysis_titles, counted, group_title, setting
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth


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
    verdict = findings.verdict
    if choice["partition"] is None:
        return f"No clusters. {verdict_said(verdict)}" if verdict else "No clusters."
    row = partitions[partitions["partition"] == choice["partition"]].iloc[0]
    title = analysis_titles(findings)[row["analysis"]]
    return (
        f"The rule picks {counted(row['n_clusters'], 'cluster')}, with {title}, "
        f"{setting(row)}.{f' {verdict_said(verdict)}' if verdict else ''}"
        f"{_closest(findings, choice['partition'])}"
    )


def _closest(findings: Findings, partition: str) -> str:
    """Say which known grouping the picked clusters are, if any."""
    rows = findings.scores[findings.scores["partition"] == partition]
    if not len(findings.truths.columns):
        return ""
    best = max((best_by_truth(rows, str(t)) for t in findings.truths), key=lambda row: row["ari"])
    name, ari = group_title(findings, best["truth"]), f"ARI {best['ari']:.2f}"
    if best["ari"] < FOUND:
        return f" They are none of the known groupings: the closest is the {name}, {ari}."
    return f" Of the known groupings the {name} is closest: {ari}."
