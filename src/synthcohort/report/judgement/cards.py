"""The cards at the top of the page: what a person asks, in order, each with one answer."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from synthcohort.report.figures.found_groupings import FOUND
from synthcohort.report.figures.profiles import profile_table
from synthcohort.report.judgement.judgement import NONE_EXIST, Judgement
from synthcohort.report.judgement.signs import picked_blind, planted_truth
from synthcohort.report.sentences.verdict_sentences import p_said
from synthcohort.report.sentences.wording import counted, group_title, listed, origin
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth, best_partition, is_null, partition_row

_OF_THE_CEILING = 0.8
"""Share of what could be found from which a partition counts as having found it."""
_LEAST = 0.1


@dataclass(frozen=True)
class Card:
    """One question, its answer in a number or a word, and half a sentence."""

    question: str
    answer: str
    words: str


def answers(findings: Findings, judgement: Judgement) -> list[Card]:
    """Answer the questions that a person asks of a run, in their order.

    Parameters
    ----------
    findings : Findings
        With at least one partition.
    judgement : Judgement

    Returns
    -------
    list of Card
    """
    if is_null(findings):
        return [
            _exists(),
            _invented(findings),
            _tested(findings),
            _picked(findings),
            *_stable(findings, judgement),
        ]
    truth = planted_truth(findings)
    if truth is not None:
        return [
            *_possible(findings, truth),
            _best(findings, truth),
            _often(findings, truth),
            _blind(findings, truth),
            *_adjusted(findings, truth),
        ]
    return [
        _tested(findings),
        _picked(findings),
        *_profile(findings, judgement),
        *_stable(findings, judgement),
        *_known(findings),
    ]


def _possible(findings: Findings, truth: str) -> list[Card]:
    oracle = best_by_truth(findings.tables.scores, truth)["oracle"]
    if pd.isna(oracle):
        return []
    words = f"the best ARI that any method could reach for the {group_title(findings, truth)}"
    return [Card("Can it be found at all?", f"{oracle:.2f}", words)]


def _best(findings: Findings, truth: str) -> Card:
    best = best_by_truth(findings.tables.scores, truth)
    words = f"ARI at its best: {origin(findings, best)}"
    return Card("Did the pipeline find it?", f"{best['ari']:.2f}", words)


def threshold(findings: Findings, truth: str) -> float:
    """ARI from which a partition counts as having found a truth: 80 % of what could be found."""
    oracle = best_by_truth(findings.tables.scores, truth)["oracle"]
    possible = 1.0 if pd.isna(oracle) else float(oracle)
    return max(round(_OF_THE_CEILING * possible, 1), _LEAST)


def _often(findings: Findings, truth: str) -> Card:
    scores = findings.tables.scores
    rows = scores[scores["truth"] == truth].drop_duplicates("partition")
    least = threshold(findings, truth)
    reach = int((rows["ari"] >= least).sum())
    words = f"{reach:,} of {counted(len(rows), 'partition')} reach an ARI of {least:g}"
    return Card("How often, whatever you choose?", _share(reach, len(rows)), words)


def _share(part: int, whole: int) -> str:
    """Share in per cent; never 0 or 100 unless exactly so.

    Examples
    --------
    >>> _share(1, 2000), _share(0, 5), _share(1999, 2000)
    ('< 1 %', '0 %', '> 99 %')
    """
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 1:
        return "< 1 %"
    return "> 99 %" if 99 < percent < 100 else f"{percent:.0f} %"


def _blind(findings: Findings, truth: str) -> Card:
    question = "Would you have picked it blind?"
    picked, by = picked_blind(findings)
    if not by:
        return Card(question, "unknown", "no partition of several clusters was judged")
    if picked is None:
        return Card(question, "no", "the rule, which does not see the truth, picks no clusters")
    ari = partition_row(findings, picked["partition"], truth)["ari"]
    if by == "the rule":
        words = f"ARI of the rule's pick: {origin(findings, picked)}"
    else:
        words = (
            f"ARI of the most stable partition ({origin(findings, picked)}); "
            "--verdict asks the rule"
        )
    return Card(question, f"{ari:.2f}", words)


def _adjusted(findings: Findings, truth: str) -> list[Card]:
    best = best_by_truth(findings.tables.scores, truth)
    if pd.isna(best["ari_within"]):
        return []
    others = [group_title(findings, g) for g in findings.scene.groups if g != truth]
    others = others or [group_title(findings, str(best["within"]))]
    other = group_title(findings, str(best["within"]))
    asked = listed([f"the {name}" for name in others[:3]]).replace(" and ", " or ")
    change = "higher than" if best["ari_within"] > best["ari"] else "against"
    why = ": it blurs the clusters" if best["ari_within"] > best["ari"] else ""
    words = (
        f"ARI within the levels of the {other}, the lowest of all groupings, {change} "
        f"{best['ari']:.2f} over everybody{why}"
    )
    return [Card(f"Is it only {asked}?", f"{best['ari_within']:.2f}", words)]


def _exists() -> Card:
    return Card("Is there anything to find?", "no", "no group of this scene has an effect")


def _invented(findings: Findings) -> Card:
    clusters = findings.tables.scores.drop_duplicates("partition")["n_clusters"]
    several = clusters[clusters > 1]
    words = f"of {counted(len(clusters), 'partition')} report clusters"
    if len(several):
        low, high = several.min(), several.max()
        words += f": {low:,} to {high:,} of them" if low < high else f": {low:,}"
    return Card("What does the pipeline report?", _share(len(several), len(clusters)), words)


def _tested(findings: Findings) -> Card:
    question = "Does the test say so?" if is_null(findings) else "Is there anything?"
    verdict = findings.verdict
    if verdict is None:
        return Card(question, "not asked", "--verdict asks it")
    if verdict["references"] == 0:
        return Card(question, verdict["word"], "too few individuals to test")
    return Card(question, verdict["word"], p_said(verdict))


def _picked(findings: Findings) -> Card:
    question = "What would the rule pick?"
    if findings.choice is None:
        return Card(question, "not asked", "--verdict asks it")
    picked, _ = picked_blind(findings)
    if picked is None:
        return Card(question, "no clusters", "it picks only where the test answers “groups”")
    sure = findings.choice["certainty"]
    words = f"{origin(findings, picked)}; on bootstrap samples it picks the same by an ARI of"
    answer = counted(int(picked["n_clusters"]), "cluster")
    return Card(f"{question[:-1]}, and how sure is it?", answer, f"{words} {sure:.2f}")


def _profile(findings: Findings, judgement: Judgement) -> list[Card]:
    row, _ = best_partition(findings)
    labels = findings.tables.labels[row["partition"]].dropna().astype(int)
    if labels.nunique() < 2:
        return []
    table = profile_table(findings, labels)
    spread = table.groupby("biomarker", sort=False)["SDs"].agg(lambda v: v.max() - v.min())
    top = spread.sort_values(ascending=False)
    question = "What are the clusters?" if judgement.credible else "What would clusters be?"
    words = f"SDs apart at most, in {top.index[0]}; {judgement.about(origin(findings, row))}"
    return [Card(question, f"{top.iloc[0]:.1f}", words)]


def _stable(findings: Findings, judgement: Judgement) -> list[Card]:
    table = findings.tables.stability
    row, _ = best_partition(findings)
    name, whose = _judged(findings, str(row["partition"]))
    own = table[table["partition"] == name] if len(table) else table
    if own.empty or pd.isna(own.iloc[0]["jaccard"]):
        return []
    found = own.iloc[0]
    words = (
        f"clusters{whose} come back in bootstrap samples, {found['misplaced']:.0%} of the "
        "individuals are closer to another one"
    )
    back = f"{found['stable']:.0f} of {found['n_clusters']}"
    question = "How stable are they?"
    if judgement.groups == NONE_EXIST:
        question = "How stable are clusters that do not exist?"
    return [Card(question, back, judgement.about(words) if not judgement.credible else words)]


def _judged(findings: Findings, shown: str) -> tuple[str, str]:
    """Name the partition whose stability is told, and say so where it is not the one shown.

    A plain run has no replicates; the closest of the analyses' own best speaks for it.
    """
    rivals = findings.tables.rivals
    if rivals.empty or shown not in set(rivals["partition"]):
        return shown, ""
    rows = findings.tables.alternatives
    rows = rows[~rows["partition"].isin(rivals["partition"])]
    if rows.empty:
        return shown, ""
    closest = rows.iloc[int(rows["ari_with_choice"].argmax())]
    return (
        str(closest["partition"]),
        f" of the closest consensus partition (ARI {closest['ari_with_choice']:.2f} with them)",
    )


def _known(findings: Findings) -> list[Card]:
    """Say which known grouping the clusters shown are closest to."""
    if not len(findings.people.truths.columns):
        return []
    shown = best_partition(findings)[0]["partition"]
    rows = [partition_row(findings, shown, str(name)) for name in findings.people.truths]
    best = max(rows, key=lambda row: row["ari"])
    name = group_title(findings, str(best["truth"]))
    words = f"ARI with the {name}, the closest of the known groupings"
    if best["ari"] < FOUND:
        words += ": they are none of them"
    return [Card("Are they a grouping that is known?", f"{best['ari']:.2f}", words)]
