"""A scene in words, for people who have not written it."""

from __future__ import annotations

import textwrap

from synthcohort.scene.measurement_description import (
    covariate_lines,
    measurement_words,
    missing_line,
    sampling_line,
    slope_terms,
)
from synthcohort.scene.model import Biomarker, Factor, Group, Scene
from synthcohort.scene.serialization import digest


def describe(scene: Scene) -> str:
    """Return the model of a scene in words, a line for every group, factor and biomarker."""
    truth = scene.experiment.truth
    acting = scene.acting_groups()
    lines = [f"{scene.name}: {scene.size:,} synthetic individuals, seed {scene.seed}"]
    lines += textwrap.wrap(scene.description.strip(), 88)
    lines += ["", "Groups"]
    for name, group in scene.groups.items():
        role = ["hidden"] * group.hidden + ["the truth of the run"] * (name == truth)
        role += ["has no effect"] * (name not in acting)
        lines += _group(name, group, role)
    if scene.covariates:
        lines += ["", "Covariates"]
        acts = scene.acting_covariates()
        for name, covariate in scene.covariates.items():
            lines += covariate_lines(name, covariate, name in acts)
    centre = {name: f"{c.middle:g}" for name, c in scene.covariates.items()}
    lines += ["", "Factors"] + [
        f"  {name}: {_factor(f, centre)}" for name, f in scene.factors.items()
    ]
    centre |= dict.fromkeys(scene.biomarkers, "its baseline")
    lines += ["", "Biomarkers (a linear model, then what the instrument makes of the value)"]
    lines += [f"  {_equation(name, b, centre)}" for name, b in scene.biomarkers.items()]
    if scene.missing:
        lines += ["", "Missing values", *(missing_line(n, m) for n, m in scene.missing.items())]
    if scene.sampling is not None:
        lines += ["", "Sampling", sampling_line(scene.sampling)]
    chosen = scene.experiment
    lines += [
        "",
        "Experiment",
        f"  biomarkers: {len(chosen.biomarkers)} of {len(scene.biomarkers)}: "
        + ", ".join(chosen.biomarkers),
        f"  preprocessings: {', '.join(chosen.preprocessings)}",
        "  base: " + "; ".join(f"{b}, k = {_list(ks)}" for b, ks in chosen.base.items()),
        f"  resolutions: {_list(chosen.resolutions)}",
        f"  bootstraps: {chosen.bootstraps}",
        f"  reference data sets: {chosen.references}",
        "",
        f"hash {digest(scene)}",
    ]
    return "\n".join(lines) + "\n"


def _list(values: list[int] | list[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _label(text: str) -> str:
    return f" ({text})" if text else ""


def _group(name: str, group: Group, role: list[str]) -> list[str]:
    notes = f" [{', '.join(role)}]" if role else ""
    head = f"  {name}{_label(group.label)}{notes}"
    rows = []
    for parent, row in group.table().items():
        shares = ", ".join(f"{level} {p:.3g}" for level, p in row.items())
        rows.append(f"    {group.given} {parent}: {shares}" if parent else f"    {shares}")
    return [head, *rows]


def _shifts(word: str, shifts: dict[str, dict[str, float]]) -> str:
    parts = [
        f"; {word} by {group}: " + ", ".join(f"{level} {v:+g}" for level, v in row.items() if v)
        for group, row in shifts.items()
        if any(row.values())
    ]
    return "".join(parts)


def _factor(factor: Factor, centre: dict[str, str]) -> str:
    slopes = "".join(f"; mean {term}" for term in slope_terms(factor.slopes, centre))
    spread = _spread("SD", factor.spread)
    mean = _shifts("mean", factor.mean)
    return f"SD {factor.sd:g} within groups{mean}{spread}{slopes}{_label(factor.label)}"


def _spread(word: str, spread: dict[str, dict[str, float]]) -> str:
    parts = [
        f"; {word} by {group}: "
        + ", ".join(f"{level} x {v:g}" for level, v in row.items() if v != 1)
        for group, row in spread.items()
        if set(row.values()) != {1.0}
    ]
    return "".join(parts)


def _equation(name: str, marker: Biomarker, centre: dict[str, str]) -> str:
    terms = [f"{marker.baseline:g}"]
    terms += [f"{value:+g} {factor}" for factor, value in marker.loadings.items()]
    terms += slope_terms(marker.slopes, centre)
    terms += [
        f"{value:+g} if {level}"
        for row in marker.shift.values()
        for level, value in row.items()
        if value
    ]
    own_scale = marker.measurement.scale == "linear" and not marker.measurement.curve
    unit = f" {marker.unit}" if marker.unit and own_scale else ""
    noise = f"noise SD {marker.noise:g}{unit}{_spread('noise SD', marker.spread)}"
    return f"{name} = {' '.join(terms)} + {noise}{measurement_words(marker)}"
