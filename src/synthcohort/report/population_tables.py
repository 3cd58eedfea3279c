"""Tables of what was generated."""

from __future__ import annotations

import pandas as pd

from synthcohort.report import weighted
from synthcohort.report.figures.cutoff_lines import cutoff_values
from synthcohort.report.small_cells import fewest, named_levels
from synthcohort.results.findings import Findings


def biomarker_table(findings: Findings) -> pd.DataFrame:
    """Tabulate unit, mean, SD, range, missing values and share beyond cut-offs.

    All but the missing values are weighted where there are survey weights.
    Of a user's table the range is between the 1st and 99th percentile: extremes are
    single persons.
    """
    names, (lowest, highest) = ("minimum", "maximum"), (0.0, 1.0)
    if not findings.synthetic:
        names, (lowest, highest) = ("1st percentile", "99th percentile"), (0.01, 0.99)
    rows = []
    weight = weighted.weight_of(findings.people.weight, findings.people.biomarkers.index)
    for name, values in findings.people.biomarkers.items():
        marker = findings.scene.biomarkers[str(name)]
        rows.append(
            {
                "biomarker": name,
                "label": marker.label,
                "unit": marker.unit,
                "mean": weighted.mean(values, weight),
                "SD": values.std() if weight is None else weighted.sd(values, weight),
                names[0]: weighted.quantile(values, weight, lowest),
                names[1]: weighted.quantile(values, weight, highest),
                "missing": int(values.isna().sum()),
                "below cut-off (%)": _share(findings, str(name), "low"),
                "above cut-off (%)": _share(findings, str(name), "high"),
            }
        )
    return pd.DataFrame(rows)


def _share(findings: Findings, name: str, side: str) -> float:
    """Percentage of the individuals with a value who are beyond a cut-off; NaN without one."""
    limit, values = cutoff_values(findings, name, side), findings.people.biomarkers[name]
    beyond = values < limit if side == "low" else values >= limit
    known = values.notna() & limit.notna()
    own = weighted.within(findings.people.weight, values.index[known])
    return weighted.mean(beyond[known].astype(float), own) * 100


def group_table(findings: Findings) -> pd.DataFrame:
    """Count the individuals in each level of each group; shares by their survey weights.

    Levels that fewer than 5 people of a user's table have are counted, but not named.
    """
    rows = []
    for name, values in findings.people.truths.items():
        group = findings.scene.groups.get(str(name))
        hidden = group is None or group.hidden
        weight = weighted.weight_of(findings.people.weight, values.index)
        known = {"group": name, "visible": "no, truth only" if hidden else "yes"}
        counts, unnamed = named_levels(values, fewest(findings))
        for level, count in counts.items():
            members = values.index[values == level]
            size = weighted.size(values[members], weighted.within(weight, members))
            share = size / len(values) * 100
            rows.append(known | {"level": level, "individuals": count, "share (%)": share})
        rows += [known | {"level": unnamed}] * bool(unnamed)
    columns = ["group", "visible", "level", "individuals", "share (%)"]
    if not findings.synthetic:
        columns.remove("visible")
    return pd.DataFrame(rows, columns=columns)
