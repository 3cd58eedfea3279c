"""Which of the known groupings each preprocessing found."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report.figures.figure import Figure, colours, records
from synthcohort.report.sentences.wording import analysis_titles, group_title, listed, setting
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth, is_null

FOUND = 0.1
"""ARI below which a grouping counts as not found."""


def found_figure(findings: Findings) -> Figure:
    """Draw the best ARI of each analysis against each grouping that the scene knows."""
    titles = analysis_titles(findings)
    table = best_table(findings)
    known = "scene knows, thirds of its factors too" if findings.synthetic else "table has"
    return Figure(
        name="found",
        title=_title(findings, table),
        caption=(
            "The highest ARI that any k and resolution reached, against each grouping that the "
            f"{known}. Below {FOUND:g} a grouping counts as not found. Adjusted is the lowest "
            "agreement within the levels of any other grouping: what those don't explain."
        ),
        chart=_chart(table, list(titles.values())),
        table=table,
        remarks=[
            _sentence(str(name), rows) for name, rows in table.groupby("analysis", sort=False)
        ],
    )


def best_table(findings: Findings) -> pd.DataFrame:
    """Best partition of each analysis against each known grouping.

    Returns
    -------
    DataFrame
        analysis, grouping, ARI, clusters, setting, and the ARI of that partition within
        the levels of the other grouping that explains most of it.
    """
    titles = analysis_titles(findings)
    scores = findings.tables.scores.drop_duplicates(["partition", "truth"])
    rows = []
    for analysis in titles:
        of_analysis = scores[scores["analysis"] == analysis]
        for truth in findings.people.truths.columns:
            best = best_by_truth(of_analysis, truth)
            rows.append(
                {
                    "analysis": titles[analysis],
                    "grouping": group_title(findings, truth),
                    "ARI": best["ari"],
                    "clusters": best["n_clusters"],
                    "setting": setting(best),
                    "ARI within": best["ari_within"],
                    "within": best["within"] if isinstance(best["within"], str) else None,
                }
            )
    return pd.DataFrame(rows)


def _sentence(analysis: str, rows: pd.DataFrame) -> str:
    """Say what an analysis found, and which agreement another grouping explains."""
    hits = rows[rows["ARI"] >= FOUND].sort_values("ARI", ascending=False, kind="stable")
    if hits.empty:
        return f"{analysis}: found none of the known groupings."
    own = hits[~(hits["ARI within"] < FOUND)]
    own = own if len(own) else hits.iloc[:1]
    words = listed([_part(row) for _, row in own.iterrows()])
    explained = hits.drop(index=own.index)
    if explained.empty:
        return f"{analysis}: found {words}."
    rest = [f"the {row['grouping']} ({row['ARI']:.2f})" for _, row in explained.iterrows()]
    return (
        f"{analysis}: found {words}. Its agreement with {listed(rest)} goes away within the "
        "levels of another grouping, which explains it."
    )


def _part(row: pd.Series) -> str:
    adjusted = "" if pd.isna(row["ARI within"]) else f"; {row['ARI within']:.2f} adjusted"
    return f"the {row['grouping']} (ARI {row['ARI']:.2f} at {row['setting']}{adjusted})"


def _title(findings: Findings, table: pd.DataFrame) -> str:
    winners = table.loc[table.groupby("analysis", sort=False)["ARI"].idxmax()]
    winners = winners[winners["ARI"] >= FOUND]
    parts = [
        f"{len(rows)} of {table['analysis'].nunique()} analyses found the {name} best"
        for name, rows in winners.groupby("grouping", sort=False)
    ]
    if not parts:
        return "No analysis found any of the known groupings"
    if is_null(findings):
        # Such as the sex, which sex-specific cut-offs write into the data.
        return f"{listed(parts)}, though no grouping has an effect: the preprocessing made it"
    return listed(parts)


def _chart(table: pd.DataFrame, titles: list[str]) -> Any:
    data = table.rename(columns={"ARI": "ari"})
    domain = list(dict.fromkeys(data["grouping"]))
    base = alt.Chart(records(data)).encode(
        y=alt.Y("analysis:N", sort=titles, title=None, axis=alt.Axis(labelLimit=320)),
        x=alt.X(
            "ari:Q",
            title="best ARI",
            scale=alt.Scale(domainMax=1),
            axis=alt.Axis(tickCount=6, format=".1f"),
        ),
    )
    points = base.mark_point(filled=True, size=110, opacity=0.9).encode(
        color=alt.Color(
            "grouping:N",
            title="grouping",
            scale=colours(domain),
            legend=alt.Legend(orient="top"),
        ),
        shape=alt.Shape("grouping:N", scale=alt.Scale(domain=domain), legend=None),
    )
    rule = alt.Chart().mark_rule(strokeDash=[3, 3], color="#999").encode(x=alt.datum(FOUND))
    return alt.layer(rule, points, data=records(data)).properties(width=640, height=alt.Step(30))
