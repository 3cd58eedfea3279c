"""A map of the individuals by two principal components, coloured by truth and by label."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from synthcohort.report.figures.figure import Figure, colours, records
from synthcohort.report.people_places import places
from synthcohort.report.sentences.wording import group_title, origin
from synthcohort.report.small_cells import fewest
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_partition

_POINTS = 400
_FEWEST_SQUARES, _MOST_SQUARES = 3, 24
"""On a side."""
_EXPECTED = 10
"""People of a square, were they spread evenly."""
_SEED = 17
_MOST = 10


def pca_figure(findings: Findings) -> Figure:
    """Draw the first two components of the standardised biomarkers.

    Synthetic individuals are dots, in no order; of a user's table squares hold at least five.
    """
    found, share = places(findings) or (pd.DataFrame(columns=["x", "y"]), np.zeros(2))
    known = found.dropna().round(3)
    axes = [f"component {i + 1} ({share[i]:.0%} of the variance)" for i in range(2)]
    least = fewest(findings)
    if least == 1:
        order = np.random.default_rng(_SEED).permutation(len(known))[:_POINTS]
        shown, who = known.iloc[order], f"{len(order):,} of {len(known):,} individuals, in no order"
    else:
        shown, who = known, f"squares of at least {least} individuals, in the colour of most"
    table = pd.DataFrame({"PC1": shown["x"], "PC2": shown["y"]}, index=shown.index)
    for title, values in _panels(findings, shown.index).items():
        table[title] = values
    table = table.reset_index(drop=True)
    if least > 1:
        table = _squares(table, least)
    return Figure(
        name="map",
        title=f"Two principal components hold {share[:2].sum():.0%} of the variance",
        caption=f"{who[:1].upper()}{who[1:]}; components of the biomarkers that are clustered.",
        chart=_chart(table, list(table.columns[2:]), axes, least),
        table=table,
    )


def _squares(table: pd.DataFrame, least: int) -> pd.DataFrame:
    """Middle of each square that holds enough people, with what most of them are."""
    count = max(_FEWEST_SQUARES, min(_MOST_SQUARES, int((len(table) / _EXPECTED) ** 0.5)))
    middle = table.iloc[:, :2].copy()
    for name, values in middle.items():
        step = (values.max() - values.min()) / count or 1.0
        middle[name] = (((values - values.min()) / step).round() * step + values.min()).round(3)
    rows = []
    for at, own in table.groupby([middle["PC1"], middle["PC2"]], sort=True):
        if len(own) >= least:
            most = {str(n): own[n].astype(str).mode().iloc[0] for n in table.columns[2:]}
            rows.append(dict(zip(("PC1", "PC2"), at, strict=True)) | most)
    squares = pd.DataFrame(rows, columns=list(table.columns))
    for name in table.columns[2:]:
        squares[name] = pd.Categorical(squares[name], table[name].cat.categories.astype(str))
    return squares


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


def _chart(table: pd.DataFrame, panels: list[str], axes: list[str], least: int) -> Any:
    def mark(chart: Any) -> Any:
        if least > 1:
            return chart.mark_square(size=150, opacity=0.8)
        return chart.mark_circle(size=14, opacity=0.65)

    charts = []
    for i, title in enumerate(panels):
        data = pd.DataFrame(
            {"x": table["PC1"], "y": table["PC2"], "colour": table[title].astype(str)}
        )
        domain = [str(level) for level in table[title].cat.categories]
        chart = (
            mark(alt.Chart(records(data), title=alt.TitleParams(title, anchor="start", limit=460)))
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
