"""What the page's script reads: of synthetic people each one, of real ones aggregates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from synthcohort.report import weighted
from synthcohort.report.explorer.cluster_profiles import biomarkers, profiles_of
from synthcohort.report.explorer.crossed_tables import agreements, cross_all
from synthcohort.report.explorer.distinct_partitions import Distinct, distinct_among
from synthcohort.report.explorer.grid_facts import facts_of_grid
from synthcohort.report.explorer.packing import packed_codes, packed_json, rounded
from synthcohort.report.explorer.partition_columns import columns_of_partitions, groupings
from synthcohort.report.people_places import ellipses, places
from synthcohort.report.small_cells import fewest, named_levels
from synthcohort.results.findings import Findings
from synthcohort.results.partition_keys import Cell
from synthcohort.results.selection import best_partition

Array = np.ndarray

PEOPLE = 10_000
"""Most individuals whose labels a page holds."""
_DOTS = 1500
_SEED = 17


def packed_run(findings: Findings) -> dict[str, str]:
    """Pack a run for the page's script.

    Parameters
    ----------
    findings : Findings
        With at least one partition.

    Returns
    -------
    dict of str to str
        ``facts``: JSON. For synthetic individuals ``people``: their labels in every distinct
        partition, their levels in every grouping. For a user's table, whose individuals stay
        where they are, cross-tables instead, without any cell of fewer than 5, and
        ``agreements``, the ARI of every two partitions.
    """
    columns = columns_of_partitions(findings)
    distinct = distinct_among(findings.tables.labels, columns["name"])
    least = fewest(findings)
    shown = str(best_partition(findings)[0]["partition"])
    known, levels, sizes = _levels(findings, least)
    facts = facts_of_grid(findings) | {
        "people": findings.size,
        "shown": shown,
        "partitions": columns | {"distinct": [distinct.place[name] for name in columns["name"]]},
        "groupings": [
            one | {"levels": names, "n": n}
            for one, names, n in zip(groupings(findings), levels, sizes, strict=True)
        ],
        "biomarkers": biomarkers(findings),
        "profiles": profiles_of(findings, distinct, least),
    }
    at = places(findings)
    if at is not None:
        facts["components"] = rounded(at[1], 3)
    if findings.synthetic:
        return _each_person(findings, facts, distinct, known, at)
    facts["crossed"] = cross_all(
        distinct, known, distinct.place[shown], _chains(findings, distinct), least
    )
    if at is not None:
        xy = at[0].to_numpy()
        found = {"d": distinct.codes, "g": known}
        facts["ellipses"] = {kind: ellipses(xy, codes, least) for kind, codes in found.items()}
    compared = agreements(distinct) if findings.people.weight is None else None
    packed = {} if compared is None else {"agreements": packed_codes(compared)}
    return {"facts": packed_json(facts), **packed}


def _levels(
    findings: Findings, least: int
) -> tuple[Array, list[list[str]], list[list[float | None]]]:
    """Codes of every grouping from 1, names and sizes of its levels; small ones have none."""
    people = findings.people
    weight = weighted.weight_of(people.weight, people.truths.index)
    each = np.ones(len(people.truths)) if weight is None else weight.to_numpy()
    codes, names, sizes = [], [], []
    for _, values in people.truths.items():
        words = values.astype(str).where(values.notna())
        kept = {str(level) for level in named_levels(words, least)[0].index}
        order = [level for level in pd.Categorical(values).categories.astype(str) if level in kept]
        named = words.where(words.isin(order))
        codes.append(pd.Categorical(named, categories=order).codes.astype(int) + 1)
        names.append(order)
        sizes.append(rounded(np.bincount(codes[-1], each, len(order) + 1)[1:], 1))
    table = np.column_stack(codes) if codes else np.empty((len(people.truths), 0), int)
    return table, names, sizes


def _chains(findings: Findings, distinct: Distinct) -> list[list[int]]:
    """Distinct partitions of each cell, by resolution."""
    grid = findings.tables.scores.drop_duplicates("partition")
    ordered = grid.sort_values("resolution", kind="stable").groupby(Cell.COLUMNS, sort=False)
    return [[distinct.place[name] for name in rows["partition"]] for _, rows in ordered]


def _each_person(
    findings: Findings,
    facts: dict[str, Any],
    distinct: Distinct,
    known: Array,
    at: tuple[pd.DataFrame, Array] | None,
) -> dict[str, str]:
    """Pack an even sample of the individuals in an order that tells nothing of the table's."""
    count = len(distinct.codes)
    rows = np.unique(np.linspace(0, count - 1, min(PEOPLE, count)).astype(int))
    rows = np.random.default_rng(_SEED).permutation(rows)
    codes = np.column_stack([known[rows], distinct.codes[rows]])
    order = np.lexsort(codes.T[::-1])
    rows, codes = rows[order], codes[order]
    facts["embedded"] = len(rows)
    if findings.people.weight is not None:
        weight = findings.people.weight.to_numpy()[rows]
        facts["weights"] = [float(f"{w:.5g}") for w in weight / weight.mean()]
    if at is not None:
        xy = at[0].to_numpy()[rows]
        there = np.flatnonzero(~np.isnan(xy).any(axis=1))
        dots = np.unique(there[np.linspace(0, len(there) - 1, min(_DOTS, len(there))).astype(int)])
        facts["dots"] = {"person": dots.tolist(), "at": rounded(xy[dots], 2)}
    return {"facts": packed_json(facts), "people": packed_codes(codes)}
