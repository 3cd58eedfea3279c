"""The exact theory of a scene in words and tables."""

from __future__ import annotations

import pandas as pd

from synthcohort.exact_theory.exact_moments import theory
from synthcohort.exact_theory.group_overlap import overlap
from synthcohort.exact_theory.variance_components import variance_shares
from synthcohort.scene import Scene

_CARRIES = 0.1
_NOTHING = 0.01


def expectations(scene: Scene) -> str:
    """Return what to expect of a scene's data, from the model alone.

    Means and SDs after measurement, what each biomarker's variance comes from, which
    biomarkers carry the truth of the run, and how far its groups overlap.
    """
    exact = theory(scene)
    shares = variance_shares(scene)
    columns = [
        ("mean", [f"{value:.4g}" for value in exact.mean]),
        ("SD", [f"{value:.4g}" for value in exact.sd]),
    ]
    columns += [(str(name), [_percent(v) for v in shares[name]]) for name in shares]
    lines = ["Expected (exact, after measurement), and where the variance comes from"]
    lines += _table(list(exact.mean.index), columns)
    truth = scene.experiment.truth
    if truth is not None:
        lines += ["", *_carriers(shares, truth), "", *_overlap(scene, truth)]
    return "\n".join(lines) + "\n"


def _percent(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.0%}"


def _table(names: list[str], columns: list[tuple[str, list[str]]]) -> list[str]:
    left = max(map(len, names))
    widths = [max(len(head), *map(len, cells)) for head, cells in columns]
    heads = [f"{head:>{w}}" for (head, _), w in zip(columns, widths, strict=True)]
    lines = [f"  {'':{left}}  " + "  ".join(heads)]
    for i, name in enumerate(names):
        cells = [f"{cells[i]:>{w}}" for (_, cells), w in zip(columns, widths, strict=True)]
        lines.append(f"  {name:{left}}  " + "  ".join(cells))
    return lines


def _carriers(shares: pd.DataFrame, truth: str) -> list[str]:
    """Name the biomarkers whose mean differs between the groups of the truth, most first."""
    own = shares[truth].sort_values(ascending=False)
    carry = [f"{name} {share:.0%}" for name, share in own.items() if share >= _CARRIES]
    none = [str(name) for name, share in own.items() if abs(share) < _NOTHING]
    lines = [
        f"{truth} is carried by (share of variance, {_CARRIES:.0%} or more): "
        + (", ".join(carry) or "no biomarker's mean")
    ]
    if none:
        lines.append(f"  nothing of it in the means of: {', '.join(none)}")
    return lines


def _overlap(scene: Scene, truth: str) -> list[str]:
    found = overlap(scene, truth)
    matrix = found.matrix.map("{:.4f}".format)
    exact = not found.standard_error.to_numpy().any()
    how = "exact" if exact else f"SE up to {found.standard_error.max().max():.4f}"
    lines = [
        f"Overlap of {truth} on the clustered biomarkers: row taken for column "
        f"(MixSim's definition, {how}); average {found.average:.4f}, largest {found.maximum:.4f}"
    ]
    names = [str(name) for name in matrix.index]
    return lines + _table(names, [(str(c), list(matrix[c])) for c in matrix])
