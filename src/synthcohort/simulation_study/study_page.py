"""The page of a study: what it found, its pictures and its tables, offline."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from synthcohort.report.shell.page_shell import SYNTHETIC, render, whole_page
from synthcohort.report.shell.page_table import PageTable, as_table
from synthcohort.simulation_study.performance import MEASURES
from synthcohort.simulation_study.study_figures import pictures_of
from synthcohort.simulation_study.study_sentences import findings, headline
from synthcohort.simulation_study.study_tables import StudyTables


def page_of(tables: StudyTables) -> str:
    """Lay out a study as one page without scripts."""
    content = render(
        "synthcohort.simulation_study",
        "study.html.jinja",
        study=tables.study,
        headline=headline(tables),
        findings=list(findings(tables)),
        figures=[(figure, Markup(figure.svg())) for figure in pictures_of(tables)],
        measures=[(one.title, one.meaning) for one in MEASURES.values()],
        tables=_tables(tables),
    )
    return whole_page(f"{tables.study.name}: synthcohort study", SYNTHETIC, Markup(content))


def _tables(tables: StudyTables) -> list[PageTable]:
    found = [
        as_table("Performance of each method in each scenario", _named(tables.summary)),
        as_table("Differences between methods on the same people", _named(tables.differences)),
    ]
    failures = tables.failures[["scene", *tables.varied, "repetition", "method", "error"]]
    return [*found, as_table("Tasks that failed", failures)] if len(failures) else found


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    if "measure" not in frame:
        return frame
    return frame.assign(measure=[MEASURES[name].title for name in frame["measure"]])
