"""The clinical cut-off that applies to each individual."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthcohort.results.findings import Findings


def cutoff_values(findings: Findings, name: str, side: str) -> pd.Series:
    """Cut-off of a biomarker for each individual, by group where it is; NaN without one.

    Parameters
    ----------
    findings : Findings
    name : str
        A biomarker.
    side : {"low", "high"}

    Returns
    -------
    Series of float, shape (N,)
    """
    cutoff = getattr(findings.scene.biomarkers[name].cutoffs, side)
    if isinstance(cutoff, dict):
        group = findings.scene.group_of_levels(set(cutoff))
        return findings.people.metadata[group].map(cutoff).astype(float)
    value = np.nan if cutoff is None else cutoff
    return pd.Series(value, index=findings.people.biomarkers.index, dtype=float)
