"""What a scene's parts must have to do with each other, one function a rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from synthcohort.scene.magnitudes import magnitude_problems
from synthcohort.scene.measurement_rules import (
    covariate_problems,
    measurement_problems,
    missing_problems,
    sampling_problems,
)
from synthcohort.scene.model import WEIGHT, Scene
from synthcohort.scene.problems import Problem, nearest

_SUM_TOLERANCE = 1e-9
_MAX_LEVELS = 127


def problems_of(scene: Scene) -> list[Problem]:
    """Find every problem in how the parts of a scene fit together."""
    return [problem for rule in _RULES for problem in rule(scene)]


def _probabilities(scene: Scene) -> Iterator[Problem]:
    for name, group in scene.groups.items():
        place = f"groups.{name}.probabilities"
        nested = any(isinstance(v, dict) for v in group.probabilities.values())
        if nested and group.given is None:
            yield Problem(place, "got a table for each level, allowed: only with `given`")
            continue
        if not nested and group.given is not None:
            yield Problem(place, f"got one table, allowed: one for each level of {group.given!r}")
            continue
        if not 1 <= len(group.levels) <= _MAX_LEVELS:
            yield Problem(place, f"got {len(group.levels)} levels, allowed: 1 to {_MAX_LEVELS}")
        for parent, row in group.table().items():
            total = math.fsum(row.values())
            if abs(total - 1) > _SUM_TOLERANCE:
                where = f"{place}.{parent}" if parent else place
                yield Problem(where, f"got a sum of {total:g}, allowed: a sum of 1")


def _given(scene: Scene) -> Iterator[Problem]:
    for name, group in scene.groups.items():
        if group.given is None:
            continue
        place = f"groups.{name}.given"
        parent = scene.groups.get(group.given)
        if parent is None:
            yield Problem(place, f"got {group.given!r}; {nearest(group.given, scene.groups)}")
        elif group.given != name and set(group.table()) != set(parent.levels):
            got, allowed = ", ".join(group.table()), ", ".join(parent.levels)
            yield Problem(f"groups.{name}.probabilities", f"got {got}, allowed: exactly {allowed}")
    graph = {n: [g.given] if g.given in scene.groups else [] for n, g in scene.groups.items()}
    yield from _cycle(graph, lambda a: f"groups.{a}.given")


def _shifts(scene: Scene) -> Iterator[Problem]:
    for name, factor in scene.factors.items():
        yield from _by_group(scene, f"factors.{name}.mean", factor.mean)
        yield from _by_group(scene, f"factors.{name}.spread", factor.spread)
    for name, marker in scene.biomarkers.items():
        yield from _by_group(scene, f"biomarkers.{name}.shift", marker.shift)
        yield from _by_group(scene, f"biomarkers.{name}.spread", marker.spread)


def _by_group(
    scene: Scene, place: str, shifts: Mapping[str, Mapping[str, float]]
) -> Iterator[Problem]:
    yield from _known(place, shifts, scene.groups)
    for group, by_level in shifts.items():
        if group in scene.groups:
            yield from _known(f"{place}.{group}", by_level, scene.groups[group].levels)


def _loadings(scene: Scene) -> Iterator[Problem]:
    for name, marker in scene.biomarkers.items():
        yield from _known(f"biomarkers.{name}.loadings", marker.loadings, scene.factors)


def _slopes(scene: Scene) -> Iterator[Problem]:
    for name, factor in scene.factors.items():
        place = f"factors.{name}.slopes"
        yield from _known(place, factor.slopes, scene.covariates)
        yield from _slopes_by_level(scene, place, factor.slopes)
    for name, marker in scene.biomarkers.items():
        place = f"biomarkers.{name}.slopes"
        yield from _known(place, marker.slopes, [*scene.biomarkers, *scene.covariates])
        yield from _slopes_by_level(scene, place, marker.slopes)
    graph = {
        name: [other for other in marker.slopes if other in scene.biomarkers]
        for name, marker in scene.biomarkers.items()
    }
    yield from _cycle(graph, lambda a: f"biomarkers.{a}.slopes")


def _slopes_by_level(
    scene: Scene, place: str, slopes: Mapping[str, float | dict[str, float]]
) -> Iterator[Problem]:
    for other, slope in slopes.items():
        if not isinstance(slope, dict):
            continue
        fitting = _with_levels(scene, scene.groups, slope)
        if other in scene.biomarkers:
            message = "got one by level, allowed: a number (only a covariate's can be by level)"
            yield Problem(f"{place}.{other}", message)
        elif len(fitting) != 1:
            yield Problem(f"{place}.{other}", _one_group(slope, fitting, "group"))


def _with_levels(scene: Scene, names: Iterable[str], levels: Iterable[str]) -> list[str]:
    """Those of the groups that have exactly these levels."""
    return [name for name in names if set(scene.groups[name].levels) == set(levels)]


def _one_group(levels: Iterable[str], fitting: list[str], kind: str) -> str:
    message = f"got {', '.join(levels)}, allowed: exactly the levels of one {kind}"
    if fitting:
        both = f"{fitting[0]} and {fitting[1]}"
        message += f", not of both {both}; name the levels of one differently, such as "
        message += f"{fitting[1]}_{next(iter(levels))}"
    return message


def _cycle(graph: Mapping[str, Iterable[str]], place: Callable[[str], str]) -> Iterator[Problem]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib names the nodes against the direction of dependence.
        nodes = list(reversed(error.args[1]))
        text = " -> ".join(nodes)
        yield Problem(place(nodes[0]), f"got the cycle {text}, allowed: no cycle")


def _cutoffs(scene: Scene) -> Iterator[Problem]:
    for name, marker in scene.biomarkers.items():
        place = f"biomarkers.{name}.cutoffs"
        groups = set()
        for side, cutoff in (("low", marker.cutoffs.low), ("high", marker.cutoffs.high)):
            if isinstance(cutoff, dict):
                visible = [name for name, group in scene.groups.items() if not group.hidden]
                fitting = _with_levels(scene, visible, cutoff)
                groups.add(fitting[0] if len(fitting) == 1 else None)
                if len(fitting) != 1:
                    message = _one_group(cutoff, fitting, "visible group")
                    yield Problem(f"{place}.{side}", message)
        if len(groups) > 1 and None not in groups:
            yield Problem(place, "got cut-offs by two groups, allowed: both by the same group")
        elif None not in groups:
            yield from _ordered(place, marker.cutoffs.low, marker.cutoffs.high)


def _ordered(
    place: str, low: float | dict[str, float] | None, high: float | dict[str, float] | None
) -> Iterator[Problem]:
    if low is None or high is None:
        return
    levels = [*low] if isinstance(low, dict) else [*high] if isinstance(high, dict) else [""]
    for level in levels:
        a = low[level] if isinstance(low, dict) else low
        b = high[level] if isinstance(high, dict) else high
        if a >= b:
            of_level = f" for {level}" if level else ""
            message = f"got low {a:g} and high {b:g}{of_level}, allowed: low below high"
            yield Problem(place, message)


def _names(scene: Scene) -> Iterator[Problem]:
    taken = {"id": "the individuals' id"}
    if scene.sampling is not None:
        taken[WEIGHT] = "the survey weight"
    kinds = (("groups", "a group"), ("covariates", "a covariate"), ("biomarkers", "a biomarker"))
    for part, kind in kinds:
        for name in getattr(scene, part):
            if name in taken:
                message = f"got the name of {taken[name]}, allowed: another name"
                yield Problem(f"{part}.{name}", message)
            taken.setdefault(name, kind)
    columns = [*scene.groups, *(f"factor_{name}" for name in scene.factors)]
    variables = dict.fromkeys([*scene.covariates, *scene.biomarkers])
    columns += [f"{name}_{end}" for name in variables for end in ("before", "complete", "missing")]
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        message = f"two columns of the truth would be called {name!r}, allowed: other names"
        yield Problem("groups", message)


def _experiment(scene: Scene) -> Iterator[Problem]:
    chosen = scene.experiment
    yield from _known("experiment.biomarkers", chosen.biomarkers, scene.biomarkers)
    if chosen.truth is not None:
        yield from _known("experiment.truth", [chosen.truth], scene.groups)
    lists: dict[str, list[Any]] = {
        "biomarkers": chosen.biomarkers,
        "preprocessings": chosen.preprocessings,
        "whiten": chosen.whiten,
        "resolutions": chosen.resolutions,
    }
    lists |= {f"base.{base}": ks for base, ks in chosen.base.items()}
    for field, values in lists.items():
        for value in dict.fromkeys(v for v in values if values.count(v) > 1):
            yield Problem(f"experiment.{field}", f"got {value!r} twice, allowed: once")


def _known(place: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    known = list(known)
    for name in names:
        if name not in known:
            yield Problem(place, f"got {name!r}; {nearest(name, known)}")


_RULES: tuple[Callable[[Scene], Iterator[Problem]], ...] = (
    _probabilities,
    _given,
    _shifts,
    _loadings,
    _slopes,
    magnitude_problems,
    measurement_problems,
    covariate_problems,
    missing_problems,
    sampling_problems,
    _cutoffs,
    _names,
    _experiment,
)
