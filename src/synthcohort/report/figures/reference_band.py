"""The comparison with data without clusters: PAC between its references', and the choice."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report.figures.cell_axes import cell_axis
from synthcohort.report.figures.figure import Figure, records
from synthcohort.report.sentences.wording import analysis_titles, base_title, counted
from synthcohort.results.findings import Findings

_COLUMNS = 4
WHAT_IS_KEPT = {
    "copula": "the same marginal distributions and rank correlations",
    "gaussian": "the same means and covariances, normally distributed",
}
"""What reference data sets keep of the data, by their kind."""

PARTITIONS_CAPTION = (
    "Every partition against reference data: clusters and contrast (co-association within clusters "
    "minus between them)"
)


def pac_figure(findings: Findings) -> Figure:
    """Draw the PAC of every analysis and k between that of the reference data sets."""
    titles = analysis_titles(findings)
    table = pd.DataFrame(
        {
            "analysis": findings.tables.references["analysis"].map(titles),
            "base": findings.tables.references["base"].map(base_title),
            "k": findings.tables.references["k"],
            "PAC": findings.tables.references["pac"],
            "null from": findings.tables.references["pac_reference_low"],
            "null to": findings.tables.references["pac_reference_high"],
            "relative index": findings.tables.references["relative_index"],
            "p": findings.tables.references["p_value"],
            "variance within": findings.tables.references["within"],
            "within, null": findings.tables.references["within_reference"],
            "SDs beyond": -findings.tables.references["z"],
        }
    )
    references = counted(findings.scene.experiment.references, "reference data set")
    return Figure(
        name="pac",
        title=_title(table),
        caption=(
            "PAC, the share of pairs of individuals that are together in more than 10 % and "
            "fewer than 90 % of the replicates (0 perfectly stable), against base "
            f"clusterer and k. Bars: from the lowest to the highest of {references}, data with "
            f"{WHAT_IS_KEPT[findings.scene.experiment.reference_data]} and no clusters. Only "
            "points below their bar are more stable than data without clusters."
        ),
        chart=_chart(table, [t for t in titles.values() if t in set(table["analysis"])]),
        table=table,
    )


def _title(table: pd.DataFrame) -> str:
    below = int((table["PAC"] < table["null from"]).sum())
    return (
        f"{below} of {counted(len(table), 'setting')} "
        f"{'is' if below == 1 else 'are'} more stable than every reference data set"
    )


def _chart(table: pd.DataFrame, titles: list[str]) -> Any:
    data = table.rename(
        columns={"analysis": "panel", "PAC": "pac", "null from": "low", "null to": "high"}
    )
    data["beyond"] = (data["pac"] < data["low"]).map(
        {True: "below all references", False: "not below"}
    )
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
            scale=alt.Scale(
                domain=["below all references", "not below"], range=["#0072b2", "#d55e00"]
            ),
            legend=alt.Legend(orient="top"),
        ),
    )
    panel = alt.layer(bars, points).properties(width=205, height=150)
    facet = alt.Facet("panel:N", sort=titles, title=None)
    return panel.facet(facet=facet, data=records(data), columns=min(_COLUMNS, len(titles)))


def partitions_table(findings: Findings) -> pd.DataFrame:
    """Lay out clusters and contrast of every partition beside those of the references."""
    band = findings.tables.band
    return pd.DataFrame(
        {
            "analysis": band["analysis"].map(analysis_titles(findings)),
            "base": band["base"].map(base_title),
            "k": band["k"],
            "resolution": band["resolution"],
            "clusters": band["n_clusters"],
            "fewest of references": band["reference_low"],
            "most of references": band["reference_high"],
            "contrast": band["contrast"],
            "mean of references": band["contrast_reference"],
            "p": band["p_value"],
        }
    )
