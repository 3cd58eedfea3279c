"""Whether pairs that co-cluster often belong together as often."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report.figures.figure import Figure, colours, records
from synthcohort.report.sentences.wording import (
    analysis_titles,
    base_title,
    cell_title,
    group_title,
    listed,
)
from synthcohort.results.findings import Findings

_FEWEST = 100
"""Pairs below which a bin is not drawn."""


def calibration_figure(findings: Findings, truth: str) -> Figure:
    """Draw co-association against the oracle's probability that a pair belongs together."""
    rows = _closest_cells(findings, truth)
    table = _table(findings, rows)
    best = table.iloc[int(table["Brier score"].argmin())]
    curve = (table["analysis"] == best["analysis"]) & (table["base"] == best["base"])
    top = table[curve].iloc[-1]
    by = f" by {best['base']}" if table["base"].nunique() > 1 else ""
    cells = listed([cell_title(row) for _, row in rows.drop_duplicates("base").iterrows()])
    return Figure(
        name="calibration",
        title=(
            f"With {best['analysis']}{by}, pairs that co-cluster "
            f"{top['co-association']:.0%} of the time belong together "
            f"{top['together']:.0%} of the time"
        ),
        caption=(
            f"20,000 pairs of individuals, {cells}: the share of bootstrap replicates that put "
            f"them in one cluster, against the probability that they have the same "
            f"{group_title(findings, truth)} (by the oracle, who knows the scene's model). On the "
            "dashed line a consensus means what it says; below it, it is too sure. "
            f"Bins with fewer than {_FEWEST} pairs are only in the table."
        ),
        chart=_chart(table),
        table=table,
    )


def _closest_cells(findings: Findings, truth: str) -> pd.DataFrame:
    """Rows of each clusterer's k closest to the number of groups, the smaller of equals."""
    planted = findings.people.truths[truth].nunique()
    rows = findings.tables.reliability
    closest = {
        base: min(sorted(own.unique()), key=lambda k: abs(k - planted))
        for base, own in rows.groupby("base", sort=False)["k"]
    }
    return rows[rows["k"] == rows["base"].map(closest)]


def _table(findings: Findings, rows: pd.DataFrame) -> pd.DataFrame:
    titles = analysis_titles(findings)
    table = pd.DataFrame(
        {
            "analysis": rows["analysis"].map(titles),
            "base": rows["base"].map(base_title),
            "k": rows["k"],
            "co-association": rows["co_association"],
            "together": rows["together"],
            "pairs": rows["pairs"],
            "Brier score": rows["brier"],
        }
    )
    return table.reset_index(drop=True)


def _chart(table: pd.DataFrame) -> Any:
    data = table[table["pairs"] >= _FEWEST].rename(
        columns={"co-association": "predicted", "Brier score": "brier"}
    )
    domain = list(dict.fromkeys(data["analysis"]))
    axis = alt.Axis(format=".1f", tickCount=6)
    unit = alt.Scale(domain=[0, 1])
    base = alt.Chart(records(data)).encode(
        x=alt.X("predicted:Q", title="co-association", scale=unit, axis=axis),
        y=alt.Y("together:Q", title="probability of belonging together", scale=unit, axis=axis),
        color=alt.Color("analysis:N", title=None, sort=domain, scale=colours(domain)),
    )
    if data["base"].nunique() > 1:
        base = base.encode(strokeDash=alt.StrokeDash("base:N", title="base clusterer"))
    diagonal = pd.DataFrame({"predicted": [0.0, 1.0], "together": [0.0, 1.0]})
    line = alt.Chart(records(diagonal)).mark_line(strokeDash=[5, 4], color="#666", strokeWidth=1.2)
    line = line.encode(x="predicted:Q", y="together:Q")
    points = base.mark_point(filled=True, size=40)
    return alt.layer(line, base.mark_line(), points).properties(width=420, height=340)
