"""What the run as a whole found: its analyses, its cells, its judgement."""

from __future__ import annotations

from typing import Any

import pandas as pd

from synthcohort.clustering.stability.cluster_stability import DISSOLVED, RECOVERED
from synthcohort.report.explorer.cluster_profiles import MOST
from synthcohort.report.explorer.packing import rounded
from synthcohort.report.figures.losses import PARTS, losses_table
from synthcohort.report.figures.stability_intervals import cluster_rows
from synthcohort.report.judgement.cards import threshold
from synthcohort.report.judgement.judgement import judgement_of
from synthcohort.report.judgement.signs import planted_truth
from synthcohort.report.sentences.wording import analysis_titles, base_title
from synthcohort.results.findings import Findings
from synthcohort.results.partition_keys import Cell

_PERCENTILES = ("p5", "p25", "median", "p75", "p95")


def facts_of_grid(findings: Findings) -> dict[str, Any]:
    """Collect what is no property of a single partition.

    Returns
    -------
    dict
        For JSON: aside, truth, threshold, analyses with their losses, cells with the
        distribution of their co-association and its reliability, clusters and margins by
        partition.
    """
    truth = planted_truth(findings)
    titles = analysis_titles(findings)
    return {
        "name": findings.scene.name,
        "synthetic": findings.synthetic,
        "weighted": findings.people.weight is not None,
        "aside": judgement_of(findings).aside,
        "truth": truth,
        "threshold": None if truth is None else threshold(findings, truth),
        "analyses": [*titles.values()],
        "losses": _losses(findings, truth),
        "cells": _cells(findings, list(titles)),
        "clusters": _clusters(findings.tables.stability_clusters),
        "margins": _margins(findings),
        "limits": [DISSOLVED, RECOVERED],
    }


def _losses(findings: Findings, truth: str | None) -> dict[str, Any] | None:
    if truth is None:
        return None
    table = losses_table(findings, truth)
    return {
        "parts": [words for words, _ in PARTS.values()],
        "rows": [rounded(row) for row in table[list(PARTS)].to_numpy()],
        "ceiling": rounded(table["ceiling"]),
        "best": rounded(table["best ARI"]),
    }


def _cells(findings: Findings, order: list[str]) -> list[dict[str, Any]]:
    """Distribution and reliability of the co-association of every cell."""
    found: dict[Cell, dict[str, Any]] = {}
    for _, rows in findings.tables.consensus.groupby(Cell.COLUMNS, sort=False):
        found[Cell.of(rows.iloc[0])] = {"cdf": rounded(rows["cdf"], 3)}
    for _, rows in findings.tables.reliability.groupby(Cell.COLUMNS, sort=False):
        points = [rounded(rows[name], 3) for name in ("co_association", "together")]
        found.setdefault(Cell.of(rows.iloc[0]), {})["reliability"] = points
    return [
        {"analysis": order.index(c.analysis), "base": base_title(c.base), "k": c.k} | facts
        for c, facts in found.items()
    ]


def _clusters(table: pd.DataFrame) -> dict[str, Any]:
    """Jaccard coefficient and co-association of each cluster, by partition."""
    if table.empty:
        return {}
    rows = table.sort_values(["partition", "cluster"], kind="stable")
    rows = rows[rows["cluster"] < MOST]
    return {
        str(name): [rounded(own[c], 5) for c in ("jaccard", "within", "between")]
        for name, own in rows.groupby("partition", sort=False)
    }


def _margins(findings: Findings) -> dict[str, Any]:
    """Percentiles of the margins in each cluster of the partitions whose people were kept."""
    people = findings.tables.stability_individuals
    found = {}
    for name in people["partition"].unique() if len(people) else []:
        rows = cluster_rows(findings, str(name))
        rows = rows.sort_values("cluster").head(MOST)
        found[str(name)] = [rounded(rows[f"margin {p}"], 5) for p in _PERCENTILES]
    return found
