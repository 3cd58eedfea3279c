"""Rules for covariates, measurements, missing values and sampling, one function a rule."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from synthcohort.scene.instrument import Detection, Measurement
from synthcohort.scene.model import DETECTION_LIMIT, Biomarker, Covariate, Scene
from synthcohort.scene.problems import Problem, nearest

_SUM_TOLERANCE = 1e-9


def covariate_problems(scene: Scene) -> Iterator[Problem]:
    """Find faults of histograms: edges, shares, and the group that they depend on."""
    for name, covariate in scene.covariates.items():
        place = f"covariates.{name}"
        edges = covariate.edges
        if any(a >= b for a, b in pairwise(edges)):
            yield Problem(f"{place}.edges", f"got {_list(edges)}, allowed: ascending numbers")
        if isinstance(covariate.shares, dict) != (covariate.given is not None):
            allowed = "one list for each level of `given`" if covariate.given else "one list"
            yield Problem(f"{place}.shares", f"got another form, allowed: {allowed}")
        elif covariate.given is not None and covariate.given not in scene.groups:
            message = f"got {covariate.given!r}; {nearest(covariate.given, scene.groups)}"
            yield Problem(f"{place}.given", message)
        else:
            yield from _shares(scene, place, covariate)


def _shares(scene: Scene, place: str, covariate: Covariate) -> Iterator[Problem]:
    table = covariate.table()
    if covariate.given is not None:
        levels = scene.groups[covariate.given].levels
        if set(table) != set(levels):
            message = f"got {', '.join(table)}, allowed: exactly {', '.join(levels)}"
            yield Problem(f"{place}.shares", message)
    for level, shares in table.items():
        where = f"{place}.shares.{level}" if level else f"{place}.shares"
        bins = len(covariate.edges) - 1
        if len(shares) != bins:
            yield Problem(where, f"got {len(shares)} shares, allowed: {bins}, one a bin")
        elif abs(math.fsum(shares) - 1) > _SUM_TOLERANCE:
            message = f"got a sum of {math.fsum(shares):g}, allowed: a sum of 1"
            yield Problem(where, message)


def measurement_problems(scene: Scene) -> Iterator[Problem]:
    """Find steps of a measurement that contradict each other or have no effect."""
    for name, marker in scene.biomarkers.items():
        place = f"biomarkers.{name}.measurement"
        yield from _bounds(place, marker.measurement)
        yield from _thresholds(place, marker.measurement)
        yield from _curve(place, marker.measurement)
        yield from _undetectable(place, marker.measurement)
        yield from _outliers(place, marker)
        if marker.measurement.detection is not None:
            yield from _detection(f"{place}.detection", marker.measurement.detection)


def _bounds(place: str, measurement: Measurement) -> Iterator[Problem]:
    lower, upper = measurement.lower, measurement.upper
    if lower is not None and upper is not None and lower >= upper:
        message = f"got lower {lower:g} and upper {upper:g}, allowed: lower below upper"
        yield Problem(place, message)
    if measurement.scale == "log" and upper is not None and upper <= 0:
        message = f"got {upper:g}, allowed: above 0, as all values of a log scale are"
        yield Problem(f"{place}.upper", message)
    if measurement.beyond == "truncate" and not measurement.bounded:
        yield Problem(f"{place}.beyond", "got 'truncate', allowed: only with `lower` or `upper`")


def _undetectable(place: str, measurement: Measurement) -> Iterator[Problem]:
    """Find detection limits that no value within the bounds passes."""
    limits = measurement.detection
    if limits is None:
        return
    lowest = max(
        -math.inf if measurement.lower is None else measurement.lower,
        0.0 if measurement.scale == "log" else -math.inf,
    )
    highest = math.inf if measurement.upper is None else measurement.upper
    if highest <= lowest:
        return  # the bounds are at fault, and said to be
    if limits.lower is not None and limits.lower >= highest:
        message = f"got {limits.lower:g}, allowed: below {highest:g}, the highest value there is"
        yield Problem(f"{place}.detection.lower", message)
    if limits.upper is not None and limits.upper <= lowest:
        message = f"got {limits.upper:g}, allowed: above {lowest:g}, the lowest value there is"
        yield Problem(f"{place}.detection.upper", message)


def _thresholds(place: str, measurement: Measurement) -> Iterator[Problem]:
    steps, codes = measurement.thresholds, measurement.codes
    if codes and len(codes) != len(steps) + 1:
        message = f"got {len(codes)} codes and {len(steps)} thresholds, allowed: one code more"
        yield Problem(f"{place}.codes", message)
    if any(a >= b for a, b in pairwise(codes)):
        yield Problem(f"{place}.codes", f"got {_list(codes)}, allowed: ascending numbers")
    if not steps:
        return
    if any(a >= b for a, b in pairwise(steps)):
        yield Problem(f"{place}.thresholds", f"got {_list(steps)}, allowed: ascending numbers")
    yield from _alone(place, measurement, "thresholds", ("lower", "upper", "detection", "decimals"))


def _curve(place: str, measurement: Measurement) -> Iterator[Problem]:
    points = measurement.curve
    if not points:
        return
    yield from _alone(place, measurement, "curve", ("lower", "upper"))
    if measurement.thresholds:
        yield Problem(place, "got both curve and thresholds, allowed: one of them")
    if measurement.scale != "linear":
        yield Problem(
            place, f"got both curve and scale {measurement.scale!r}, allowed: one of them"
        )
    if any(a[0] > b[0] or a[1] > b[1] or a == b for a, b in pairwise(points)):
        text = ", ".join(f"[{a:g}, {b:g}]" for a, b in points[:6]) + (", ..." * (len(points) > 6))
        yield Problem(f"{place}.curve", f"got {text}, allowed: points that rise in both values")
    elif points[0][1] == points[-1][1] or points[0][0] == points[-1][0]:
        yield Problem(
            f"{place}.curve", "is flat or one jump, allowed: two points or more that rise"
        )


def _alone(
    place: str, measurement: Measurement, key: str, others: tuple[str, ...]
) -> Iterator[Problem]:
    for other in others:
        if getattr(measurement, other) is not None:
            message = f"got both {key} and {other}, allowed: one of them"
            yield Problem(place, message)


def _outliers(place: str, marker: Biomarker) -> Iterator[Problem]:
    if marker.measurement.outliers is not None and marker.noise == 0:
        message = "got outliers of a noise of 0, allowed: only where noise is above 0"
        yield Problem(f"{place}.outliers", message)


def _detection(place: str, detection: Detection) -> Iterator[Problem]:
    lower, upper = detection.lower, detection.upper
    if lower is None and upper is None:
        yield Problem(place, "got no limit, allowed: `lower`, `upper` or both")
    if lower is not None and upper is not None and lower >= upper:
        message = f"got lower {lower:g} and upper {upper:g}, allowed: lower below upper"
        yield Problem(place, message)
    if detection.report == "half" and (lower is None or lower <= 0):
        yield Problem(f"{place}.report", "got 'half', allowed: only with a `lower` above 0")


def missing_problems(scene: Scene) -> Iterator[Problem]:
    """Find dangling names in the reasons for missing values."""
    numeric = [*scene.biomarkers, *scene.covariates]
    for name, reason in scene.missing.items():
        place = f"missing.{name}"
        if name == DETECTION_LIMIT:
            yield Problem(place, "got the name of detection limits' reason, allowed: another name")
        for variable in dict.fromkeys(reason.variables):
            if variable not in scene.biomarkers:
                message = f"got {variable!r}; {nearest(variable, scene.biomarkers)}"
                yield Problem(f"{place}.variables", message)
            if reason.variables.count(variable) > 1:
                yield Problem(f"{place}.variables", f"got {variable!r} twice, allowed: once")
        for other, effect in reason.on.items():
            if other in scene.groups:
                yield from _by_level(scene, f"{place}.on.{other}", other, effect)
            elif other not in numeric:
                message = f"got {other!r}; {nearest(other, [*scene.groups, *numeric])}"
                yield Problem(f"{place}.on", message)
            elif isinstance(effect, dict):
                message = "got a table, allowed: a number, the log odds for one SD"
                yield Problem(f"{place}.on.{other}", message)


def _by_level(
    scene: Scene, place: str, group: str, effect: float | dict[str, float]
) -> Iterator[Problem]:
    if not isinstance(effect, dict):
        yield Problem(place, f"got {effect:g}, allowed: a table of log odds by level")
        return
    levels = scene.groups[group].levels
    for level in effect:
        if level not in levels:
            yield Problem(place, f"got {level!r}; {nearest(level, levels)}")


def sampling_problems(scene: Scene) -> Iterator[Problem]:
    """Find a sampling by an unknown group or without a probability for each level."""
    if scene.sampling is None:
        return
    by = scene.sampling.by
    if by not in scene.groups:
        yield Problem("sampling.by", f"got {by!r}; {nearest(by, scene.groups)}")
        return
    levels = scene.groups[by].levels
    if set(scene.sampling.probabilities) != set(levels):
        got = ", ".join(scene.sampling.probabilities)
        message = f"got {got}, allowed: exactly {', '.join(levels)}"
        yield Problem("sampling.probabilities", message)


def _list(values: list[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
