"""The page: cards, the explorer, pictures, tables and sentences in one self-contained file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from synthcohort.report.explorer.live_parts import live
from synthcohort.report.figures.figure import Figure, lean
from synthcohort.report.figures.pictures import PICTURES, subject_of
from synthcohort.report.judgement.cards import answers
from synthcohort.report.judgement.judgement import NONE_EXIST, judgement_of
from synthcohort.report.overview import overview_table
from synthcohort.report.page_tables import tables_of
from synthcohort.report.sentences.scene_headline import headline, key_points
from synthcohort.report.shell.page_shell import OWN_TABLE, SYNTHETIC, render, whole_page
from synthcohort.report.shell.page_table import as_table
from synthcohort.report.small_cells import notes_without_names
from synthcohort.results.findings import Findings


@dataclass(frozen=True)
class Report:
    """A page and its pictures.

    Parameters
    ----------
    html : str
        Works offline, and asks for nothing.
    figures : dict of str to bytes
        SVG and PNG files by name.
    """

    html: str
    figures: dict[str, bytes]


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
    drawn = []
    for figure in _figures(findings):
        svg = figure.svg()
        pictures[f"{figure.name}.svg"] = svg.encode()
        pictures[f"{figure.name}.png"] = figure.png()
        drawn.append((figure, Markup(lean(svg))))
    judgement = judgement_of(findings) if findings.clustered else None
    content = render(
        "synthcohort.report",
        "page.html.jinja",
        findings=findings,
        headline=headline(findings),
        none_exist=judgement is not None and judgement.groups == NONE_EXIST,
        cards=answers(findings, judgement) if judgement else [],
        overview=as_table("Every analysis", overview_table(findings)) if judgement else None,
        contradictions=judgement.contradictions if judgement else [],
        figures=drawn,
        points=key_points(findings),
        notes=notes_without_names(findings),
        tables=list(tables_of(findings)),
        provenance=_provenance(findings),
    )
    mark = SYNTHETIC if findings.synthetic else OWN_TABLE
    alive = live(findings) if findings.clustered else {}
    html = whole_page(f"{findings.scene.name}: synthcohort", mark, Markup(content), **alive)
    return Report(html, pictures)


def _figures(findings: Findings) -> Iterator[Figure]:
    subject = subject_of(findings)
    for picture in PICTURES.values():
        if not picture.lacking(subject):
            yield picture.draw(subject)


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
