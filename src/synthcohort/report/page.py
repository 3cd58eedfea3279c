"""The page: figures, tables and sentences in one self-contained file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from synthcohort.report.figures.figure import Figure
from synthcohort.report.figures.found_groupings import found_figure
from synthcohort.report.figures.heatmap import heatmap_figure
from synthcohort.report.figures.losses import losses_figure
from synthcohort.report.figures.people_map import pca_figure
from synthcohort.report.figures.profiles import profiles_figure
from synthcohort.report.figures.reference_band import (
    PARTITIONS_CAPTION,
    pac_figure,
    partitions_table,
)
from synthcohort.report.figures.reliability_curve import calibration_figure
from synthcohort.report.figures.resolution_curves import resolution_figure
from synthcohort.report.figures.stability_intervals import has_stability, stability_figure
from synthcohort.report.population_tables import biomarker_table, group_table
from synthcohort.report.sentences.rival_sentences import (
    CHOICE_CAPTION,
    RIVALS_CAPTION,
    alternatives_table,
    rivals_table,
)
from synthcohort.report.sentences.scene_headline import headline, key_points
from synthcohort.report.sentences.wording import preprocessing_title
from synthcohort.results.findings import Findings
from synthcohort.results.selection import best_partition, is_null

_SCORES = {
    "preprocessing": "preprocessing",
    "whitened": "whitened",
    "base": "base",
    "k": "k",
    "resolution": "resolution",
    "n_clusters": "clusters",
    "ari": "ARI",
    "ami": "AMI",
    "homogeneity": "homogeneity",
    "completeness": "completeness",
    "v_measure": "V",
    "fowlkes_mallows": "FM",
    "element_centric": "element-centric",
    "jaccard": "Jaccard",
    "modularity": "modularity",
    "ari_within": "ARI adjusted",
    "within": "for",
    "ceiling": "ceiling",
    "ceiling_se": "ceiling SE",
    "ceiling_is": "ceiling is",
    "oracle": "oracle",
    "lost_measurement": "lost: measurement",
    "lost_preprocessing": "lost: preprocessing",
    "lost_algorithm": "lost: algorithm",
    "lost_choice": "lost: choice",
}
_BY_THE_MODEL = ("oracle", "ceiling", "lost")
"""Starts of the columns that only a scene's model can tell."""

_STABILITY = {
    "partition": "partition",
    "base": "base",
    "n_clusters": "clusters",
    "jaccard": "Jaccard",
    "stable": "stable",
    "dissolved": "dissolved",
    "margin": "mean margin",
    "misplaced": "misplaced",
    "ari_next": "ARI, next resolution",
    "pac": "PAC",
    "pac_se": "PAC SE",
    "replicate_ari": "ARI of replicates",
    "replicate_ari_se": "SE",
}


@dataclass(frozen=True)
class Report:
    """A page and its pictures.

    Parameters
    ----------
    html : str
        Works offline: no script, no request.
    figures : dict of str to bytes
        SVG and PNG files by name.
    """

    html: str
    figures: dict[str, bytes]


@dataclass(frozen=True)
class PageTable:
    """A table as text, ready to be laid out."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numeric: list[bool]


def build(findings: Findings) -> Report:
    """Draw the report of a run.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    Report
        The same bytes for the same findings.
    """
    pictures: dict[str, bytes] = {}
    sections = []
    for figure in _figures(findings):
        svg = figure.svg()
        pictures[f"{figure.name}.svg"] = svg.encode()
        pictures[f"{figure.name}.png"] = figure.png()
        table = as_table(f"The numbers of the figure: {figure.caption}", figure.table)
        sections.append({"figure": figure, "svg": Markup(svg), "table": table})
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(
        (files("synthcohort.report") / "page.html.jinja").read_text(encoding="utf-8")
    )
    html = template.render(
        scene=findings.scene,
        findings=findings,
        headline=headline(findings),
        null=is_null(findings) and not findings.tables.labels.empty,
        points=key_points(findings),
        sections=sections,
        tables=list(_tables(findings)),
        provenance=_provenance(findings),
    )
    return Report(html, pictures)


def _figures(findings: Findings) -> Iterator[Figure]:
    if not findings.tables.labels.empty:
        truth = findings.scene.experiment.truth or next(iter(findings.scene.groups), None)
        planted = findings.synthetic and not is_null(findings)
        if truth is not None and planted:
            yield losses_figure(findings, truth)
        if len(findings.people.truths.columns):
            yield found_figure(findings)
        yield resolution_figure(findings)
        if not findings.tables.references.empty:
            yield pac_figure(findings)
        if truth is not None:
            yield heatmap_figure(findings, truth)
        if has_stability(findings):
            yield stability_figure(findings)
        yield profiles_figure(findings)
        if truth is not None and planted and not findings.tables.reliability.empty:
            yield calibration_figure(findings, truth)
    # A map needs individuals without a gap: of two laboratory batches there may be none.
    mapped = findings.people.biomarkers[findings.scene.experiment.biomarkers].dropna()
    if len(findings.scene.experiment.biomarkers) > 1 and len(mapped) > 1:
        yield pca_figure(findings)


def _tables(findings: Findings) -> Iterator[tuple[str, PageTable, bool]]:
    """Anchor, table, and whether it is long."""
    if not findings.tables.labels.empty:
        yield "analyses", as_table("What was run, and what equals it", _analyses(findings)), False
        row, reason = best_partition(findings)
        chosen = findings.tables.recovery[findings.tables.recovery["partition"] == row["partition"]]
        chosen = chosen.assign(match=chosen["match"] + 1).drop(columns="partition")
        chosen = chosen.rename(columns={"truth": "grouping", "cluster": "group"})
        caption = f"How well the partition {row['partition']} recovers each group ({reason})"
        if not chosen.empty:
            yield "recovery", as_table(caption, chosen), False
    if not findings.tables.stability.empty:
        table = findings.tables.stability[list(_STABILITY)].rename(columns=_STABILITY)
        yield "stability-all", as_table("Stability of all partitions", table), True
    if not findings.tables.alternatives.empty:
        yield "choice", as_table(CHOICE_CAPTION, alternatives_table(findings)), False
    if not findings.tables.rivals.empty:
        yield "rivals", as_table(RIVALS_CAPTION, rivals_table(findings)), False
    if not findings.tables.band.empty:
        yield "references", as_table(PARTITIONS_CAPTION, partitions_table(findings)), True
    made = "generated " if findings.synthetic else ""
    by = "" if findings.people.weight is None else ", by survey weight but for counts"
    yield "biomarkers", as_table(f"The {made}biomarkers{by}", biomarker_table(findings)), False
    yield "groups", as_table(f"The {made}groups{by}", group_table(findings)), False
    for truth in findings.people.truths.columns if not findings.tables.scores.empty else []:
        shown = [c for c in _SCORES if findings.synthetic or not c.startswith(_BY_THE_MODEL)]
        rows = findings.tables.scores[findings.tables.scores["truth"] == truth]
        table = rows[shown].rename(columns=_SCORES)
        yield f"scores-{truth}", as_table(f"All scores against {truth}", table), True


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


def as_table(caption: str, frame: pd.DataFrame) -> PageTable:
    """Lay out a DataFrame as text: three decimals, thousands apart, nothing for missing."""
    numeric = [
        pd.api.types.is_numeric_dtype(t) and not pd.api.types.is_bool_dtype(t) for t in frame.dtypes
    ]
    rows = [[_text(value) for value in row] for row in frame.itertuples(index=False)]
    return PageTable(caption, [str(c) for c in frame.columns], rows, numeric)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".") if value != int(value) else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _origin(findings: Findings) -> dict[str, str]:
    manifest = findings.manifest
    if findings.synthetic:
        known = str(manifest.get("scene_hash", ""))
        return {"scene": findings.scene.name, "hash of the resolved scene": known}
    table = manifest.get("table", {})
    return {"table": str(table.get("file", "")), "SHA-256 of the table": str(table.get("sha256"))}


def _provenance(findings: Findings) -> dict[str, str]:
    manifest = findings.manifest
    versions = ", ".join(f"{k} {v}" for k, v in manifest.get("versions", {}).items())
    chosen = findings.scene.experiment
    return {
        **_origin(findings),
        "individuals": f"{findings.size:,}",
        "seed": str(findings.seed),
        "bootstrap replicates": str(chosen.bootstraps),
        "k-means": "ten restarts" if manifest.get("exact") else "pooled starts (fast mode)",
        "created": str(manifest.get("created", "")),
        "versions": versions,
    }
