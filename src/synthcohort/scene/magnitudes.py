"""How large a biomarker's values may get: beyond that nothing can be computed from them."""

from __future__ import annotations

from collections.abc import Iterator

from synthcohort.scene.model import Biomarker, Factor, Scene
from synthcohort.scene.parts import LARGEST, NumberOrByLevel
from synthcohort.scene.problems import Problem

_SDS = 10.0
"""What is within so many SDs: nobody is beyond, in a population of any size."""
_LARGEST_LOG = 200.0
"""Its exponential and the square of that are numbers, with room for an outlier."""


def magnitude_problems(scene: Scene) -> Iterator[Problem]:
    """Name biomarkers whose values, or on a log scale their exponentials, are out of range."""
    factors = {name: _of_factor(scene, factor) for name, factor in scene.factors.items()}
    known: dict[str, float] = {}
    for name, marker in scene.biomarkers.items():
        reach = abs(marker.baseline) + _away(scene, name, factors, known, ())
        log = marker.measurement.scale == "log"
        most = _LARGEST_LOG if log else LARGEST
        if not reach <= most:
            scale = "the logarithms of its values" if log else "its values"
            message = f"{scale} may reach {reach:.3g} with {_SDS:g} SDs, allowed: {most:g}"
            yield Problem(f"biomarkers.{name}", message)


def _of_factor(scene: Scene, factor: Factor) -> float:
    shifts = sum(_largest(shift) for shift in factor.mean.values())
    slopes = sum(_largest(s) * _of_covariate(scene, n) for n, s in factor.slopes.items())
    return shifts + slopes + _SDS * factor.sd * _spread(factor)


def _of_covariate(scene: Scene, name: str) -> float:
    covariate = scene.covariates.get(name)
    if covariate is None:
        return 0.0
    return max(abs(edge - covariate.middle) for edge in covariate.edges)


def _away(
    scene: Scene,
    name: str,
    factors: dict[str, float],
    known: dict[str, float],
    within: tuple[str, ...],
) -> float:
    """How far a biomarker's linear value may be from its baseline."""
    if name in known or name in within or name not in scene.biomarkers:
        return known.get(name, 0.0)  # circles and unknown names are other rules'
    marker = scene.biomarkers[name]
    away = sum(_largest(shift) for shift in marker.shift.values())
    away += sum(abs(loading) * factors.get(n, 0.0) for n, loading in marker.loadings.items())
    for other, slope in marker.slopes.items():
        reach = _of_covariate(scene, other) or _away(scene, other, factors, known, (*within, name))
        away += _largest(slope) * reach
    known[name] = away + _SDS * marker.noise * _spread(marker)
    return known[name]


def _spread(part: Factor | Biomarker) -> float:
    product = 1.0
    for spread in part.spread.values():
        product *= max([1.0, *spread.values()])
    return product


def _largest(given: NumberOrByLevel) -> float:
    numbers = given.values() if isinstance(given, dict) else [given]
    return max((abs(number) for number in numbers), default=0.0)
