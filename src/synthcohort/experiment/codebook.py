"""What every variable of a table is."""

from __future__ import annotations

import pandas as pd

from synthcohort.scene import Scene
from synthcohort.scene.model import WEIGHT


def codebook(scene: Scene, data: pd.DataFrame, synthetic: bool = True) -> pd.DataFrame:
    """Describe every variable: label, unit, type, range, missing values, groups, cut-offs."""
    rows = []
    for name, column in data.items():
        marker = scene.biomarkers.get(str(name))
        part = marker or scene.covariates.get(str(name)) or scene.groups.get(str(name))
        numeric = pd.api.types.is_numeric_dtype(column)
        label = "survey weight" if name == WEIGHT else ""
        rows.append(
            {
                "variable": name,
                "label": part.label if part else label,
                "unit": getattr(part, "unit", ""),
                "type": "number" if numeric else "category",
                "minimum": column.min() if numeric else None,
                "maximum": column.max() if numeric else None,
                "missing": int(column.isna().sum()),
                "levels": "" if numeric else "; ".join(map(str, column.cat.categories)),
                "cutoff_low": _cutoff_text(marker.cutoffs.low) if marker else "",
                "cutoff_high": _cutoff_text(marker.cutoffs.high) if marker else "",
                "synthetic": synthetic,
            }
        )
    return pd.DataFrame(rows)


def _cutoff_text(cutoff: float | dict[str, float] | None) -> str:
    if cutoff is None:
        return ""
    if isinstance(cutoff, dict):
        return "; ".join(f"{level}: {value:g}" for level, value in cutoff.items())
    return f"{cutoff:g}"
