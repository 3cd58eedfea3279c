"""Means of the biomarkers in the clusters of every distinct partition."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthcohort.report import weighted
from synthcohort.report.explorer.distinct_partitions import Distinct
from synthcohort.report.explorer.packing import rounded
from synthcohort.report.figures.cutoff_lines import cutoff_values
from synthcohort.results.findings import Findings

Array = np.ndarray

MOST = 20
"""Clusters whose profile is shown, the largest."""


def biomarkers(findings: Findings) -> list[dict[str, Any]]:
    """Name every biomarker, with its unit, mean, SD and whether it was clustered."""
    weight = weighted.weight_of(findings.people.weight, findings.people.biomarkers.index)
    rows = []
    for name, values in findings.people.biomarkers.items():
        marker = findings.scene.biomarkers[str(name)]
        centre, sd = weighted.mean(values, weight), weighted.sd(values, weight)
        rows.append(
            {
                "name": str(name),
                "title": marker.label or str(name),
                "unit": marker.unit or "",
                "mean": _significant(centre),
                "sd": _significant(sd),
                "clustered": name in findings.scene.experiment.biomarkers,
            }
        )
    return rows


def _significant(value: float) -> float:
    return float(f"{value:.6g}")


def profiles_of(findings: Findings, distinct: Distinct, least: int) -> list[dict[str, Any]]:
    """Average every biomarker in each cluster of each distinct partition.

    Parameters
    ----------
    findings : Findings
    distinct : Distinct
    least : int
        People with a value that a mean needs.

    Returns
    -------
    list of dict
        A distinct partition each: `n`, sizes of all clusters that are shown, by their weights
        where there are some; `means`, in SDs, biomarker by biomarker, None where too few have a
        value; `beyond`, 1 or -1 where a mean is beyond a clinical cut-off; `explained`, the
        share of each biomarker's variance that lies between clusters.
    """
    sides = _standardised(findings)
    return [
        _profile(codes, counts, sides, least)
        for codes, counts in zip(distinct.codes.T, distinct.sizes, strict=True)
    ]


def _standardised(findings: Findings) -> dict[str, Array]:
    """Values and cut-offs in SDs from the mean, shape (N, p); NaN where there is none."""
    X = findings.people.biomarkers
    weight = weighted.weight_of(findings.people.weight, X.index)
    values = X.to_numpy(dtype=float, na_value=np.nan)
    centre = np.array([weighted.mean(X[c], weight) for c in X])
    sd = np.array([weighted.sd(X[c], weight) for c in X])
    sd = np.where(sd > 0, sd, 1.0)
    found = {"values": values, "weight": np.ones(len(X)) if weight is None else weight.to_numpy()}
    for side in ("low", "high"):
        found[side] = np.column_stack([cutoff_values(findings, str(c), side) for c in X])
    return found | {n: (found[n] - centre) / sd for n in ("values", "low", "high")}


def _profile(codes: Array, counts: Array, of: dict[str, Array], least: int) -> dict[str, Any]:
    shown = min(len(counts), MOST)
    sizes = np.bincount(codes, of["weight"], shown + 1)[1 : shown + 1]
    means, explained = _means(codes, of["values"], of["weight"], least)
    beyond = np.zeros_like(means[:, :shown], dtype=int)
    for side, sign in (("low", -1), ("high", 1)):
        limit = _means(codes, of[side], of["weight"], least)[0][:, :shown]
        over = means[:, :shown] >= limit if sign > 0 else means[:, :shown] < limit
        beyond[over] = sign
    kept = counts[:shown] >= least
    return {
        "n": [v if k else None for v, k in zip(rounded(sizes, 1), kept, strict=True)],
        "means": [rounded(row, 4) for row in means[:, :shown]],
        "beyond": beyond.tolist() if beyond.any() else None,
        "explained": rounded(explained, 4),
    }


def _means(codes: Array, values: Array, weight: Array, least: int) -> tuple[Array, Array]:
    """Means, shape (p, clusters), and the share of variance between all clusters, shape (p,)."""
    width = int(codes.max(initial=0)) + 1
    means, explained = [], []
    for column in values.T:
        known = ~np.isnan(column) & (codes > 0)
        if not known.any():
            means.append(np.full(width - 1, np.nan))
            explained.append(np.nan)
            continue
        own, of = codes[known], weight[known]
        total = np.bincount(own, of, width)[1:]
        sums = np.bincount(own, of * column[known], width)[1:]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = sums / total
        overall = sums.sum() / total.sum()
        spread = (of * (column[known] - overall) ** 2).sum()
        between = np.nansum(total * (mean - overall) ** 2)
        explained.append(between / spread if spread > 0 else np.nan)
        means.append(np.where(np.bincount(own, minlength=width)[1:] >= least, mean, np.nan))
    return np.array(means), np.array(explained)
