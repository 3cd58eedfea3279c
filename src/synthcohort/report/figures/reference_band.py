"""The comparison with data without clusters: PAC between its twins', and the choice."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report.figures.cell_axes import cell_axis
from synthcohort.report.figures.figure import Figure, records
from synthcohort.report.sentences.wording import analysis_titles, base_title, counted
from synthcohort.results.findings import Findings

_COLUMNS = 4
TWIN_WORDS = {
    "copula": "the same marginal distributions and rank correlations",
    "gaussian": "the same means and covariances, normally distributed",
}
"""What null twins keep of the data, by their kind."""

PARTITIONS_CAPTION = (
    "Every partition against null twins: clusters and contrast (co-association within clusters "
    "minus between them)"
)


def pac_figure(findings: Findings) -> Figure:
    """Draw the PAC of every analysis and k between that of the null twins."""
    titles = analysis_titles(findings)
    table = pd.DataFrame(
        {
            "analysis": findings.tables.nulls["analysis"].map(titles),
            "base": findings.tables.nulls["base"].map(base_title),
            "k": findings.tables.nulls["k"],
            "PAC": findings.tables.nulls["pac"],
            "null from": findings.tables.nulls["pac_null_low"],
            "null to": findings.tables.nulls["pac_null_high"],
            "relative index": findings.tables.nulls["relative_index"],
            "p": findings.tables.nulls["p_value"],
            "variance within": findings.tables.nulls["within"],
            "within, null": findings.tables.nulls["within_null"],
            "SDs beyond": -findings.tables.nulls["z"],
        }
    )
    twins = counted(findings.scene.experiment.nulls, "null twin")
    return Figure(
        name="pac",
        title=_title(table),
        caption=(
            "PAC, the share of pairs of individuals that are together in more than 10 % and "
            "fewer than 90 % of the replicates (0 perfectly stable), against base "
            f"clusterer and k. Bars: from the lowest to the highest of {twins}, data with "
            f"{TWIN_WORDS[findings.scene.experiment.null_twin]} and no clusters. Only "
            "points below their bar are more stable than data without clusters."
        ),
        chart=_chart(table, [t for t in titles.values() if t in set(table["analysis"])]),
        table=table,
    )


def _title(table: pd.DataFrame) -> str:
    below = int((table["PAC"] < table["null from"]).sum())
    return (
        f"{below} of {counted(len(table), 'setting')} "
        f"{'is' if below == 1 else 'are'} more stable than every null twin"
    )


def _chart(table: pd.DataFrame, titles: list[str]) -> Any:
    data = table.rename(
        columns={"analysis": "panel", "PAC": "pac", "null from": "low", "null to": "high"}
    )
    data["beyond"] = (data["pac"] < data["low"]).map({True: "below all twins", False: "not below"})
    axis = cell_axis(data)
    data["cell"] = axis.labels
    angle = 0 if data["base"].nunique() == 1 else -40
    base = alt.Chart().encode(
        x=alt.X("cell:N", title=axis.title, sort=axis.order, axis=alt.Axis(labelAngle=angle))
    )
    bars = base.mark_bar(color="#999", opacity=0.45, width=9).encode(
        y=alt.Y("low:Q", title="PAC", scale=alt.Scale(domainMin=0)), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=46, opacity=1).encode(
        y="pac:Q",
        color=alt.Color(
            "beyond:N",
            title="PAC of the data",
            scale=alt.Scale(domain=["below all twins", "not below"], range=["#0072b2", "#d55e00"]),
            legend=alt.Legend(orient="top"),
        ),
    )
    panel = alt.layer(bars, points).properties(width=205, height=150)
    facet = alt.Facet("panel:N", sort=titles, title=None)
    return panel.facet(facet=facet, data=records(data), columns=min(_COLUMNS, len(titles)))


def partitions_table(findings: Findings) -> pd.DataFrame:
    """Lay out clusters and contrast of every partition beside those of the twins."""
    band = findings.tables.band
    return pd.DataFrame(
        {
            "analysis": band["analysis"].map(analysis_titles(findings)),
            "base": band["base"].map(base_title),
            "k": band["k"],
            "resolution": band["resolution"],
            "clusters": band["n_clusters"],
            "fewest of twins": band["null_low"],
            "most of twins": band["null_high"],
            "contrast": band["contrast"],
            "mean of twins": band["contrast_null"],
            "p": band["p_value"],
        }
    )
