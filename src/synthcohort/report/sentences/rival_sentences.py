"""The pipeline against its rivals, in a sentence and a table."""

from __future__ import annotations

import pandas as pd

from synthcohort.clustering.rivals import rival_title
from synthcohort.report.sentences.wording import analysis_titles, counted
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth

RIVALS_CAPTION = (
    "Rivals: plain methods without bootstraps, each with its own number of clusters (at most 8)"
)
CHOICE_CAPTION = (
    "The choice without the truth, and the best of every analysis and rival by the same rule"
)


def rivals_said(findings: Findings) -> list[str]:
    """Say whether the pipeline at its best is better than plain methods, where a truth is known."""
    truth = findings.scene.experiment.truth
    if findings.tables.rivals.empty or truth not in set(findings.tables.rivals["truth"]):
        return []
    ours = best_by_truth(findings.tables.scores, str(truth))["ari"]
    count = findings.tables.scores["partition"].nunique()
    best = best_by_truth(findings.tables.rivals, str(truth))
    name = f"{rival_title(best['rival'], best['form'])} ({_clusters(best)})"
    theirs = f"{len(findings.tables.rivals['partition'].unique())} plain runs"
    if round(best["ari"], 2) > round(ours, 2):
        return [
            f"A plain method does better than the pipeline: {name} reaches an ARI of "
            f"{best['ari']:.2f}; the pipeline's best of {counted(count, 'partition')} has "
            f"{ours:.2f}."
        ]
    return [
        f"The pipeline's best of {counted(count, 'partition')} has an ARI of {ours:.2f}; the best "
        f"of {theirs}, each with its own number of clusters, is {name} with {best['ari']:.2f}."
    ]


def _clusters(row: pd.Series) -> str:
    return counted(int(row["n_clusters"]), "cluster")


def rivals_table(findings: Findings) -> pd.DataFrame:
    """Lay out every rival on every form, with its scores against the truth if one is known."""
    rows = findings.tables.rivals
    truth = findings.scene.experiment.truth
    known = truth in set(rows["truth"])
    shown = rows[rows["truth"] == truth] if known else rows.drop_duplicates("partition")
    table = pd.DataFrame(
        {
            "rival": _titles(shown),
            "number by": shown["criterion"],
            "clusters": shown["n_clusters"],
        }
    )
    if known:
        table = table.assign(**{f"ARI with {truth}": shown["ari"], "AMI": shown["ami"]})
        table = table.sort_values(f"ARI with {truth}", ascending=False, kind="stable")
    return table.reset_index(drop=True)


def _titles(rows: pd.DataFrame) -> list[str]:
    return [rival_title(r, f) for r, f in zip(rows["rival"], rows["form"], strict=True)]


def alternatives_table(findings: Findings) -> pd.DataFrame:
    """Lay out the best partition of every source, with its ARI where a truth is known."""
    rows, truth = findings.tables.alternatives, findings.scene.experiment.truth
    titles = analysis_titles(findings)
    if not findings.tables.rivals.empty:
        titles |= dict(
            zip(findings.tables.rivals["partition"], _titles(findings.tables.rivals), strict=True)
        )
    table = pd.DataFrame(
        {
            "from": rows["source"].map(titles),
            "partition": rows["partition"],
            "clusters": rows["n_clusters"],
            "expected agreement": rows["agreement"],
            "ARI with the choice": rows["ari_with_choice"],
            "BIC above the lowest": rows["behind"],
            "as good as the choice": rows["tied"].astype(bool),
        }
    )
    if truth is None:
        return table
    columns = ["partition", "truth", "ari"]
    every = pd.concat(
        [t[columns] for t in (findings.tables.scores, findings.tables.rivals) if len(t)]
    )
    every = every[every["truth"] == truth].drop_duplicates("partition").set_index("partition")
    return table.assign(**{f"ARI with {truth}": rows["partition"].map(every["ari"])})


def ties_said(findings: Findings) -> str:
    """Say which sources can't be told from the choice; empty where there is none."""
    rows = findings.tables.alternatives
    tied = rows[rows["tied"].astype(bool)] if len(rows) else rows
    names = list(alternatives_table(findings)["from"][tied.index]) if len(tied) > 1 else []
    if not names:
        return ""
    shown = names[:4]
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    words = ", ".join(shown[:-1]) + (f" and {shown[-1]}" if not more else f", {shown[-1]}")
    return f"{words}{more} can't be told apart on these individuals."
