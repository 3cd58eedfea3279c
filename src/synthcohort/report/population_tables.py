"""Tables of what was generated."""

from __future__ import annotations

import pandas as pd

from synthcohort.report.figures.cutoff_lines import cutoff_values
from synthcohort.results.findings import Findings


def biomarker_table(findings: Findings) -> pd.DataFrame:
    """Tabulate unit, mean, SD, range, missing values and share beyond cut-offs.

    Of a user's table the range is between the 1st and 99th percentile: extremes are
    single persons.
    """
    names, (lowest, highest) = ("minimum", "maximum"), (0.0, 1.0)
    if not findings.synthetic:
        names, (lowest, highest) = ("1st percentile", "99th percentile"), (0.01, 0.99)
    rows = []
    for name, values in findings.biomarkers.items():
        marker = findings.scene.biomarkers[str(name)]
        rows.append(
            {
                "biomarker": name,
                "label": marker.label,
                "unit": marker.unit,
                "mean": values.mean(),
                "SD": values.std(),
                names[0]: values.quantile(lowest),
                names[1]: values.quantile(highest),
                "missing": int(values.isna().sum()),
                "below cut-off (%)": _share(findings, str(name), "low"),
                "above cut-off (%)": _share(findings, str(name), "high"),
            }
        )
    return pd.DataFrame(rows)


def _share(findings: Findings, name: str, side: str) -> float:
    """Percentage of the individuals with a value who are beyond a cut-off; NaN without one."""
    limit, values = cutoff_values(findings, name, side), findings.biomarkers[name]
    beyond = values < limit if side == "low" else values >= limit
    known = values.notna() & limit.notna()
    return float(beyond[known].mean() * 100)


def group_table(findings: Findings) -> pd.DataFrame:
    """Count the individuals in each level of each group."""
    rows = []
    for name, values in findings.truths.items():
        group = findings.scene.groups.get(str(name))
        hidden = group is None or group.hidden
        for level, count in values.value_counts(sort=False).items():
            rows.append(
                {
                    "group": name,
                    "visible": "no, truth only" if hidden else "yes",
                    "level": level,
                    "individuals": int(count),
                    "share (%)": count / len(values) * 100,
                }
            )
    columns = ["group", "visible", "level", "individuals", "share (%)"]
    if not findings.synthetic:
        columns.remove("visible")
    return pd.DataFrame(rows, columns=columns)
