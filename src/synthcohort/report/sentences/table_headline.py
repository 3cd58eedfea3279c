"""What a run on a user's own table has shown, in one sentence: nobody knows its truth."""

from __future__ import annotations

from synthcohort.report.figures.found_groupings import FOUND
from synthcohort.report.sentences.verdict_sentences import verdict_said
from synthcohort.report.sentences.wording import counted, group_title, origin
from synthcohort.results.findings import Findings
from synthcohort.results.selection import partition_row


def own_headline(findings: Findings) -> str:
    """Say what was found and how far it can be believed."""
    partitions = findings.tables.scores.drop_duplicates("partition")
    choice = findings.choice
    if choice is None:
        low, high = partitions["n_clusters"].min(), partitions["n_clusters"].max()
        span = f"{low} to {counted(high, 'cluster')}" if low < high else counted(low, "cluster")
        return (
            f"{len(partitions):,} partitions of {findings.size:,} individuals have {span}. Whether "
            "any of them is more than data without clusters give was not asked: --verdict asks "
            "it."
        )
    verdict = findings.verdict
    if choice["partition"] is None:
        return f"No clusters. {verdict_said(verdict)}" if verdict else "No clusters."
    row = partition_row(findings, choice["partition"], None)
    return (
        f"The rule picks {counted(row['n_clusters'], 'cluster')}, those of "
        f"{origin(findings, row)}.{f' {verdict_said(verdict)}' if verdict else ''}"
        f"{_closest(findings, choice['partition'])}"
    )


def _closest(findings: Findings, partition: str) -> str:
    """Say which known grouping the picked clusters are, if any."""
    if not len(findings.people.truths.columns):
        return ""
    rows = [partition_row(findings, partition, str(truth)) for truth in findings.people.truths]
    best = max(rows, key=lambda row: row["ari"])
    name, ari = group_title(findings, best["truth"]), f"ARI {best['ari']:.2f}"
    if best["ari"] < FOUND:
        return f" They are none of the known groupings: the closest is the {name}, {ari}."
    return f" Of the known groupings the {name} is closest: {ari}."
