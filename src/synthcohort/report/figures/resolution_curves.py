"""Detected clusters against resolution: a panel an analysis, a line a base k."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report.figures.figure import Figure, records
from synthcohort.report.figures.reference_band import WHAT_IS_KEPT
from synthcohort.report.sentences.wording import (
    analysis_titles,
    base_title,
    counted,
    group_title,
)
from synthcohort.results.findings import Findings
from synthcohort.results.partition_keys import PartitionKey

_COLUMNS = 4


def resolution_figure(findings: Findings) -> Figure:
    """Draw the number of clusters that each analysis reports at each resolution."""
    titles = analysis_titles(findings)
    table = resolution_table(findings)
    truth = findings.scene.experiment.truth
    planted = None
    if truth is not None and findings.synthetic:
        planted = int(findings.people.truths[truth].nunique())
    return Figure(
        name="resolution",
        title=_title(findings, table, planted),
        caption=_caption(findings, planted),
        chart=_chart(table, list(titles.values()), planted),
        table=table,
    )


def resolution_table(findings: Findings) -> pd.DataFrame:
    """Clusters of every partition, with the fewest and most of the reference data if any.

    Returns
    -------
    DataFrame
        analysis, base, k, resolution, clusters; with references null from and null to.
    """
    rows = findings.tables.scores.drop_duplicates("partition")
    table = rows[[*PartitionKey.COLUMNS, "n_clusters"]].rename(columns={"n_clusters": "clusters"})
    band = findings.tables.band
    if not band.empty:
        limits = band[[*PartitionKey.COLUMNS, "reference_low", "reference_high"]]
        table = table.merge(limits, on=PartitionKey.COLUMNS, how="left")
        table = table.rename(columns={"reference_low": "null from", "reference_high": "null to"})
    words = {
        "analysis": table["analysis"].map(analysis_titles(findings)),
        "base": table["base"].map(base_title),
    }
    return table.assign(**words).reset_index(drop=True)


def _title(findings: Findings, table: pd.DataFrame, planted: int | None) -> str:
    low, high = table["clusters"].min(), table["clusters"].max()
    span = f"From {low:,} to {high:,} clusters" if low != high else f"{low} clusters"
    if not findings.synthetic:
        return f"{span} reported, depending on preprocessing, k and resolution"
    if planted is None:
        return f"{span} reported, depending on preprocessing, k and resolution; none was planted"
    share = (table["clusters"] == planted).mean()
    name = group_title(findings, str(findings.scene.experiment.truth))
    return (
        f"{span} reported, depending on preprocessing, k and resolution; "
        f"{share:.0%} of the partitions have as many as the {name} ({planted})"
    )


def _caption(findings: Findings, planted: int | None) -> str:
    text = "Detected clusters (logarithmic scale) against resolution; a line for each base k."
    if planted is not None:
        name = group_title(findings, str(findings.scene.experiment.truth))
        text += f" Dashed: the number of planted groups ({name}: {planted})."
    if not findings.tables.band.empty:
        text += (
            " Shaded: what the same analyses report on data with "
            f"{WHAT_IS_KEPT[findings.scene.experiment.reference_data]} and no clusters "
            f"({counted(findings.scene.experiment.references, 'reference data set')} of up to "
            "1,000 individuals, all k)."
        )
    return text


def _chart(table: pd.DataFrame, titles: list[str], planted: int | None) -> Any:
    data = table.rename(columns={"analysis": "panel"})
    base = alt.Chart().encode(
        x=alt.X("resolution:Q", title="resolution"),
        y=alt.Y(
            "clusters:Q",
            title="detected clusters",
            scale=alt.Scale(type="log", domainMin=1),
            axis=alt.Axis(values=[1, 2, 3, 5, 10, 20, 50, 100, 1000], format="d"),
        ),
        color=alt.Color(
            "k:O",
            title="base k",
            scale=alt.Scale(scheme="viridis"),
            legend=alt.Legend(orient="top", direction="horizontal"),
        ),
    )
    layers = _band(data) if "null from" in data else []
    if data["base"].nunique() > 1:
        base = base.encode(
            strokeDash=alt.StrokeDash(
                "base:N", title="base clusterer", legend=alt.Legend(orient="top", symbolSize=200)
            )
        )
    layers.append(base.mark_line(strokeWidth=1.6))
    if planted is not None:
        rule = alt.Chart().mark_rule(strokeDash=[5, 4], color="#b00020", strokeWidth=1.4)
        layers.append(rule.encode(y=alt.datum(planted)))
    panel = alt.layer(*layers).properties(width=205, height=190)
    facet = alt.Facet("panel:N", sort=titles, title=None)
    columns = min(_COLUMNS, len(titles))
    return panel.facet(facet=facet, data=records(data), columns=columns)


def _band(data: pd.DataFrame) -> list[Any]:
    """Area between the fewest and the most clusters of the references, over all k of a panel."""
    area = (
        alt.Chart()
        .mark_area(color="#999", opacity=0.25)
        .encode(
            x="resolution:Q",
            y=alt.Y("min(null from):Q", title="detected clusters"),
            y2="max(null to):Q",
        )
    )
    return [area] if data["null from"].notna().any() else []
