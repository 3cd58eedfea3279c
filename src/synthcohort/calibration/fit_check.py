"""How far a calibrated scene's population is from the table that it was made from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from synthcohort.population.generation import generate
from synthcohort.scene import Scene

_SIZE = 20_000


def misfit(frame: pd.DataFrame, scene: Scene, biomarkers: Sequence[str]) -> pd.DataFrame:
    """Compare each biomarker's distribution and correlations in the table and as generated.

    Parameters
    ----------
    frame : DataFrame
        The table.
    scene : Scene
        Calibrated to it.
    biomarkers : sequence of str

    Returns
    -------
    DataFrame
        By biomarker: ``mean``, ``generated mean``, ``sd``, ``generated sd``, ``ks`` (largest
        distance of the two distribution functions, 0 to 1), ``correlation error`` (root mean
        square difference of its correlations with the others).
    """
    made = generate(scene, size=_SIZE).X
    names = list(biomarkers)
    difference = made[names].corr().to_numpy() - frame[names].corr().to_numpy()
    np.fill_diagonal(difference, np.nan)
    rows = []
    for i, name in enumerate(names):
        own = frame[name].dropna().to_numpy(dtype=float)
        other = made[name].dropna().to_numpy(dtype=float)
        error = np.sqrt(np.nanmean(difference[i] ** 2)) if len(names) > 1 else np.nan
        rows.append(
            {
                "biomarker": name,
                "mean": own.mean(),
                "generated mean": other.mean(),
                "sd": own.std(),
                "generated sd": other.std(),
                "ks": float(stats.ks_2samp(own, other).statistic),
                "correlation error": float(error),
            }
        )
    return pd.DataFrame(rows)
