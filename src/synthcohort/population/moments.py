"""What the measurements of a scene have to do with its moments."""

from __future__ import annotations

from synthcohort.scene import Scene
from synthcohort.scene.measurement import Measurement

Bounds = tuple[float | None, float | None]


def measurement_bounds(scene: Scene) -> list[Bounds]:
    """Lower and upper bound of each biomarker, None where there is none."""
    for name, marker in scene.biomarkers.items():
        known = Measurement(lower=marker.measurement.lower, upper=marker.measurement.upper)
        if marker.measurement != known:
            raise ValueError(f"{name}: no exact theory of its measurement but of clipping bounds")
    return [(m.measurement.lower, m.measurement.upper) for m in scene.biomarkers.values()]
