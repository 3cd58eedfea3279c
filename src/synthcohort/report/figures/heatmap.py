"""ARI by analysis, k and resolution."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report.figures.cell_axes import cell_axis
from synthcohort.report.figures.figure import Figure, records
from synthcohort.report.sentences.wording import analysis_titles, base_title, group_title, setting
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth, is_null
from synthcohort.scene.numbers import shortest

_COLUMNS = 4


def heatmap_figure(findings: Findings, truth: str) -> Figure:
    """Draw the ARI against one truth in every cell of the grid."""
    titles = analysis_titles(findings)
    rows = findings.tables.scores[findings.tables.scores["truth"] == truth].drop_duplicates(
        "partition"
    )
    table = pd.DataFrame(
        {
            "analysis": rows["analysis"].map(titles),
            "base": rows["base"].map(base_title),
            "k": rows["k"],
            "resolution": rows["resolution"],
            "clusters": rows["n_clusters"],
            "ARI": rows["ari"],
        }
    ).reset_index(drop=True)
    best = best_by_truth(rows, truth)
    name = group_title(findings, truth)
    title = (
        f"Closest to the {name} comes {titles[best['analysis']]}: ARI {best['ari']:.2f} "
        f"at {setting(best)}"
    )
    if is_null(findings):
        title = f"The {name} has no effect in this scene; the highest ARI is {best['ari']:.2f}"
    return Figure(
        name="heatmap",
        title=title,
        caption=(
            f"Adjusted Rand index against the {name} (1 perfect, 0 chance) for each base "
            "clusterer, k and resolution."
        ),
        chart=_chart(table, list(titles.values())),
        table=table,
    )


def _chart(table: pd.DataFrame, titles: list[str]) -> Any:
    data = table.rename(columns={"analysis": "panel", "ARI": "ari"})
    data["resolution"] = data["resolution"].map(shortest)
    order = list(dict.fromkeys(data["resolution"]))
    axis = cell_axis(data)
    data["cell"] = axis.labels
    base = alt.Chart().encode(
        x=alt.X("resolution:O", title="resolution", sort=order, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("cell:N", title=axis.title, sort=axis.order[::-1]),
    )
    cells = base.mark_rect().encode(
        color=alt.Color(
            "ari:Q",
            title="ARI",
            scale=alt.Scale(scheme="blues", domain=[0, 1], clamp=True),
            legend=alt.Legend(orient="top", gradientLength=180),
        )
    )
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("ari:Q", format=".2f"),
        color=alt.condition("datum.ari > 0.55", alt.value("white"), alt.value("#333")),
    )
    panel = alt.layer(cells, text).properties(width=alt.Step(29), height=alt.Step(21))
    facet = alt.Facet("panel:N", sort=titles, title=None)
    columns = min(_COLUMNS, len(titles))
    return panel.facet(facet=facet, data=records(data), columns=columns)
