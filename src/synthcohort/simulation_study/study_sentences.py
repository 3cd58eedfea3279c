"""What a study found, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from synthcohort.scene.short_text import counted
from synthcohort.simulation_study.study_tables import StudyTables


def headline(tables: StudyTables) -> str:
    """Say what was studied."""
    results = tables.results
    scenarios = len(results[["scene", *tables.varied]].drop_duplicates())
    text = (
        f"{counted(len(tables.study.methods), 'method')} on {counted(scenarios, 'scenario')}, "
        f"{counted(tables.study.repetitions, 'repetition')} of each"
    )
    failed = len(tables.failures)
    return f"{text}; {counted(failed, 'task')} failed." if failed else f"{text}."


def findings(tables: StudyTables) -> Iterator[str]:
    """Say of each method how it does over all scenarios, and what the repetitions can tell."""
    means = tables.summary.pivot_table(
        index="method", columns="measure", values="value", sort=False, aggfunc="mean"
    )
    for method, row in means.iterrows():
        parts = [
            f"{words} {row[measure]:.2f}"
            for measure, words in (
                ("ari", "mean ARI"),
                ("regret_ceiling", "below the ceiling by"),
                ("says_clusters", "says clusters where there are with a share of"),
                ("false_discovery", "and where there are none of"),
            )
            if measure in row and not math.isnan(row[measure])
        ]
        own = tables.summary[tables.summary["method"] == method]
        scenarios = len(own[["scene", *tables.varied]].drop_duplicates())
        yield f"{method}: {', '.join(parts)}, averaged over {counted(scenarios, 'scenario')}."
    yield from enough(tables.differences)


def enough(differences: pd.DataFrame) -> Iterator[str]:
    """Say whether the repetitions tell the methods' differences in ARI from 0."""
    rows = differences[differences["measure"] == "ari"]
    rows = rows[rows["needed"].notna() & (rows["difference"] != 0)]
    if rows.empty:
        return
    unclear = rows[~rows["differs"].astype(bool)]
    text = (
        f"Of {counted(len(rows), 'difference')} in ARI between methods in a scenario, "
        f"{len(rows) - len(unclear)} can be told from 0 with these repetitions"
    )
    if unclear.empty:
        yield f"{text}: they suffice."
        return
    half = unclear["needed"].median()
    yield (
        f"{text}. Half of the others, as large as they were seen, would need up to "
        f"{half:,.0f} repetitions, all of them {unclear['needed'].max():,.0f}."
    )
