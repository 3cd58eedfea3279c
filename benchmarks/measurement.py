"""The measurement layer's cost: the example scene with every step against the scene without.

python -m benchmarks.measurement [--size N] [--allowed RATIO]
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from benchmarks.generate import seconds
from synthcohort import generate
from synthcohort.scene import Scene, load_scene, to_dict

_LOG = ("Blood_Glucose", "Cholesterol_hdl", "Cholesterol_ldl", "Cholesterol_trig")
_SCORES = ("CESD_score", "PTSD_score", "Cognitive_score")
_TRUNCATED = ("BP_systolic", "BP_diastolic", "Pulse")
_BLOOD = (*_LOG, "Cholesterol_total", "Hemoglobin")


def unmeasured(scene: Scene) -> Scene:
    """Take every measurement away."""
    data = to_dict(scene)
    for marker in data["biomarkers"].values():
        marker["measurement"] = {}
    return load_scene(data)


def fully_measured(scene: Scene) -> Scene:
    """Give every biomarker outliers, and each step of the layer to some of them."""
    data = to_dict(scene)
    data["covariates"] = {"Age": {"edges": [40, 60, 90], "shares": [0.5, 0.5], "decimals": 0}}
    for name, marker in data["biomarkers"].items():
        marker["measurement"] = steps = _steps(name, marker)
        marker["slopes"]["Age"] = 0.01 * marker["noise"]
        if steps.get("scale") == "log":
            _to_log(marker)
    blood = {"variables": list(_BLOOD), "rate": 0.1, "on": {"Age": 0.5, "sex": {"male": 0.3}}}
    tape = {"variables": ["Waist", "Hip"], "rate": 0.05, "on": {"Waist": 0.5}}
    data["missing"] = {"blood": blood, "tape": tape}
    inclusion = {"rural": 0.5, "mixed": 0.3, "urban": 0.1}
    data["sampling"] = {"by": "region", "probabilities": inclusion}
    return load_scene(data)


def _steps(name: str, marker: dict[str, Any]) -> dict[str, Any]:
    steps: dict[str, Any] = {"outliers": {"rate": 0.01, "factor": 5.0}}
    if name in _SCORES:
        middle, sd = marker["baseline"], marker["noise"]
        return steps | {"thresholds": [middle + step * sd / 2 for step in range(-4, 4)]}
    if name in _LOG:
        return steps | {"scale": "log", "detection": {"lower": 0.5}, "decimals": 2}
    heaping = {"to": 5.0, "rate": 0.2}
    beyond = "truncate" if name in _TRUNCATED else "clip"
    lower = marker["baseline"] - 3 * marker["noise"]
    return steps | {"lower": lower, "beyond": beyond, "heaping": heaping, "decimals": 1}


def _to_log(marker: dict[str, Any]) -> None:
    """Divide all effects by the baseline, so that the logarithm varies as much."""
    by = marker["baseline"]
    for term in ("loadings", "slopes"):
        marker[term] = {key: value / by for key, value in marker[term].items()}
    marker["shift"] = {
        group: {level: value / by for level, value in row.items()}
        for group, row in marker["shift"].items()
    }
    marker["noise"] /= by
    marker["baseline"] = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--allowed", type=float, default=3.0)
    options = parser.parse_args()
    scene = load_scene("haalsi_example")
    full, none = fully_measured(scene), unmeasured(scene)
    without = seconds(lambda: generate(none, size=options.size))
    plain = seconds(lambda: generate(scene, size=options.size))
    measured = seconds(lambda: generate(full, size=options.size))
    ratio = measured / plain
    print(f"size {options.size:,}")
    print(f"no measurement          {without:8.2f} s")
    print(f"the example's bounds    {plain:8.2f} s")
    print(f"every step, 16 columns  {measured:8.2f} s; {ratio:.2f} times the example's")
    if ratio > options.allowed:
        sys.exit(f"missed: {ratio:.2f} times is above {options.allowed:g}")


if __name__ == "__main__":
    main()
