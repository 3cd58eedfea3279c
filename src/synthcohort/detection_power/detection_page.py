"""What a pipeline could have found: sentences, and a page that works offline."""

from __future__ import annotations

import math

import pandas as pd
from markupsafe import Markup

from synthcohort.detection_power.detection_curves import (
    OUTCOMES,
    DetectionCurve,
    curve_figures,
    curves_of,
)
from synthcohort.detection_power.detection_limits import CHANCE
from synthcohort.report.shell.page_shell import SYNTHETIC, render, whole_page
from synthcohort.report.shell.page_table import as_table
from synthcohort.scene import Scene
from synthcohort.scene.short_text import counted
from synthcohort.simulation_study.study_tables import StudyTables


def power_sentences(tables: StudyTables, scene: Scene) -> list[str]:
    """Say of each pattern and size what could and could not have been found."""
    curves = curves_of(tables)
    found = [_said(curve) for curve in curves]
    return [*found, *_people_needed(curves), methods_sentence(tables, scene)]


def _said(curve: DetectionCurve) -> str:
    limit, rows = curve.limit, curve.rows
    who = f"{curve.pattern}, {curve.size:,} people: {OUTCOMES[curve.measure]}"
    if not limit.found:
        most = rows.iloc[-1]
        return (
            f"{who} with a chance of {100 * most['value']:.0f} % at a separation of "
            f"{most['separation']:g} SDs, the largest that was tried: groups like these could "
            f"not have been relied on to be found."
        )
    if limit.value <= rows["separation"].iloc[0]:
        return (
            f"{who} with a chance of at least {100 * CHANCE:.0f} % from the smallest separation "
            f"that was tried, {limit.value:g} SDs."
        )
    high = f"{limit.high:.1f}" if math.isfinite(limit.high) else "more than was tried"
    return (
        f"{who} with a chance of {100 * CHANCE:.0f} % from a separation of {limit.value:.1f} SDs "
        f"(95 % interval {limit.low:.1f} to {high}), where no method could do better than an ARI "
        f"of {curve.ceiling_at(limit.value):.2f}.{_missed(limit.low)}"
    )


def _missed(low: float) -> str:
    return f" Groups {low:.1f} SDs apart or less could well have been missed." if low else ""


def _people_needed(curves: list[DetectionCurve]) -> list[str]:
    """Compare sizes, where several were tried."""
    found = []
    for pattern in dict.fromkeys(curve.pattern for curve in curves):
        own = [c for c in curves if c.pattern == pattern and c.measure == "says_clusters"]
        known = [c for c in own if c.limit.found]
        if len(own) > 1 and known:
            steps = ", ".join(f"{c.limit.value:.1f} with {c.size:,}" for c in known)
            found.append(f"{pattern}: the separation found at {100 * CHANCE:.0f} % is {steps}.")
    return found


def methods_sentence(tables: StudyTables, scene: Scene) -> str:
    """Write the sentence for a paper's methods section."""
    separations = ", ".join(f"{value:g}" for value in tables.study.factors["separation"])
    return (
        f"For the methods section: We calibrated a generative model to aggregates of our table "
        f"({counted(len(scene.experiment.biomarkers), 'biomarker')}), planted groups in it at "
        f"Mahalanobis distances of {separations} within-group SDs, and ran our pipeline on "
        f"{counted(tables.study.repetitions, 'synthetic draw')} of each (synthcohort); intervals "
        "are Wilson's, and the detectable separation is where the monotone curve crosses "
        f"{100 * CHANCE:.0f} %."
    )


def power_page(tables: StudyTables, scene: Scene, sentences: list[str]) -> str:
    """Lay out a power study as one page without scripts."""
    curves = curves_of(tables)
    rows = [
        c.rows.assign(pattern=c.pattern, people=c.size, found=OUTCOMES[c.measure]) for c in curves
    ]
    content = render(
        "synthcohort.detection_power",
        "power.html.jinja",
        name=scene.name,
        sentences=sentences,
        figures=[(figure, Markup(figure.svg())) for figure in curve_figures(curves)],
        tables=[
            as_table("Smallest separations found at 80 %", _limits(curves)),
            as_table("All points of the curves", pd.concat(rows)),
        ],
    )
    return whole_page(f"{scene.name}: synthcohort power", SYNTHETIC, Markup(content))


def _limits(curves: list[DetectionCurve]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "pattern": curve.pattern,
            "people": curve.size,
            "found": OUTCOMES[curve.measure],
            "separation": curve.limit.value,
            "low": curve.limit.low,
            "high": curve.limit.high,
        }
        for curve in curves
    )
