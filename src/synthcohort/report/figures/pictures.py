"""All pictures of a run, in the page's order, and where each can't be drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synthcohort.report.figures.figure import Figure
from synthcohort.report.figures.found_groupings import found_figure
from synthcohort.report.figures.heatmap import heatmap_figure
from synthcohort.report.figures.losses import losses_figure
from synthcohort.report.figures.people_map import pca_figure
from synthcohort.report.figures.profiles import profiles_figure
from synthcohort.report.figures.reference_band import pac_figure
from synthcohort.report.figures.reliability_curve import calibration_figure
from synthcohort.report.figures.resolution_curves import resolution_figure
from synthcohort.report.figures.stability_intervals import has_stability, stability_figure
from synthcohort.results.findings import Findings
from synthcohort.results.selection import is_null


@dataclass(frozen=True)
class Subject:
    """What a picture is of.

    Parameters
    ----------
    findings : Findings
    truth : str
        The grouping that it is about; empty where none is known.
    """

    findings: Findings
    truth: str


@dataclass(frozen=True)
class Picture:
    """One picture of a run.

    Parameters
    ----------
    draw : callable
    lacking : callable
        Says what the run lacks for it; empty where it can be drawn.
    """

    draw: Callable[[Subject], Figure]
    lacking: Callable[[Subject], str]


def subject_of(findings: Findings, truth: str | None = None) -> Subject:
    """Take the grouping that a run is about, where no other is asked for."""
    first = next(iter(findings.scene.groups), "")
    return Subject(findings, truth or findings.scene.experiment.truth or first)


def _partitions(of: Subject) -> str:
    return "partitions: nothing was clustered" if of.findings.tables.labels.empty else ""


def _truth(of: Subject) -> str:
    return _partitions(of) or ("" if of.truth else "a known grouping")


def _planted(of: Subject) -> str:
    there = of.findings.synthetic and not is_null(of.findings)
    return _truth(of) or ("" if there else "planted groups")


def _groupings(of: Subject) -> str:
    known = len(of.findings.people.truths.columns) > 0
    return _partitions(of) or ("" if known else "known groupings")


def _references(of: Subject) -> str:
    empty = of.findings.tables.references.empty
    return _partitions(of) or ("reference data (references=19)" if empty else "")


def _stability(of: Subject) -> str:
    lacking = _partitions(of)
    if lacking or has_stability(of.findings):
        return lacking
    return "the stability of the partition that is shown (2 to 60 clusters)"


def _reliability(of: Subject) -> str:
    empty = of.findings.tables.reliability.empty
    return _planted(of) or ("how reliable its margins are" if empty else "")


def _several_columns(of: Subject) -> str:
    # A map needs individuals without a gap: of two laboratory batches there may be none.
    chosen = of.findings.scene.experiment.biomarkers
    mapped = of.findings.people.biomarkers[chosen].dropna()
    enough = len(mapped.columns) > 1 and len(mapped) > 1
    return "" if enough else "two individuals with two biomarkers"


PICTURES = {
    "losses": Picture(lambda of: losses_figure(of.findings, of.truth), _planted),
    "found": Picture(lambda of: found_figure(of.findings), _groupings),
    "resolution": Picture(lambda of: resolution_figure(of.findings), _partitions),
    "references": Picture(lambda of: pac_figure(of.findings), _references),
    "heatmap": Picture(lambda of: heatmap_figure(of.findings, of.truth), _truth),
    "stability": Picture(lambda of: stability_figure(of.findings), _stability),
    "profiles": Picture(lambda of: profiles_figure(of.findings), _partitions),
    "reliability": Picture(lambda of: calibration_figure(of.findings, of.truth), _reliability),
    "people": Picture(lambda of: pca_figure(of.findings), _several_columns),
}
"""By name, in the order of the page."""
