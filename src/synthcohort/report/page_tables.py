"""The tables of the page, each under its own heading."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from synthcohort.report.population_tables import biomarker_table, group_table
from synthcohort.report.sentences.rival_sentences import (
    CHOICE_CAPTION,
    RIVALS_CAPTION,
    alternatives_table,
    rivals_table,
)
from synthcohort.report.sentences.wording import preprocessing_title
from synthcohort.report.shell.page_table import PageTable, as_table
from synthcohort.report.small_cells import fewest
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_partition


def tables_of(findings: Findings) -> Iterator[PageTable]:
    """Lay out what was clustered, how each group was recovered, and who the rivals were."""
    tables = findings.tables
    if findings.clustered:
        yield as_table("What was run, and what equals it", _analyses(findings))
        row, reason = best_partition(findings)
        chosen = tables.recovery[tables.recovery["partition"] == row["partition"]]
        chosen = chosen[chosen["size"] >= fewest(findings)]
        chosen = chosen.assign(match=chosen["match"] + 1).drop(columns="partition")
        chosen = chosen.rename(columns={"truth": "grouping", "cluster": "group"})
        caption = f"How well the partition {row['partition']} recovers each group ({reason})"
        if not chosen.empty:
            yield as_table(caption, chosen)
    if not tables.alternatives.empty:
        yield as_table(CHOICE_CAPTION, alternatives_table(findings))
    if not tables.rivals.empty:
        yield as_table(RIVALS_CAPTION, rivals_table(findings))
    made = "generated " if findings.synthetic else ""
    by = "" if findings.people.weight is None else ", by survey weight but for counts"
    yield as_table(f"The {made}biomarkers{by}", biomarker_table(findings))
    yield as_table(f"The {made}groups{by}", group_table(findings))


def _analyses(findings: Findings) -> pd.DataFrame:
    a = findings.tables.analyses
    return pd.DataFrame(
        {
            "preprocessing": a["preprocessing"].map(preprocessing_title),
            "whitened": a["whitened"],
            "run as": a["analysis"],
            "columns": a["columns"],
            "dropped, constant": a["dropped"],
            "individuals": a["rows"],
            "left out, missing values": a["rows_dropped"],
            "why not run itself": a["reason"],
        }
    )
