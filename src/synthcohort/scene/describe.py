"""A scene in words, for people who have not written it."""

from __future__ import annotations

import textwrap

from synthcohort.scene.dump import digest
from synthcohort.scene.model import Biomarker, Factor, Group, Scene


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
    lines += ["", "Factors"] + [
        f"  {name}: SD {f.sd:g} within groups{_shifts('mean', f.mean)}{_spread(f)}{_label(f.label)}"
        for name, f in scene.factors.items()
    ]
    lines += ["", "Biomarkers (value before the instrument's bounds)"]
    lines += [f"  {_equation(name, marker)}" for name, marker in scene.biomarkers.items()]
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
        f"  null twins: {chosen.nulls}",
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


def _spread(factor: Factor) -> str:
    parts = [
        f"; SD by {group}: " + ", ".join(f"{level} x {v:g}" for level, v in row.items() if v != 1)
        for group, row in factor.spread.items()
        if set(row.values()) != {1.0}
    ]
    return "".join(parts)


def _equation(name: str, marker: Biomarker) -> str:
    terms = [f"{marker.baseline:g}"]
    terms += [f"{value:+g} {factor}" for factor, value in marker.loadings.items()]
    terms += [f"{value:+g} ({other} - its baseline)" for other, value in marker.slopes.items()]
    terms += [
        f"{value:+g} if {level}"
        for row in marker.shift.values()
        for level, value in row.items()
        if value
    ]
    bounds = marker.measurement
    limits = f", at least {bounds.lower:g}" if bounds.lower is not None else ""
    limits += f", at most {bounds.upper:g}" if bounds.upper is not None else ""
    unit = f" {marker.unit}" if marker.unit else ""
    return f"{name} = {' '.join(terms)} + noise SD {marker.noise:g}{unit}{limits}"
