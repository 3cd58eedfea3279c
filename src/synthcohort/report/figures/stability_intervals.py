"""Which clusters of the shown partition are stable, and how sure its individuals are."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.clustering.stability.cluster_stability import DISSOLVED, RECOVERED
from synthcohort.report import weighted
from synthcohort.report.figures.figure import Figure, records
from synthcohort.report.judgement.judgement import judgement_of
from synthcohort.report.sentences.wording import (
    analysis_titles,
    cell_title,
    counted,
    listed,
    setting,
)
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_partition

_VERDICTS = {"stable": "#009e73", "in between": "#e69f00", "dissolved": "#d55e00"}
_MOST = 20
"""Clusters that are drawn, the largest; the table has all."""


def has_stability(findings: Findings) -> bool:
    """Whether the shown partition was judged cluster by cluster."""
    if findings.tables.stability_clusters.empty:
        return False
    shown = best_partition(findings)[0]["partition"]
    return bool((findings.tables.stability_clusters["partition"] == shown).any())


def stability_figure(findings: Findings) -> Figure:
    """Draw the bootstrap Jaccard of each cluster beside the margins of its individuals."""
    row, reason = best_partition(findings)
    table = cluster_rows(findings, row["partition"])
    title = analysis_titles(findings)[row["analysis"]]
    few = f" The {_MOST} largest clusters are drawn." if len(table) > _MOST else ""
    return Figure(
        name="stability",
        title=judgement_of(findings).about(_title(table)),
        caption=(
            f"The partition of {title}, {setting(row)} ({reason}). Left: the Jaccard coefficient "
            "of each cluster with its counterpart in a bootstrap replicate (the most similar "
            f"union of base clusters), mean over replicates; from {RECOVERED:g} on it is stable, "
            f"up to {DISSOLVED:g} dissolved. The black tick is the cluster's share of everybody, "
            "which chance reaches. Right: margins of the individuals, from the 5th to the 95th "
            "percentile, the middle half thick, with the median: co-association with their own "
            f"cluster less that with the next best. Below 0 they belong elsewhere.{few}"
            f"{weighted.sentence(findings.people.weight)}"
        ),
        chart=_chart(table.head(_MOST)),
        table=table,
        remarks=_remarks(findings, row),
    )


def cluster_rows(findings: Findings, partition: str) -> pd.DataFrame:
    """Judge each cluster of a partition, with the percentiles of its individuals' margins.

    Returns
    -------
    DataFrame
        One row a cluster, as a reader counts them: from 1, the largest first.
    """
    rows = findings.tables.stability_clusters
    rows = rows[rows["partition"] == partition]
    people = findings.tables.stability_individuals
    people = people[people["partition"] == partition]
    at = {"margin p5": 0.05, "margin p25": 0.25, "margin median": 0.5}
    at |= {"margin p75": 0.75, "margin p95": 0.95}
    margins = people.groupby("cluster")["margin"]
    table = pd.DataFrame(
        {
            "cluster": rows["cluster"].astype(int) + 1,
            "n": rows["size"],
            "share": rows["share"],
            "Jaccard": rows["jaccard"],
            "verdict": rows["jaccard"].map(_verdict),
            "recovered": rows["recovered"],
            "dissolved": rows["dissolved"],
            "replicates": rows["replicates"],
            "within": rows["within"],
            "between": rows["between"],
            "nearest": (rows["nearest"] + 1).astype("Int64"),
        }
    ).set_index(rows["cluster"].astype(int))
    for name, share in at.items():
        table[name] = _percentile(margins, findings.people.weight, share)
    return table.reset_index(drop=True)


def _percentile(margins: Any, weight: weighted.Weight, share: float) -> pd.Series:
    """Percentile of the margins of each cluster's individuals."""
    if weight is None:
        return margins.quantile(share).astype(float)
    return margins.apply(lambda m: weighted.quantile(m, weighted.within(weight, m.index), share))


def _verdict(jaccard: float) -> str:
    if jaccard >= RECOVERED - 1e-12:
        return "stable"
    return "dissolved" if jaccard <= DISSOLVED + 1e-12 else "in between"


def _title(table: pd.DataFrame) -> str:
    counts = table["verdict"].value_counts()
    parts = [f"{counts[v]} {v}" for v in _VERDICTS if v in counts]
    if len(parts) == 1:
        return f"All {counted(len(table), 'cluster')} of the partition shown are {counts.index[0]}"
    return f"Of the {counted(len(table), 'cluster')} of the partition shown, {listed(parts)}"


def _remarks(findings: Findings, row: pd.Series) -> list[str]:
    rows = findings.tables.stability
    own = rows[rows["partition"] == row["partition"]].iloc[0]
    remarks = [
        f"{own['misplaced']:.1%} of the individuals are closer to another cluster than to their "
        f"own; {own['pac']:.1%} of all pairs are ambiguous (together in 10 to 90 % of the "
        "replicates)."
    ]
    if own["ari_next"] == own["ari_next"]:
        remarks.append(
            f"At the next higher resolution the partition agrees with this one by an ARI of "
            f"{own['ari_next']:.2f}; two replicates agree by {own['replicate_ari']:.2f}."
        )
    return remarks + _optimiser(findings, row["analysis"])


def _optimiser(findings: Findings, shown: str) -> list[str]:
    """Say whose the instability of the base clusterings is."""
    if findings.tables.instability.empty:
        return []
    titles = analysis_titles(findings)
    rows = findings.tables.instability.set_index("analysis")
    own = findings.tables.instability[findings.tables.instability["analysis"] == shown].iloc[0]
    text = (
        f"Base clusterings of {titles[shown]} ({cell_title(own)}) agree by an ARI of "
        f"{own['same_sample']:.2f} on the same bootstrap sample with other random starts, and by "
        f"{own['other_sample']:.2f} on different samples: "
    )
    if own["share"] != own["share"]:
        return [text + "neither the optimiser nor the sampling makes them unstable."]
    part = _percent(own["share"])
    text += f"the optimiser alone makes {part} of their disagreement, the sampling the rest."
    others = [
        f"{titles[str(a)]} {_percent(s)}" for a, s in rows["share"].dropna().items() if a != shown
    ]
    if others:
        text += f" The optimiser's part elsewhere: {listed(others)}."
    return [text]


def _percent(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0):.0%}"


def _chart(table: pd.DataFrame) -> Any:
    data = table.rename(columns={f"margin {p}": p for p in ("p5", "p25", "median", "p75", "p95")})
    data = data.assign(
        name=[f"{c} (n = {n:,.0f})" for c, n in zip(data["cluster"], data["n"], strict=True)]
    )
    data = data.drop(columns=["nearest"])
    order = list(data["name"])
    y = alt.Y("name:N", sort=order, title="cluster", axis=alt.Axis(labelLimit=200))
    bare = alt.Y("name:N", sort=order, title=None, axis=None)
    colour = alt.Color(
        "verdict:N",
        title=None,
        scale=alt.Scale(domain=list(_VERDICTS), range=list(_VERDICTS.values())),
        legend=alt.Legend(orient="top"),
    )
    unit = alt.Scale(domain=[0, 1])
    limits = pd.DataFrame({"at": [DISSOLVED, RECOVERED]})
    rules = alt.Chart(records(limits)).mark_rule(strokeDash=[5, 4], color="#666").encode(x="at:Q")
    bars = (
        alt.Chart()
        .mark_bar(height={"band": 0.6})
        .encode(x=alt.X("Jaccard:Q", scale=unit, title="bootstrap Jaccard"), y=y, color=colour)
    )
    floor = alt.Chart().mark_tick(color="#111", thickness=2, size=14).encode(x="share:Q", y=y)
    left = alt.layer(bars, floor, rules)
    low = min(0.0, float(data["p5"].min()))
    wide = alt.Scale(domain=[low, 1])
    base = alt.Chart().encode(y=bare, color=colour)
    x = alt.X("p5:Q", scale=wide, title="margin of the individuals")
    whole = base.mark_rule(strokeWidth=1.5).encode(x=x, x2="p95:Q")
    half = base.mark_bar(height={"band": 0.35}).encode(x=alt.X("p25:Q", scale=wide), x2="p75:Q")
    middle = base.mark_tick(thickness=2, size=16).encode(
        x=alt.X("median:Q", scale=wide), color=alt.value("#111")
    )
    zero = alt.Chart(records(pd.DataFrame({"at": [0.0]}))).mark_rule(color="#666").encode(x="at:Q")
    right = alt.layer(zero, whole, half, middle)
    height = alt.Step(26)
    return alt.hconcat(
        left.properties(width=330, height=height),
        right.properties(width=330, height=height),
        data=records(data),
    )
