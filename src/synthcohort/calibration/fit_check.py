"""How far a calibrated scene's population is from the table that it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from synthcohort.calibration.rank_correlations import spearman
from synthcohort.calibration.recorded_values import RecordedValues
from synthcohort.population.generation import generate
from synthcohort.scene import Scene

Array = np.ndarray

WORST_KS = 0.05
"""Distance of the distributions that is still like the table."""
WORST_CORRELATION = 0.05
"""Error of a rank correlation that is still like the table."""
_SIZE = 20_000
_REACH = 0.1


def misfit(
    frame: pd.DataFrame,
    scene: Scene,
    biomarkers: Sequence[str],
    weight: Array | None = None,
) -> pd.DataFrame:
    """Compare each biomarker's distribution and correlations in the table and as generated.

    Parameters
    ----------
    frame : DataFrame
        The table.
    scene : Scene
        Calibrated to it.
    biomarkers : sequence of str
    weight : ndarray, shape (n,), optional
        Survey weights.

    Returns
    -------
    DataFrame
        By biomarker: ``mean``, ``generated mean``, ``sd``, ``generated sd``, ``ks`` (largest
        distance of the two distribution functions, 0 to 1), ``beyond`` (share of generated
        values beyond the table's 0.1 or 99.9 percentile by more than a tenth of what is between),
        ``correlation error`` (largest difference of its rank correlations with the others, and
        ``with`` which).
    """
    made = generate(scene, size=_SIZE).X
    names = list(biomarkers)
    own = frame[names].to_numpy(dtype=float)
    weight = np.ones(len(frame)) if weight is None else weight
    difference = np.abs(spearman(made[names].to_numpy(), np.ones(_SIZE)) - spearman(own, weight))
    np.fill_diagonal(difference, np.nan)
    rows = []
    for name, values, error in zip(names, own.T, difference, strict=True):
        there = ~np.isnan(values)
        table = RecordedValues(values[there], weight[there])
        found = made[name].dropna().to_numpy()
        worst = int(np.nanargmax(error)) if not np.isnan(error).all() else None
        rows.append(
            {
                "biomarker": name,
                "mean": table.mean,
                "generated mean": found.mean(),
                "sd": table.sd,
                "generated sd": found.std(),
                "ks": distance(table, found),
                "beyond": beyond(table.values, found),
                "correlation error": np.nan if worst is None else error[worst],
                "with": "" if worst is None else names[worst],
            }
        )
    return pd.DataFrame(rows)


def distance(table: RecordedValues, found: Array) -> float:
    """Largest distance between the distribution functions of a table and of other values."""
    found = np.sort(found)
    at = np.union1d(table.levels, found)
    own = table.up_to[np.searchsorted(table.levels, at, side="right")]
    return float(np.abs(own - np.searchsorted(found, at, side="right") / len(found)).max())


def beyond(values: Array, found: Array) -> float:
    """Share beyond the 0.1 or 99.9 percentile by more than a tenth of what is between."""
    low, high = np.quantile(values, [0.001, 0.999])
    reach = _REACH * (high - low)
    return float(((found < low - reach) | (found > high + reach)).mean())


def misfit_warnings(found: pd.DataFrame) -> Iterator[str]:
    """Say what is beyond the limits, and what to do.

    Parameters
    ----------
    found : DataFrame
        Of `misfit`.
    """
    for name, ks in found.loc[found["ks"] > WORST_KS, ["biomarker", "ks"]].itertuples(index=False):
        yield (
            f"{name}: the distributions differ by {ks:.2f} (limit {WORST_KS:g}). Lower --minimum "
            "if the table is small, give the column that makes groups of it with --group, or "
            "leave it out"
        )
    for name, share in found.loc[found["beyond"] > 0, ["biomarker", "beyond"]].itertuples(
        index=False
    ):
        yield (
            f"{name}: {100 * share:.2f} % of the generated values are far beyond the table's. Set "
            "`lower` and `upper` of its measurement in the scene"
        )
    far = found.loc[found["correlation error"] > WORST_CORRELATION]
    for name, error, other in far[["biomarker", "correlation error", "with"]].itertuples(
        index=False
    ):
        yield (
            f"{name}: its rank correlation with {other} is off by {error:.2f} (limit "
            f"{WORST_CORRELATION:g}). Raise --factors, give the column that makes groups with "
            "--group, or leave one of the two out"
        )
