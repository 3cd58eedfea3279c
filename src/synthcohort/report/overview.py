"""The grid in one line an analysis: what each preprocessing found, and how often."""

from __future__ import annotations

import pandas as pd

from synthcohort.report.judgement.cards import threshold
from synthcohort.report.judgement.signs import planted_truth
from synthcohort.report.sentences.wording import analysis_titles, group_title, setting
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth, best_row


def overview_table(findings: Findings) -> pd.DataFrame:
    """Sum up the partitions of every analysis.

    Returns
    -------
    DataFrame
        analysis, partitions, clusters (fewest to most); with a planted truth the best ARI,
        where it is, and the share of partitions that reach 80 % of what could be found;
        without one the highest modularity, and with known groupings the best ARI with each.
    """
    titles, truth = analysis_titles(findings), planted_truth(findings)
    scores = findings.tables.scores.drop_duplicates(["partition", "truth"])
    rows = []
    for name, title in titles.items():
        own = scores[scores["analysis"] == name]
        each = own.drop_duplicates("partition")
        low, high = each["n_clusters"].min(), each["n_clusters"].max()
        row = {"analysis": title, "partitions": len(each)}
        row["clusters"] = f"{low:,} to {high:,}" if low < high else f"{low:,}"
        if truth is None:
            row["most modular"] = setting(best_row(each, None))
            for known in findings.people.truths.columns:
                best = best_by_truth(own, str(known))["ari"]
                row[f"best ARI with the {group_title(findings, str(known))}"] = best
        else:
            best, least = best_by_truth(own, truth), threshold(findings, truth)
            row |= {"best ARI": best["ari"], "at": setting(best)}
            row["ceiling"] = best["ceiling"]
            reach = (own.loc[own["truth"] == truth, "ari"] >= least).mean()
            row[f"reach {least:g}"] = f"{reach:.0%}"
        rows.append(row)
    table = pd.DataFrame(rows)
    by = "best ARI" if truth is not None else "partitions"
    return table.sort_values(by, ascending=False, kind="stable", ignore_index=True)
