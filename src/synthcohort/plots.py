"""Every picture as an Altair chart, to show in a notebook, to change and to save.

``sc.plots.profiles(run)`` shows itself, without a network too; ``.save("profiles.svg")`` and
``.properties(width=300)`` are Altair's own.
"""

from __future__ import annotations

from typing import Any

from synthcohort.detection_power.detection_curves import curve_figures, curves_of
from synthcohort.detection_power.power_run import Power
from synthcohort.report.figures.offline_charts import self_contained
from synthcohort.report.figures.pictures import PICTURES, subject_of
from synthcohort.runs.conductor import Run
from synthcohort.scene import Problem, SceneError
from synthcohort.scene.problems import nearest
from synthcohort.simulation_study.study_figures import pictures_of
from synthcohort.simulation_study.study_run import FinishedStudy

__all__ = [
    "found",
    "heatmap",
    "losses",
    "people",
    "power_curves",
    "profiles",
    "references",
    "reliability",
    "resolution",
    "stability",
    "study_pictures",
]


def losses(run: Run, truth: str | None = None) -> Any:
    """Draw what was destroyed and what was lost on the way from the truth to the clusters.

    Parameters
    ----------
    run : Run
        On a scene with planted groups.
    truth : str, optional
        A group of the scene; by default the one that the run is about.

    Returns
    -------
    altair chart

    Raises
    ------
    SceneError
        If the run lacks what the picture is of, or has no such group; as all of this room.
    """
    return _chart("losses", run, truth)


def found(run: Run) -> Any:
    """Draw the best agreement that each analysis reached with each known grouping.

    Parameters
    ----------
    run : Run

    Returns
    -------
    altair chart
    """
    return _chart("found", run)


def resolution(run: Run) -> Any:
    """Draw the number of clusters and the stability along the resolution.

    Parameters
    ----------
    run : Run

    Returns
    -------
    altair chart
    """
    return _chart("resolution", run)


def references(run: Run) -> Any:
    """Draw the ambiguous pairs (PAC) beside the band of the reference data.

    Parameters
    ----------
    run : Run
        With reference data.

    Returns
    -------
    altair chart
    """
    return _chart("references", run)


def heatmap(run: Run, truth: str | None = None) -> Any:
    """Draw the adjusted Rand index of every partition of the grid.

    Parameters
    ----------
    run : Run
    truth : str, optional
        A known grouping; by default the one that the run is about.

    Returns
    -------
    altair chart
    """
    return _chart("heatmap", run, truth)


def stability(run: Run) -> Any:
    """Draw the stability of each cluster of the shown partition, and its members' margins.

    Parameters
    ----------
    run : Run

    Returns
    -------
    altair chart
    """
    return _chart("stability", run)


def profiles(run: Run) -> Any:
    """Draw the biomarkers of each cluster of the shown partition, in SDs.

    Parameters
    ----------
    run : Run

    Returns
    -------
    altair chart
    """
    return _chart("profiles", run)


def reliability(run: Run, truth: str | None = None) -> Any:
    """Draw how often individuals of a margin are with the right ones.

    Parameters
    ----------
    run : Run
        On a scene with planted groups.
    truth : str, optional
        A group of the scene; by default the one that the run is about.

    Returns
    -------
    altair chart
    """
    return _chart("reliability", run, truth)


def people(run: Run) -> Any:
    """Draw the individuals on two principal components; of a user's table squares of several.

    Parameters
    ----------
    run : Run

    Returns
    -------
    altair chart
    """
    return _chart("people", run)


def study_pictures(study: FinishedStudy) -> dict[str, Any]:
    """Draw the pictures of a simulation study.

    Parameters
    ----------
    study : FinishedStudy

    Returns
    -------
    dict of str to altair chart
        Small multiples and zip plots by measure, and the nested loop where factors vary.
    """
    return {one.name: self_contained(one.chart) for one in pictures_of(study.tables)}


def power_curves(power: Power) -> dict[str, Any]:
    """Draw the detection curves of a pipeline on tables like the user's.

    Parameters
    ----------
    power : Power

    Returns
    -------
    dict of str to altair chart
        One for each outcome.
    """
    return {one.name: self_contained(one.chart) for one in curve_figures(curves_of(power.tables))}


def _chart(name: str, run: Run, truth: str | None = None) -> Any:
    findings = run.findings
    known = findings.people.truths.columns
    if truth is not None and truth not in known:
        raise SceneError("plots", [Problem("truth", f"got {truth!r}; {nearest(truth, known)}")])
    subject = subject_of(findings, truth)
    lacking = PICTURES[name].lacking(subject)
    if lacking:
        message = f"can't be drawn: {findings.scene.name} lacks {lacking}"
        raise SceneError("plots", [Problem(name, message)])
    return self_contained(PICTURES[name].draw(subject).chart)
