"""The tables of a run: equal analyses under each of their names, and what a reader must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from synthcohort.clustering.base.base_clusterers import BASES
from synthcohort.clustering.preprocessing import PREPROCESSINGS, Prepared
from synthcohort.clustering.replication import together
from synthcohort.grid.cell import CellResult
from synthcohort.grid.plan import Analysis
from synthcohort.scene.model import Experiment

_RECOVERY = ["partition", "truth", "cluster", "size", "jaccard", "match"]


def scores_table(analyses: Sequence[Analysis], scores: pd.DataFrame) -> pd.DataFrame:
    """Scores of every preprocessing; equal analyses have the same rows under their own name."""
    parts = []
    for analysis in analyses:
        rows = scores[scores["analysis"] == analysis.runs_as].copy()
        rows.insert(0, "preprocessing", analysis.preprocessing)
        rows.insert(1, "whitened", analysis.whitened)
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def recovery_table(known: pd.DataFrame, recovery: pd.DataFrame) -> pd.DataFrame:
    """Recovery of each cluster of each truth, with the names of the levels for their codes."""
    if recovery.empty:
        return pd.DataFrame(columns=_RECOVERY)
    levels = {str(name): list(column.cat.categories) for name, column in known.items()}
    pairs = zip(recovery["truth"], recovery["cluster"], strict=True)
    named = recovery.assign(cluster=[levels[truth][int(code)] for truth, code in pairs])
    return named[_RECOVERY]


def analyses_table(
    analyses: Sequence[Analysis], prepared: Mapping[str, Prepared], rows: int, rows_dropped: int
) -> pd.DataFrame:
    """One row for each preprocessing x whitened: what was run for it, on which rows and columns."""
    return pd.DataFrame(
        {
            "preprocessing": a.preprocessing,
            "whitened": a.whitened,
            "analysis": a.runs_as,
            "reason": a.reason,
            "columns": len(prepared[a.runs_as].columns),
            "dropped": ", ".join(prepared[a.runs_as].dropped),
            "rows": rows,
            "rows_dropped": rows_dropped,
        }
        for a in analyses
    )


def cell_notes(results: Sequence[CellResult], chosen: Experiment) -> list[str]:
    """Say how many fits warned or found only noise, and where a base clusterer was left out."""
    found = []
    for base in chosen.base:
        title, only = BASES[base].title, BASES[base].only
        if only and (len(chosen.preprocessings) > 1 or True in chosen.whiten):
            found.append(f"{title}: only after {PREPROCESSINGS[only].title}, not whitened.")
        own = [result.warned for result in results if result.cell.base == base]
        fits = f"{len(own) * chosen.bootstraps:,}"
        empty = sum(result.only_noise for result in results if result.cell.base == base)
        if empty:
            found.append(
                f"{title}: {empty:,} of {fits} fits found only noise, no cluster at all, and say "
                "nothing of who belongs together."
            )
        for kind in together(one for some in own for one in some):
            name = kind.category.__name__
            message = kind.message.rstrip(".")
            found.append(f"{title}: {kind.replicates:,} of {fits} fits gave a {name}: {message}.")
    return found


def notes(analyses: Sequence[Analysis], prepared: Mapping[str, Prepared]) -> list[str]:
    """Say in sentences which columns were left out and which analyses are equal."""
    found = []
    for a in analyses:
        columns = prepared[a.runs_as].dropped
        if a.runs_as == a.name and columns:
            found.append(
                f"{a.title}: constant after the preprocessing, so dropped before clustering: "
                f"{', '.join(columns)}."
            )
    equal = [a for a in analyses if a.reason]
    if equal:
        first = PREPROCESSINGS[equal[0].runs_as.removesuffix("+whitened")].title
        names = " and ".join(a.title for a in equal)
        found.append(f"{names}: not run again, equal to {first} whitened. Why: {equal[0].reason}.")
    return found
