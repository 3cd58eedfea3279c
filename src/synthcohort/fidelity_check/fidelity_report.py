"""The page that compares generated data with published figures."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from markupsafe import Markup

from synthcohort.fidelity_check import counts
from synthcohort.report.figures.figure import Figure, colours, lean, records
from synthcohort.report.shell.page_shell import SYNTHETIC, render, whole_page
from synthcohort.report.shell.page_table import as_table

_HOW = (
    "A figure is met where the difference is within 2 standard errors of the source's own sample "
    "size, or within the rounding of what is printed. The generated sample's own error comes on "
    "top: with a million people it is a fourteenth of that of 5,059."
)
_COLUMNS = ["row", "variable", "group", "statistic", "target", "got", "difference_se", "status"]


def fidelity_page(name: str, size: int, compared: pd.DataFrame, open_: pd.DataFrame) -> str:
    """Lay out the comparison as one page that works offline.

    Parameters
    ----------
    name : str
        Of the scene.
    size : int
        Individuals that were generated.
    compared : DataFrame
        As `compare` returns it.
    open_ : DataFrame
        As `unconstrained` returns it.

    Returns
    -------
    str
        HTML without scripts.
    """
    used = compared[compared["status"] != "not used"]
    assumed = used["assumed"] != ""
    figures = [f for f in (_differences(used), _shares(used)) if f is not None]
    unused = compared.loc[compared["status"] == "not used", ["row", "variable", "group", "why"]]
    tables = [
        ("Row by row", as_table("Rows that need no assumption", _rows(used[~assumed]))),
        (
            "Rows that need an assumption",
            as_table(
                "What the source leaves open is assumed", _rows(used[assumed], "assumed", "source")
            ),
        ),
        ("What the reference does not constrain", as_table("By biomarker", open_)),
        ("Rows that are not used, and why", as_table("Not used", unused)),
    ]
    content = render(
        "synthcohort.fidelity_check",
        "fidelity.html.jinja",
        name=name,
        headline=fidelity_headline(compared),
        how=f"{size:,} synthetic individuals. {_HOW}",
        figures=[(figure, Markup(lean(figure.svg()))) for figure in figures],
        tables=tables,
    )
    return whole_page(f"{name}: fidelity (synthetic data)", SYNTHETIC, Markup(content))


def fidelity_headline(compared: pd.DataFrame) -> str:
    """Say how many rows were usable, met, not met and not used."""
    n = counts(compared)
    text = (
        f"{n['met']} of {n['usable']} usable published figures are met, {n['not met']} are not; "
        f"{n['not used']} are not used."
    )
    if n["usable with an assumption"]:
        text += (
            f" Of the usable, {n['usable with an assumption']} need an assumption about what the "
            f"source leaves open ({n['met with an assumption']} of these are met)."
        )
    return text


def fidelity_text(compared: pd.DataFrame) -> str:
    """Tell the counts, every figure that is not met, and why rows are not used."""
    lines = [fidelity_headline(compared)]
    missed = compared[compared["status"] == "not met"]
    if len(missed):
        lines += ["", "Not met:"]
        lines += [f"  {_name(row)}: {_missed(row)}" for row in missed.to_dict("records")]
    reasons = compared.loc[compared["status"] == "not used", "why"].value_counts()
    if len(reasons):
        lines += ["", "Not used:"]
        lines += [f"  {number:3} {why}" for why, number in reasons.items()]
    return "\n".join(lines)


def _missed(row: Any) -> str:
    unit = "people" if row["statistic"] == "n" else row["unit"]
    error = row["difference_se"]
    by = f"{error:+.1f} SE" if abs(error) < float("inf") else "has to be exact"
    return f"published {row['target']:g} {unit}, got {row['got']:.4g} ({by})"


def _rows(used: pd.DataFrame, *extra: str) -> pd.DataFrame:
    columns = [*_COLUMNS, *(extra or ("source",))]
    # An infinite number of errors is a figure that should be met exactly.
    table = used[columns].replace({"difference_se": {np.inf: np.nan, -np.inf: np.nan}})
    return table.rename(columns={"difference_se": "difference (SE)"})


def _differences(used: pd.DataFrame) -> Figure | None:
    shown = used[used["difference_se"].abs() < float("inf")]
    if shown.empty:
        return None
    table = pd.DataFrame(
        {
            "figure": [_name(row) for row in shown.to_dict("records")],
            "difference": shown["difference_se"].clip(-8, 8).round(3).to_list(),
            "status": shown["status"].to_list(),
        }
    )
    band = (
        alt.Chart(records(pd.DataFrame({"low": [-2.0], "high": [2.0]})))
        .mark_rect(color="#eef4ee")
        .encode(x="low:Q", x2="high:Q")
    )
    reach = max(3.0, float(table["difference"].abs().max()))
    points = (
        alt.Chart(records(table))
        .mark_circle(size=34, opacity=1)
        .encode(
            x=alt.X(
                "difference:Q",
                scale=alt.Scale(domain=[-reach, reach]),
                title="got - target, in standard errors of the source (beyond 8 drawn at 8)",
            ),
            y=alt.Y("figure:N", sort=None, title=None, axis=alt.Axis(labelLimit=420)),
            color=alt.Color("status:N", scale=colours(["met", "not met"]), title=None),
        )
    )
    chart = (band + points).properties(width=520, height={"step": 11})
    chart = chart.resolve_scale(y="shared")
    return Figure(
        "differences",
        "How far each figure is from the published one",
        "Shaded: within 2 standard errors of the source. Rows are numbered as in the reference.",
        chart,
        table,
    )


def _shares(used: pd.DataFrame) -> Figure | None:
    shown = used[(used["statistic"] == "percent") & (used["target"] > 0)]
    if shown.empty:
        return None
    table = pd.DataFrame(
        {
            "target": shown["target"].to_list(),
            "got": shown["got"].round(3).clip(lower=0.05).to_list(),
            "status": shown["status"].to_list(),
        }
    )
    low, high = float(table["target"].min()) / 2, 100.0
    scale = alt.Scale(type="log", domain=[low, high])
    line = (
        alt.Chart(records(pd.DataFrame({"target": [low, high], "got": [low, high]})))
        .mark_line(color="#b5bcc4", strokeDash=[4, 3])
        .encode(x=alt.X("target:Q", scale=scale), y=alt.Y("got:Q", scale=scale))
    )
    points = (
        alt.Chart(records(table))
        .mark_circle(size=40, opacity=0.8)
        .encode(
            x=alt.X("target:Q", scale=scale, title="published, %"),
            y=alt.Y("got:Q", scale=scale, title="generated, %"),
            color=alt.Color("status:N", scale=colours(["met", "not met"]), title=None),
        )
    )
    return Figure(
        "shares",
        "Published and generated shares",
        "Every published percentage, from the rarest to the commonest, on a logarithmic scale.",
        (line + points).properties(width=420, height=420),
        table,
    )


def _name(row: Any) -> str:
    group = "" if row["group"] == "all" else f", {row['group']}"
    return f"{row['row']} {row['variable']}{group}, {row['statistic']}"
