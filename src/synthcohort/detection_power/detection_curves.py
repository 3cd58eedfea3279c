"""Curves of a power study: what is found, by separation, pattern and size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from synthcohort.detection_power.detection_limits import DetectionLimit, detection_limit
from synthcohort.report.figures.figure import Figure, colours, records
from synthcohort.simulation_study.study_tables import StudyTables

OUTCOMES = {
    "says_clusters": "the verdict says groups",
    "recovered": "the chosen partition has an ARI of 0.8",
}
"""Measures that have a curve, in a reader's words."""


@dataclass(frozen=True)
class DetectionCurve:
    """One measure against the separation, of one pattern at one size.

    Parameters
    ----------
    pattern : str
    size : int
    measure : str
        A key of `OUTCOMES`.
    rows : DataFrame
        separation, value, low, high, repetitions, and ceiling: mean ARI of the oracle.
    limit : DetectionLimit
        The separation found with a chance of 80 %.
    """

    pattern: str
    size: int
    measure: str
    rows: pd.DataFrame
    limit: DetectionLimit

    def ceiling_at(self, separation: float) -> float:
        """ARI that the scene's own oracle reaches at a separation, between those tried."""
        return float(np.interp(separation, self.rows["separation"], self.rows["ceiling"]))


def curves_of(tables: StudyTables) -> list[DetectionCurve]:
    """Take the curves from the summary of a power study."""
    place = ["scene", "size", "separation"]
    ceilings = tables.results.groupby(place, sort=False)["ceiling"].mean().rename("ceiling")
    found = []
    for measure in OUTCOMES:
        rows = tables.summary[tables.summary["measure"] == measure]
        rows = rows.merge(ceilings.reset_index(), on=place)
        for (pattern, size), some in rows.groupby(["scene", "size"], sort=False):
            own = some.sort_values("separation").reset_index(drop=True)
            limit = detection_limit(
                own["separation"].to_list(),
                own["value"].to_list(),
                own["low"].to_list(),
                own["high"].to_list(),
                own["repetitions"].to_list(),
            )
            kept = own[["separation", "value", "low", "high", "repetitions", "ceiling"]]
            found.append(DetectionCurve(str(pattern), int(str(size)), measure, kept, limit))
    return found


def curve_figures(curves: list[DetectionCurve]) -> Iterator[Figure]:
    """Draw each measure: a panel a pattern, a line a size."""
    for measure, words in OUTCOMES.items():
        own = [curve for curve in curves if curve.measure == measure]
        table = pd.concat(
            [c.rows.assign(pattern=c.pattern, people=f"{c.size:,} people") for c in own]
        )
        table = table[
            ["pattern", "people", "separation", "value", "low", "high", "ceiling", "repetitions"]
        ].round(4)
        people = list(dict.fromkeys(table["people"]))
        base = alt.Chart().encode(
            x=alt.X("separation:Q", title="separation, SDs within groups"),
            color=alt.Color("people:N", scale=colours(people), title=None),
        )
        y = alt.Y("low:Q", title="share of draws", scale=alt.Scale(domain=[0, 1]))
        bands = base.mark_area(opacity=0.18).encode(y=y, y2="high:Q")
        lines = base.mark_line(point=True, strokeWidth=2).encode(y="value:Q")
        best = base.mark_line(strokeDash=[4, 3], color="#7f7f7f").encode(y="ceiling:Q")
        layers = alt.layer(bands, best, lines, data=records(table))
        yield Figure(
            f"power_{measure}",
            f"How often {words}",
            "Share of draws with its 95 % interval (Wilson). Grey and dashed: the ARI that the "
            "planted model's own oracle reaches, the best that any method could.",
            layers.properties(width=300, height=210).facet(
                facet=alt.Facet("pattern:N", sort=None, header=alt.Header(labelLimit=320)),
                columns=2,
            ),
            table,
        )
