"""Biomarker profiles of the clusters of one partition, in SDs, with the cut-offs."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report import weighted
from synthcohort.report.figures.cutoff_lines import cutoff_values
from synthcohort.report.figures.figure import Figure, records
from synthcohort.report.judgement.judgement import judgement_of
from synthcohort.report.sentences.wording import counted, listed, origin
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_partition

_MOST = 12


def profiles_figure(findings: Findings) -> Figure:
    """Draw the mean of each biomarker in each cluster of the best partition."""
    row, reason = best_partition(findings)
    labels = findings.tables.labels[row["partition"]].dropna().astype(int)
    table = profile_table(findings, labels)
    shown = table[table["cluster"] <= _MOST]
    more = int(labels.nunique()) - _MOST
    left = f" {counted(more, 'smaller cluster')} not drawn, all in the table." if more > 0 else ""
    return Figure(
        name="profiles",
        title=judgement_of(findings).about(_title(table)),
        caption=(
            f"Clusters of {origin(findings, row)} ({reason}). A cell is the "
            "cluster's mean, in SDs of the whole population from its mean; ▲ and ▼ mark a mean "
            "beyond the clinical cut-off."
            f"{left}{weighted.sentence(findings.people.weight)}"
        ),
        chart=_chart(shown, findings.scene.experiment.biomarkers),
        table=table,
    )


def profile_table(findings: Findings, labels: pd.Series) -> pd.DataFrame:
    """Mean of each biomarker in each cluster, in units and SDs, and the cut-offs in SDs.

    Sizes, means and SDs are weighted where there are survey weights, as in all other tables.
    Cut-offs by sex (or another group) are the mean of those of the cluster's individuals.

    Parameters
    ----------
    findings : Findings
    labels : Series of int
        Clusters from 0; their numbers in the table start at 1.

    Returns
    -------
    DataFrame
        One row for each cluster x biomarker of the experiment.
    """
    X = findings.people.biomarkers.loc[labels.index]
    weight = weighted.weight_of(findings.people.weight, labels.index)
    rows = []
    for name in findings.scene.experiment.biomarkers:
        marker, values = findings.scene.biomarkers[name], X[name]
        centre, sd = weighted.mean(values, weight), weighted.sd(values, weight)
        sd = sd if sd > 0 else 1.0
        limits = {side: cutoff_values(findings, name, side) for side in ("low", "high")}
        for cluster, members in values.groupby(labels):
            own = weighted.within(weight, members.index)
            mean = weighted.mean(members, own)
            low, high = (
                weighted.mean(limits[side].loc[members.index], own) for side in ("low", "high")
            )
            rows.append(
                {
                    "cluster": int(str(cluster)) + 1,
                    "size": weighted.size(members, own),
                    "biomarker": name,
                    "mean": mean,
                    "unit": marker.unit,
                    "SDs": (mean - centre) / sd,
                    "low cut-off (SDs)": (low - centre) / sd,
                    "high cut-off (SDs)": (high - centre) / sd,
                    "beyond": "▲" if mean >= high else "▼" if mean < low else "",
                }
            )
    return pd.DataFrame(rows).sort_values("cluster", kind="stable", ignore_index=True)


def _title(table: pd.DataFrame) -> str:
    clusters = table["cluster"].nunique()
    if clusters == 1:
        return "The partition shown is one single cluster: there is no profile to compare"
    spread = table.groupby("biomarker", sort=False)["SDs"].agg(lambda v: v.max() - v.min())
    top = [str(name) for name in spread.sort_values(ascending=False).index[:3]]
    return (
        f"The {clusters} clusters of the partition shown differ most in {listed(top)} "
        f"(up to {spread.max():.1f} SDs)"
    )


def _chart(table: pd.DataFrame, biomarkers: list[str]) -> Any:
    data = pd.DataFrame(
        {
            "row": [
                f"cluster {c} (n = {n:,.0f})"
                for c, n in zip(table["cluster"], table["size"], strict=True)
            ],
            "biomarker": table["biomarker"],
            "sds": table["SDs"],
            "text": [
                f"{round(v, 1) or 0:+.1f}{m}"
                for v, m in zip(table["SDs"], table["beyond"], strict=True)
            ],
        }
    )
    top = max(1.0, float(data["sds"].abs().max()))
    base = alt.Chart(records(data)).encode(
        x=alt.X(
            "biomarker:N",
            sort=biomarkers,
            title=None,
            axis=alt.Axis(labelAngle=-40, labelLimit=160),
        ),
        y=alt.Y("row:N", sort=list(dict.fromkeys(data["row"])), title=None),
    )
    cells = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "sds:Q",
            title="SDs from the population mean",
            scale=alt.Scale(scheme="redblue", reverse=True, domain=[-top, top]),
            legend=alt.Legend(orient="top", gradientLength=220),
        )
    )
    text = base.mark_text(fontSize=11).encode(
        text="text:N",
        color=alt.condition(
            f"abs(datum.sds) > {0.65 * top}", alt.value("white"), alt.value("#222")
        ),
    )
    return alt.layer(cells, text).properties(width=alt.Step(58), height=alt.Step(34))
