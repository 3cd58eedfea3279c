"""Every partition of a run, the grid's and the rivals', column by column."""

from __future__ import annotations

from typing import Any

import pandas as pd

from synthcohort.clustering.rivals import rival_title
from synthcohort.report.explorer.packing import rounded
from synthcohort.report.judgement.signs import planted_truth
from synthcohort.report.sentences.wording import analysis_titles, base_title, group_title
from synthcohort.results.findings import Findings
from synthcohort.results.partition_keys import Cell, PartitionKey

_SCORES = ("ari", "ami", "ari_within", "jaccard", "homogeneity", "completeness")
_STABILITY = ("jaccard", "stable", "dissolved", "margin", "misplaced", "ari_next")
_OF_CELL = ("pac", "replicate_ari")
_OF_BAND = ("reference_low", "reference_high", "contrast", "contrast_reference", "p_value")
_OF_REFERENCES = ("pac_reference_low", "pac_reference_high")


def columns_of_partitions(findings: Findings) -> dict[str, Any]:
    """Name every partition and say what the run measured of it.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    dict
        Lists with an entry a partition: name, analysis (its place in ``analyses``, or that of
        "rivals"), base, k, resolution, title (of a rival), clusters, modularity, stability and
        band; `scores` by truth.
    """
    grid = findings.tables.scores.drop_duplicates("partition").reset_index(drop=True)
    rivals = findings.tables.rivals.drop_duplicates("partition").reset_index(drop=True)
    order = list(analysis_titles(findings))
    names = [*grid["partition"], *rivals["partition"]]
    none = [None] * len(rivals)
    columns: dict[str, Any] = {
        "name": names,
        "analysis": [*(order.index(a) for a in grid["analysis"]), *[len(order)] * len(rivals)],
        "base": [*map(base_title, grid["base"]), *none],
        "k": [*grid["k"], *none],
        "resolution": [*rounded(grid["resolution"], 9), *none],
        "title": [*[None] * len(grid), *map(rival_title, rivals["rival"], rivals["form"])],
        "clusters": [*grid["n_clusters"], *rivals["n_clusters"]],
        "modularity": [*rounded(grid["modularity"]), *none],
    }
    keys = grid[PartitionKey.COLUMNS]
    columns |= _joined(findings.tables.stability, keys, _STABILITY, PartitionKey.COLUMNS, none)
    columns |= _joined(findings.tables.stability, keys, _OF_CELL, PartitionKey.COLUMNS, none)
    columns |= _joined(findings.tables.band, keys, _OF_BAND, PartitionKey.COLUMNS, none)
    columns |= _joined(findings.tables.references, keys, _OF_REFERENCES, Cell.COLUMNS, none)
    columns["scores"] = {
        str(truth): _scores(findings, str(truth), names) for truth in findings.people.truths
    }
    return columns


def _joined(
    table: pd.DataFrame, keys: pd.DataFrame, wanted: tuple[str, ...], on: list[str], none: list[Any]
) -> dict[str, Any]:
    if table.empty:
        return {}
    found = keys.merge(table.drop_duplicates(on), on=on, how="left")
    return {name: [*rounded(found[name]), *none] for name in wanted}


def _scores(findings: Findings, truth: str, names: list[str]) -> dict[str, Any]:
    """Scores against one truth, those that the page shows."""
    tables = [t for t in (findings.tables.scores, findings.tables.rivals) if len(t)]
    every = pd.concat([t[t["truth"] == truth] for t in tables]).drop_duplicates("partition")
    rows = every.set_index("partition").reindex(names)
    return {name: rounded(rows[name]) for name in _SCORES if name in rows}


def groupings(findings: Findings) -> list[dict[str, Any]]:
    """Name every known grouping: its key, its words, and whether the run is judged by it."""
    truth = planted_truth(findings)
    return [
        {"name": str(name), "title": group_title(findings, str(name)), "truth": name == truth}
        for name in findings.people.truths
    ]
