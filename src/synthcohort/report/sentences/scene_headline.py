"""What a run has shown, in sentences."""

from __future__ import annotations

from synthcohort.report.sentences.imputing_sentences import imputing_decides, imputing_said
from synthcohort.report.sentences.rival_sentences import rivals_said, ties_said
from synthcohort.report.sentences.table_headline import own_headline
from synthcohort.report.sentences.verdict_sentences import verdict_said
from synthcohort.report.sentences.wording import (
    analysis_titles,
    counted,
    group_title,
    listed,
    origin,
    setting,
)
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth, is_null, partition_row

_VERBS = {"recovers": 0.8, "partly recovers": 0.3, "misses": -1.0}
"""What a best ARI is called, from this value on."""


def headline(findings: Findings) -> str:
    """Return the one sentence to remember; before it, that the verdict depends on imputing."""
    return f"{imputing_decides(findings)} {_headline(findings)}".strip()


def _headline(findings: Findings) -> str:
    if findings.tables.labels.empty:
        return (
            f"{findings.size:,} synthetic individuals were generated; nothing was clustered, "
            "as asked."
        )
    if not findings.synthetic:
        return own_headline(findings)
    if is_null(findings):
        return _null_headline(findings)
    truth = str(findings.scene.experiment.truth)
    best = best_by_truth(findings.tables.scores, truth)
    name, planted = group_title(findings, truth), findings.people.truths[truth].nunique()
    title = analysis_titles(findings)[best["analysis"]]
    verb = next(word for word, lowest in _VERBS.items() if best["ari"] >= lowest)
    return (
        f"At its best the pipeline {verb} the {name} ({planted} groups): ARI {best['ari']:.2f}, "
        f"with {title}, {setting(best)}."
    )


def _null_headline(findings: Findings) -> str:
    counts = findings.tables.scores.drop_duplicates("partition")["n_clusters"]
    invented = counts[counts > 1]
    if invented.empty:
        return (
            "There is nothing to find in this scene, and all partitions say so: "
            "each has one single cluster."
        )
    return (
        f"Clusters were reported where none exist: {len(invented):,} of {len(counts):,} partitions "
        f"have {invented.min()} to {invented.max()} clusters, in a population that is one "
        "homogeneous group."
    )


def key_points(findings: Findings) -> list[str]:
    """Say what each choice did, a sentence each, and how far imputing decides it."""
    return [*_points(findings), *imputing_said(findings)]


def _points(findings: Findings) -> list[str]:
    truth = findings.scene.experiment.truth
    if findings.tables.labels.empty:
        return []
    if truth is None and not findings.synthetic:
        return []  # the headline says what was chosen
    if truth is None or is_null(findings):
        return [chosen(findings)] if findings.choice else []
    titles = analysis_titles(findings)
    points = [chosen(findings)] if findings.choice else []
    points += [said for said in (ties_said(findings), *rivals_said(findings)) if said]
    for whitened, words in ((False, "Without whitening"), (True, "With whitening")):
        rows = findings.tables.scores[findings.tables.scores["whitened"] == whitened]
        if rows.empty:
            continue
        ranked = [
            best_by_truth(rows[rows["analysis"] == analysis], truth)
            for analysis in rows["analysis"].unique()
        ]
        ranked.sort(key=lambda row: -row["ari"])
        parts = [f"{titles[row['analysis']]} {row['ari']:.2f}" for row in ranked]
        points.append(f"{words}, best ARI by preprocessing: {listed(parts)}.")
    recovered = _clusters(findings, truth)
    return points + ([recovered] if recovered else [])


def chosen(findings: Findings) -> str:
    """Say what the rule picks without looking at the truth, and how good that is."""
    choice = findings.choice or {}
    partition = choice["partition"]
    said = f" {verdict_said(findings.verdict)}" if findings.verdict else ""
    if partition is None:
        return f"Without looking at the truth, the rule answers: no clusters.{said}"
    truth = findings.scene.experiment.truth
    row = partition_row(findings, partition, truth)
    text = (
        f"Without looking at the truth, the rule picks {origin(findings, row)}: "
        f"{counted(int(row['n_clusters']), 'cluster')}.{said} What it picks on bootstrap samples "
        f"agrees with the choice at a mean ARI of {choice['certainty']:.2f}; with the groups "
        f"themselves it expects {choice['expected']:.2f}, if its best models are right"
    )
    if truth is None:
        return text + "."
    best = best_by_truth(findings.tables.scores, truth)["ari"]
    of_best = f", {row['ari'] / best:.0%} of the grid's best" if best > 0.05 else ""
    return f"{text}. Its ARI with the truth is {row['ari']:.2f}{of_best}."


def _clusters(findings: Findings, truth: str) -> str:
    best = best_by_truth(findings.tables.scores, truth)
    rows = findings.tables.recovery
    rows = rows[(rows["partition"] == best["partition"]) & (rows["truth"] == truth)]
    parts = [
        f"{c} {j:.2f} (n = {n:,.0f})"
        for c, j, n in zip(rows["cluster"], rows["jaccard"], rows["size"], strict=True)
    ]
    return f"In the best partition, best-match Jaccard: {listed(parts)}." if parts else ""
