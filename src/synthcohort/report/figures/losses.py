"""Where the agreement with the truth was lost, from the oracle down to the partitions."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from synthcohort.evaluation.ceilings.grid_ceilings import APPROXIMATE, LOWER_BOUND
from synthcohort.report.figures.figure import Figure, records
from synthcohort.report.sentences.wording import analysis_titles, group_title
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_by_truth

PARTS = {
    "found": ("found, on average over k and resolution", "#0072b2"),
    "lost_choice": ("lost by the choice of k and resolution", "#56b4e9"),
    "lost_algorithm": ("lost by the algorithm", "#e69f00"),
    "lost_preprocessing": ("destroyed by the preprocessing", "#d55e00"),
    "lost_measurement": ("destroyed by the measurement", "#cc79a7"),
    "overlap": ("never there: the groups overlap", "#c8ccd0"),
}
"""Parts of a bar, from the left, with their words and colours; they add up to 1."""

_WORTH_SAYING = 0.05


def losses_figure(findings: Findings, truth: str) -> Figure:
    """Draw how an ARI of 1 splits into what was found and where the rest was lost."""
    table = losses_table(findings, truth)
    name = group_title(findings, truth)
    bound = table["ceiling is"].eq(LOWER_BOUND).any()
    return Figure(
        name="losses",
        title=_title(table, name),
        caption=(
            f"Agreement (ARI) with the {name}: every bar is a perfect 1. What the oracle, who "
            "knows the scene's model, can't find was never there. The ceiling after a "
            "preprocessing is the best that any method could reach on its output. The best "
            "partition of the grid shows what the algorithm loses, the mean over the grid what "
            "k and resolution lose."
            + (" Clinical preprocessings are told groups that cut-offs depend on." if bound else "")
        ),
        chart=_chart(table),
        table=table,
        remarks=[*_whitening(table), *_bounds(table)],
    )


def losses_table(findings: Findings, truth: str) -> pd.DataFrame:
    """Mean losses over k and resolution of every analysis.

    Returns
    -------
    DataFrame
        analysis, oracle, ceiling, its SE and kind, best ARI, mean ARI, and the parts.
    """
    titles = analysis_titles(findings)
    rows = []
    scores = findings.tables.scores[findings.tables.scores["truth"] == truth]
    for analysis, title in titles.items():
        of_analysis = scores[scores["analysis"] == analysis].drop_duplicates("partition")
        first = of_analysis.iloc[0]
        row: dict[str, Any] = {
            "analysis": title,
            "whitened": bool(first["whitened"]),
            "oracle": first["oracle"],
            "ceiling": first["ceiling"],
            "ceiling SE": first["ceiling_se"],
            "ceiling is": first["ceiling_is"],
            "best ARI": best_by_truth(of_analysis, truth)["ari"],
            "found": of_analysis["ari"].mean(),
        }
        row |= {part: of_analysis[part].mean() for part in PARTS if part.startswith("lost")}
        rows.append(row | {"overlap": 1 - row["oracle"]})
    return pd.DataFrame(rows)


def _title(table: pd.DataFrame, name: str) -> str:
    best = table.iloc[int(table["best ARI"].argmax())]
    words = (
        f"The best that any method could reach for the {name} is {best['oracle']:.2f}; "
        f"the pipeline reached {best['best ARI']:.2f}"
    )
    parts = [part for part in PARTS if part.startswith("lost")]
    mean = table[parts].mean()
    largest = str(mean.idxmax())
    if mean[largest] < _WORTH_SAYING:
        return words
    return f"{words}, and most was {PARTS[largest][0]}"


def _whitening(table: pd.DataFrame) -> list[str]:
    """Say what whitening cost, if it did, and why nothing was destroyed by it."""
    exact = table[table["ceiling is"] != LOWER_BOUND]
    with_, without = exact[exact["whitened"]], exact[~exact["whitened"]]
    if with_.empty or without.empty:
        return []
    after, before = with_["best ARI"].max(), without["best ARI"].max()
    ceiling = with_["ceiling"].iloc[0]
    if abs(before - after) < _WORTH_SAYING:
        return []
    if after < before:
        return [
            f"Whitening costs {before - after:.2f} ARI (best {after:.2f} against {before:.2f}) and "
            f"destroys nothing: it can be undone, so its ceiling is still {ceiling:.2f}; but it "
            "gives every direction the same variance, so the few directions in which the groups "
            "differ weigh no more in the distances than the many that hold only noise, and that "
            "is the algorithm's loss."
        ]
    return [
        f"Whitening gains {after - before:.2f} ARI (best {after:.2f} against {before:.2f}): the "
        "groups differ in directions of little variance, which weigh as much as the others once "
        "it has been made equal. Nothing was added: the ceiling is the same."
    ]


def _bounds(table: pd.DataFrame) -> list[str]:
    names = list(table.loc[table["ceiling is"] == LOWER_BOUND, "analysis"])
    approximate = [
        "The oracle is approximate: it takes heaped values as they are, weighs gross errors one "
        "at a time, and takes missing values as telling nothing."
    ] * bool((table["ceiling is"] == APPROXIMATE).any())
    if not names:
        return approximate
    return [
        *approximate,
        f"{'; '.join(names)}: the ceiling is a lower bound, the score of a classifier that learned "
        "from 30,000 more individuals of the scene whose truth it knew; at most the part shown "
        "was destroyed by the preprocessing.",
    ]


def _chart(table: pd.DataFrame) -> Any:
    rows = [
        {"analysis": row["analysis"], "part": words, "ari": max(row[part], 0.0), "order": order}
        for _, row in table.iterrows()
        for order, (part, (words, _)) in enumerate(PARTS.items())
    ]
    words = [w for w, _ in PARTS.values()]
    scale = alt.Scale(domain=words, range=[colour for _, colour in PARTS.values()])
    return (
        alt.Chart(records(pd.DataFrame(rows)))
        .mark_bar(height=20)
        .encode(
            y=alt.Y(
                "analysis:N",
                sort=list(table["analysis"]),
                title=None,
                axis=alt.Axis(labelLimit=320),
            ),
            x=alt.X(
                "ari:Q",
                title="adjusted Rand index",
                stack="zero",
                scale=alt.Scale(domain=[0, 1], clamp=True),
                axis=alt.Axis(tickCount=6, format=".1f"),
            ),
            color=alt.Color(
                "part:N",
                title=None,
                scale=scale,
                legend=alt.Legend(orient="top", columns=2, labelLimit=340),
            ),
            order=alt.Order("order:Q"),
        )
        .properties(width=640, height=alt.Step(30))
    )
