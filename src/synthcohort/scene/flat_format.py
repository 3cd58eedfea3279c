"""The flat ``SCENE`` dicts that people already have, translated into the scene model.

The format fixes which terms exist; their values come from the catalogue's
`haalsi_example`, so no parameter stands here.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from synthcohort.scene import catalogue
from synthcohort.scene.defaults import plain
from synthcohort.scene.problems import Problem, SceneError, nearest

KEYS = (
    "name",
    "seed",
    "N",
    "regions",
    "region_probs",
    "sexes",
    "sex_probs",
    "X_mu",
    "Y_mu",
    "X_sd",
    "Y_sd",
    "params",
)
PREFIXES = {
    "height": "Height",
    "weight": "Weight",
    "waist": "Waist",
    "hip": "Hip",
    "bps": "BP_systolic",
    "bpd": "BP_diastolic",
    "pulse": "Pulse",
    "hb": "Hemoglobin",
    "cesd": "CESD_score",
    "ptsd": "PTSD_score",
    "cog": "Cognitive_score",
    "glu": "Blood_Glucose",
    "chol_total": "Cholesterol_total",
    "chol_hdl": "Cholesterol_hdl",
    "chol_ldl": "Cholesterol_ldl",
    "chol_trig": "Cholesterol_trig",
}
_TERMS: dict[str, tuple[str, ...]] = {
    "base": ("baseline",),
    "X_coef": ("loadings", "X"),
    "Y_coef": ("loadings", "Y"),
    "height_coef": ("slopes", "Height"),
    "rural_shift": ("shift", "region", "rural"),
    "urban_shift": ("shift", "region", "urban"),
    "male_shift": ("shift", "sex", "male"),
    "female_shift": ("shift", "sex", "female"),
    "noise": ("noise",),
}


def is_flat(data: Mapping[str, Any]) -> bool:
    """Tell a flat scene from one in the project's own form."""
    return "biomarkers" not in data and any(key in data for key in KEYS[2:])


def from_flat(data: Mapping[str, Any], stem: str, source: str) -> tuple[dict[str, Any], list[str]]:
    """Translate a flat scene.

    Parameters
    ----------
    data : mapping
        The ``SCENE`` dict.
    stem : str
        The name of a scene that has none.
    source : str
        Named in errors.

    Returns
    -------
    scene : dict
        In the project's own form, still to be resolved.
    remarks : list of str
        Sentences on what was ignored.

    Raises
    ------
    SceneError
        If keys are missing or have values of the wrong kind.
    """
    data = plain(data)
    problems = list(_problems(data))
    if problems:
        raise SceneError(source, problems)
    scene = tomllib.loads(catalogue.text("haalsi_example"))
    scene |= {"name": data.get("name") or stem, "size": data["N"], "seed": data["seed"]}
    scene["description"] = "Translated from a flat SCENE dict."
    scene["groups"]["region"]["probabilities"] = _normalised(data, "regions", "region_probs")
    scene["groups"]["sex"]["probabilities"] = _normalised(data, "sexes", "sex_probs")
    for name in ("X", "Y"):
        means = {region: data[f"{name}_mu"][region] for region in data["regions"]}
        scene["factors"][name] |= {"sd": data[f"{name}_sd"], "mean": {"region": means}}
    known = _known_params(scene)
    for key, value in data.get("params", {}).items():
        if key in known:
            _put(scene, known[key], value)
    remarks = _unknown(data, known) + _keep_levels(scene)
    return scene, remarks


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    for key in KEYS[1:-1]:
        if key not in data:
            yield Problem(key, "is missing")
    for key in ("N", "seed"):
        if key in data and (not isinstance(data[key], int) or data[key] < (key == "N")):
            yield Problem(key, f"got {data[key]!r}, allowed: a whole number from {int(key == 'N')}")
    for names, weights in (("regions", "region_probs"), ("sexes", "sex_probs")):
        if names in data and weights in data:
            yield from _level_problems(names, data[names], weights, data[weights])
    for key in ("X_mu", "Y_mu"):
        yield from _mean_problems(key, data.get(key, {}), data.get("regions"))
    for key in ("X_sd", "Y_sd"):
        yield from _number_problem(key, data.get(key, 0), lowest=0)
    params = data.get("params", {})
    if not isinstance(params, dict):
        yield Problem("params", f"got {params!r}, allowed: a dict")
        return
    for key, value in params.items():
        lowest = 0 if str(key).endswith("_noise") else -math.inf
        yield from _number_problem(f"params.{key}", value, lowest)


def _level_problems(names: str, levels: Any, weights: str, values: Any) -> Iterator[Problem]:
    if not isinstance(levels, list) or not all(isinstance(v, str) for v in levels) or not levels:
        yield Problem(names, f"got {levels!r}, allowed: a list of names")
        return
    if len(set(levels)) < len(levels):
        yield Problem(names, f"got {levels!r}, allowed: each name once")
    if not isinstance(values, list) or len(values) != len(levels):
        yield Problem(weights, f"got {values!r}, allowed: {len(levels)} numbers, one a name")
        return
    faults = [p for i, v in enumerate(values) for p in _number_problem(f"{weights}.{i}", v, 0)]
    yield from faults
    if not faults and not sum(values) > 0:
        yield Problem(weights, f"got {values!r}, allowed: at least one above 0")


def _mean_problems(key: str, means: Any, regions: Any) -> Iterator[Problem]:
    if not isinstance(means, dict):
        yield Problem(key, f"got {means!r}, allowed: a dict of region to number")
        return
    for region in regions if isinstance(regions, list) and means else []:
        if region not in means:
            yield Problem(key, f"has no value for {region!r}, allowed: one for each region")
    for region, value in means.items():
        yield from _number_problem(f"{key}.{region}", value, -math.inf)


def _number_problem(place: str, value: Any, lowest: float) -> Iterator[Problem]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value < lowest:
        allowed = "a finite number" if lowest == -math.inf else f"a finite number from {lowest:g}"
        yield Problem(place, f"got {value!r}, allowed: {allowed}")


def _normalised(data: Mapping[str, Any], names: str, weights: str) -> dict[str, float]:
    total = math.fsum(data[weights])
    return {n: w / total for n, w in zip(data[names], data[weights], strict=True)}


def _known_params(scene: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Param keys and where they lead: the terms that each biomarker has."""
    known = {}
    for prefix, name in PREFIXES.items():
        for term, path in _TERMS.items():
            branch: Any = scene["biomarkers"][name]
            for key in path:
                branch = branch.get(key) if isinstance(branch, dict) else None
            if branch is not None:
                known[f"{prefix}_{term}"] = ("biomarkers", name, *path)
    return known


def _put(scene: dict[str, Any], path: tuple[str, ...], value: float) -> None:
    branch = scene
    for key in path[:-1]:
        branch = branch[key]
    branch[path[-1]] = value


def _unknown(data: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    remarks = [f"{k}: unknown key, ignored; {nearest(k, KEYS)}" for k in data if k not in KEYS]
    remarks += [
        f"params.{key}: unknown key, ignored; {nearest(key, known)}"
        for key in data.get("params", {})
        if key not in known
    ]
    return remarks + [
        f"{key}.{region}: no such region, ignored; {nearest(region, data['regions'])}"
        for key in ("X_mu", "Y_mu")
        for region in data[key]
        if region not in data["regions"]
    ]


def _keep_levels(scene: dict[str, Any]) -> list[str]:
    """Leave out shifts and cut-offs of regions and sexes that the scene does not have."""
    sexes = scene["groups"]["sex"]["probabilities"]
    dropped = []
    for name, marker in scene["biomarkers"].items():
        for group, by_level in marker.get("shift", {}).items():
            levels = scene["groups"][group]["probabilities"]
            marker["shift"][group] = {k: v for k, v in by_level.items() if k in levels}
        cutoffs = marker.get("cutoffs", {})
        for side in [s for s, value in cutoffs.items() if isinstance(value, dict)]:
            if set(sexes) <= set(cutoffs[side]):
                cutoffs[side] = {sex: cutoffs[side][sex] for sex in sexes}
            else:
                del cutoffs[side]
                dropped.append(f"{name} ({side})")
    if not dropped:
        return []
    which = ", ".join(dropped)
    return [f"sexes: cut-offs by sex know female and male only; left out for {which}"]
