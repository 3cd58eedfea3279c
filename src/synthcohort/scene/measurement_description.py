"""Covariates, measurements, missing values and sampling in words."""

from __future__ import annotations

from synthcohort.scene.instrument import Measurement
from synthcohort.scene.model import Biomarker, Covariate, Missing, Sampling


def covariate_lines(name: str, covariate: Covariate, acts: bool) -> list[str]:
    """Say what a covariate's histogram is."""
    label = f" ({covariate.label})" if covariate.label else ""
    unit = f" {covariate.unit}" if covariate.unit else ""
    edges = covariate.edges
    notes = "" if acts else " [has no effect]"
    rounded = _rounded(covariate.decimals)
    head = f"  {name}{label}{notes}: {edges[0]:g} to {edges[-1]:g}{unit}, "
    head += f"acts as its distance from {covariate.middle:g}{rounded}"
    rows = []
    for parent, shares in covariate.table().items():
        bins = ", ".join(
            f"{left:g}-{right:g} {share:.3g}"
            for left, right, share in zip(edges[:-1], edges[1:], shares, strict=True)
        )
        rows.append(f"    {covariate.given} {parent}: {bins}" if parent else f"    {bins}")
    return [head, *rows]


def slope_terms(slopes: dict[str, float | dict[str, float]], centre: dict[str, str]) -> list[str]:
    """Say what acts through slopes, with the name of what is subtracted."""
    terms = []
    for other, slope in slopes.items():
        of = f"({other} - {centre[other]})"
        if isinstance(slope, dict):
            terms += [f"{value:+g} {of} if {level}" for level, value in slope.items() if value]
        else:
            terms.append(f"{slope:+g} {of}")
    return terms


def measurement_words(marker: Biomarker) -> str:
    """Say what the instrument does, each step after a comma; empty where it does nothing."""
    m = marker.measurement
    unit = f" {marker.unit}" if marker.unit else ""
    steps = []
    if m.outliers is not None:
        steps.append(f"{m.outliers.rate:.3g} of them with noise x {m.outliers.factor:g}")
    if m.scale == "log":
        steps.append("all this the logarithm of the value")
    if m.thresholds:
        codes = m.codes or [0, len(m.thresholds)]
        steps.append(f"a score of {codes[0]:g} to {codes[-1]:g} by thresholds")
    if m.curve:
        ends = f"{m.curve[0][1]:g} to {m.curve[-1][1]:g}{unit}"
        steps.append(f"brought to {ends} by a curve through {len(m.curve)} points")
    steps += _limits(m)
    if m.heaping is not None:
        steps.append(f"{m.heaping.rate:.3g} of them heaped on multiples of {m.heaping.to:g}{unit}")
    return "".join(f", {step}" for step in steps) + _rounded(m.decimals)


def _limits(m: Measurement) -> list[str]:
    steps = [f"at least {m.lower:g}"] if m.lower is not None else []
    steps += [f"at most {m.upper:g}"] if m.upper is not None else []
    if steps and m.beyond == "truncate":
        steps[-1] += " (truncated)"
    if m.detection is not None:
        sides = (("below", m.detection.lower), ("above", m.detection.upper))
        limits = " and ".join(f"{word} {limit:g}" for word, limit in sides if limit is not None)
        reported = {"limit": "as the limit", "half": "as half the limit", "missing": "as missing"}
        steps.append(f"{limits} reported {reported[m.detection.report]}")
    return steps


def _rounded(decimals: int | None) -> str:
    return "" if decimals is None else f", {decimals} decimal{'s' * (decimals != 1)}"


def missing_line(name: str, missing: Missing) -> str:
    """Say what is missing how often, and on what it depends."""
    effects = []
    for other, effect in missing.on.items():
        if isinstance(effect, dict):
            effects += [f"{value:+g} if {level}" for level, value in effect.items() if value]
        else:
            effects.append(f"{effect:+g} for one SD of {other}")
    own = set(missing.on) & set(missing.variables)
    kind = "MNAR" if own else "MAR" if missing.on else "MCAR"
    depends = f"; log odds {', '.join(effects)}" if effects else ""
    what = ", ".join(missing.variables)
    return f"  {name}: {what} in {missing.rate:.3g} of individuals ({kind}{depends})"


def sampling_line(sampling: Sampling) -> str:
    """Say how the sample differs from the population."""
    shares = ", ".join(f"{level} {p:g}" for level, p in sampling.probabilities.items())
    return f"  inclusion by {sampling.by}: {shares}; the survey weight undoes it"
