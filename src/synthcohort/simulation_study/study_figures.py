"""Pictures of a study: small multiples with intervals, a nested loop, a zip plot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from synthcohort.report.figures.figure import Figure, colours, records
from synthcohort.simulation_study.performance import MEASURES
from synthcohort.simulation_study.study_tables import StudyTables

_ORDER = ("ari", "says_clusters", "false_discovery", "bias_n_clusters", "regret_ceiling")
_MOST = 40
"""Scenarios beyond which a picture of each is not drawn; the tables have all."""


def pictures_of(tables: StudyTables) -> list[Figure]:
    """Draw the pictures that a study has enough for."""
    return [*_multiples(tables), *_nested_loop(tables), *_zip(tables)]


def scenario_names(frame: pd.DataFrame, varied: list[str]) -> pd.Series:
    """Words for the scenario of each row."""
    own = frame["scene"].astype(str)
    for path in varied:
        short = path.rsplit(".", 1)[-1]
        own = own + (", " + short + " " + frame[path].astype(str)).where(frame[path].notna(), "")
    return own


def _multiples(tables: StudyTables) -> Iterator[Figure]:
    """Each measure: methods in every scenario, with intervals."""
    summary = tables.summary
    summary = summary.assign(scenario=scenario_names(summary, tables.varied))
    methods = list(tables.study.methods)
    for measure in _ORDER:
        rows = summary[summary["measure"] == measure]
        if rows.empty or rows["scenario"].nunique() > _MOST:
            continue
        table = rows[["scenario", "method", "value", "low", "high", "mcse", "repetitions"]].round(4)
        one = MEASURES[measure]
        base = alt.Chart().encode(
            y=alt.Y("method:N", sort=methods, title=None),
            color=alt.Color("method:N", scale=colours(methods), legend=None),
        )
        ranges = base.mark_rule(strokeWidth=2).encode(
            x=alt.X("low:Q", title=f"{one.title}, 95 % interval"), x2="high:Q"
        )
        points = base.mark_circle(size=55, opacity=1).encode(x="value:Q")
        chart = alt.layer(ranges, points, data=_records(table)).properties(
            width=230, height={"step": 16}
        )
        yield Figure(
            f"study_{measure}",
            f"{one.title[0].upper()}{one.title[1:]} of each method in each scenario",
            f"{one.meaning[0].upper()}{one.meaning[1:]}: its mean over repetitions and the 95 % "
            "Monte Carlo interval.",
            chart.facet(
                facet=alt.Facet("scenario:N", sort=None, header=alt.Header(labelLimit=260)),
                columns=3,
            ),
            table,
        )


def _nested_loop(tables: StudyTables) -> Iterator[Figure]:
    """All scenarios in one line of steps, the factors below (Rücker & Schwarzer 2014)."""
    rows = tables.summary[tables.summary["measure"] == "ari"]
    places = rows[["scene", *tables.varied]].drop_duplicates().reset_index(drop=True)
    if len(places) < 4 or not tables.varied:
        return
    methods = list(tables.study.methods)
    place = places.assign(place=places.index)
    table = rows.merge(place, on=["scene", *tables.varied])[["place", "method", "value"]].round(4)
    last = table[table["place"] == len(places) - 1].assign(place=len(places))
    steps = (
        alt.Chart(records(pd.concat([table, last])))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X("place:Q", title=None, axis=None, scale=alt.Scale(domain=[0, len(places)])),
            y=alt.Y("value:Q", title="mean ARI"),
            color=alt.Color("method:N", scale=colours(methods), title="method"),
        )
        .properties(width=640, height=230)
    )
    below = [_factor_steps(places, name) for name in ["scene", *tables.varied]]
    yield Figure(
        "study_nested_loop",
        "Mean ARI over all scenarios",
        "A nested loop plot (Rücker & Schwarzer 2014): scenarios from left to right, one line a "
        "method; the steps below say which scene and which level each scenario has.",
        alt.vconcat(steps, *below, spacing=6),
        table,
    )


def _factor_steps(places: pd.DataFrame, name: str) -> Any:
    levels = [str(value) for value in dict.fromkeys(places[name])]
    steps = pd.DataFrame({"place": places.index, "level": places[name].astype(str)})
    steps = pd.concat([steps, steps.tail(1).assign(place=len(places))])
    return (
        alt.Chart(records(steps))
        .mark_line(interpolate="step-after", color="#555")
        .encode(
            x=alt.X("place:Q", axis=None, scale=alt.Scale(domain=[0, len(places)])),
            y=alt.Y("level:N", sort=levels, title=name.rsplit(".", 1)[-1]),
        )
        .properties(width=640, height={"step": 13})
    )


def _zip(tables: StudyTables) -> Iterator[Figure]:
    """Differences between methods in every scenario, the surest at the top (a zip plot)."""
    rows = tables.differences
    rows = rows[(rows["measure"] == "ari") & rows["mcse"].notna()]
    if rows.empty:
        return
    table = rows.assign(
        pair=rows["method"] + " less " + rows["other"],
        scenario=scenario_names(rows, tables.varied),
        sure=(rows["difference"].abs() / rows["mcse"].clip(lower=1e-12)).clip(upper=1e6),
        differs=rows["differs"].map({True: "differs from 0", False: "may be 0"}),
    ).sort_values("sure", ascending=False)
    table["rank"] = table.groupby("pair").cumcount()
    shown = table[["pair", "scenario", "rank", "difference", "low", "high", "differs"]].round(4)
    base = alt.Chart().encode(
        y=alt.Y("rank:O", axis=None, sort="ascending"),
        color=alt.Color(
            "differs:N",
            scale=colours(["differs from 0", "may be 0"]),
            title="95 % interval",
        ),
    )
    zero = alt.Chart().mark_rule(color="#b5bcc4").encode(x=alt.datum(0))
    ranges = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title="difference of the ARI"), x2="high:Q"
    )
    points = base.mark_circle(size=30, opacity=1).encode(x="difference:Q")
    layers = alt.layer(zero, ranges, points, data=_records(shown))
    yield Figure(
        "study_zip",
        "Differences between methods on the same people",
        "A zip plot: one line a scenario, the surest difference at the top of each panel, with "
        "paired 95 % intervals.",
        layers.properties(width=230, height={"step": 7}).facet(
            facet=alt.Facet("pair:N", header=alt.Header(labelLimit=260)), columns=3
        ),
        shown,
    )


def _records(table: pd.DataFrame) -> Any:
    """Rows of a chart; an interval that can't be told is left out, since JSON has no NaN."""
    return records(table.astype(object).where(table.notna(), None))
