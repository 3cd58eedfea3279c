"""A map of the individuals by two principal components, coloured by truth and by label."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synthcohort.report.figures.figure import Figure, colours, records
from synthcohort.report.sentences.wording import group_title, origin
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_partition

_POINTS = 1500
_MOST = 10


def pca_figure(findings: Findings) -> Figure:
    """Draw the first two components of the standardised biomarkers."""
    X = findings.people.biomarkers[findings.scene.experiment.biomarkers].dropna()
    model = make_pipeline(StandardScaler(), PCA(n_components=2, svd_solver="full")).fit(X)
    share = model[-1].explained_variance_ratio_
    rows = np.unique(np.linspace(0, len(X) - 1, min(_POINTS, len(X))).astype(int))
    table = pd.DataFrame(model.transform(X)[rows, :2].round(3), columns=["PC1", "PC2"])
    table.insert(0, "id", X.index[rows])
    panels = _panels(findings, X.index[rows])
    for title, values in panels.items():
        table[title] = values
    axes = [f"component {i + 1} ({share[i]:.0%} of the variance)" for i in range(2)]
    return Figure(
        name="map",
        title=f"Two principal components hold {share[:2].sum():.0%} of the variance",
        caption=(
            f"{len(rows):,} of {len(X):,} individuals, evenly spaced in the table; components of "
            "the standardised biomarkers that are clustered."
        ),
        chart=_chart(table, list(panels), axes),
        table=table if findings.synthetic else _shares(share),
    )


def _shares(share: np.ndarray) -> pd.DataFrame:
    """Say what the components hold; real individuals are in the picture and not listed."""
    return pd.DataFrame({"component": [1, 2], "share of variance": share[:2]})


def _panels(findings: Findings, index: pd.Index) -> dict[str, pd.Categorical]:
    """Category of each individual, by panel title; the order of categories is that of colours."""
    panels = {}
    truth = findings.scene.experiment.truth or next(iter(findings.people.truths.columns), None)
    if truth is not None:
        levels = findings.people.truths.loc[index, truth]
        mark = " (truth)" if findings.synthetic else ""
        panels[f"by {group_title(findings, truth)}{mark}"] = pd.Categorical(levels)
    if not findings.tables.labels.empty:
        row, _ = best_partition(findings)
        found = findings.tables.labels.loc[index, row["partition"]]
        numbers = [*map(str, range(1, _MOST)), f"{_MOST} and more", "not clustered"]
        words = [numbers[-1] if pd.isna(v) else numbers[min(int(v), _MOST - 1)] for v in found]
        title = f"by label: {origin(findings, row)}"
        panels[title] = pd.Categorical(words, categories=numbers).remove_unused_categories()
    return panels


def _chart(table: pd.DataFrame, panels: list[str], axes: list[str]) -> Any:
    charts = []
    for i, title in enumerate(panels):
        data = pd.DataFrame(
            {"x": table["PC1"], "y": table["PC2"], "colour": table[title].astype(str)}
        )
        domain = [str(level) for level in table[title].cat.categories]
        chart = (
            alt.Chart(records(data), title=alt.TitleParams(title, anchor="start", limit=460))
            .mark_circle(size=14, opacity=0.65)
            .encode(
                x=alt.X("x:Q", title=axes[0]),
                y=alt.Y("y:Q", title=axes[1] if i == 0 else None),
                color=alt.Color(
                    "colour:N",
                    title=None,
                    scale=colours(domain),
                    legend=alt.Legend(orient="bottom", columns=5),
                ),
            )
            .properties(width=430, height=380)
        )
        charts.append(chart)
    return alt.hconcat(*charts).resolve_scale(color="independent")
