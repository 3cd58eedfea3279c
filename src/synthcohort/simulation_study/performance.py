"""Performance of each method in each scenario, and paired differences between methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from synthcohort.simulation_study.monte_carlo import (
    Estimate,
    differs,
    mean_of,
    repetitions_needed,
    share_of,
)

Array = np.ndarray


@dataclass(frozen=True)
class Measure:
    """One performance measure.

    Parameters
    ----------
    title : str
        What a reader calls it.
    meaning : str
        In a sentence.
    of : callable
        From rows of the results to a value a row; NaN where it does not apply.
    share : bool
        Whether each value is yes or no.
    """

    title: str
    meaning: str
    of: Callable[[pd.DataFrame], pd.Series]
    share: bool = False

    def estimate(self, values: Array) -> Estimate:
        """Estimate it from one value a repetition."""
        return share_of(values) if self.share else mean_of(values)


def _where(condition: pd.Series, applies: pd.Series) -> pd.Series:
    return condition.astype(float).where(applies)


def _something(rows: pd.DataFrame) -> pd.Series:
    return (rows["n_truth"] > 1) & rows["n_clusters"].notna()


MEASURES: dict[str, Measure] = {
    "ari": Measure("ARI", "adjusted Rand index with the truth", lambda r: r["ari"]),
    "recovered": Measure(
        "recovered",
        "share of draws whose ARI reaches that from which the study counts",
        lambda r: _where(r["ari"] >= r["found_at"], _something(r)),
        share=True,
    ),
    "bias_n_clusters": Measure(
        "bias of the number",
        "clusters that are found less those that are there",
        lambda r: r["n_clusters"] - r["n_truth"],
    ),
    "exact_number": Measure(
        "exact number",
        "share of draws with as many clusters as there are",
        lambda r: _where(r["n_clusters"] == r["n_truth"], r["n_clusters"].notna()),
        share=True,
    ),
    "says_clusters": Measure(
        "says clusters",
        "share of draws with something to find in which it says that there are clusters",
        lambda r: _where(r["n_clusters"] > 1, _something(r)),
        share=True,
    ),
    "false_discovery": Measure(
        "false discovery",
        "share of draws with nothing to find in which it says that there are clusters",
        lambda r: _where(r["n_clusters"] > 1, (r["n_truth"] == 1) & r["n_clusters"].notna()),
        share=True,
    ),
    "regret_grid": Measure(
        "regret against its grid",
        "best ARI of the partitions that it chose from, less that of the one it chose",
        lambda r: (r["best"] - r["ari"]).where(r["consensus"]),
    ),
    "regret_ceiling": Measure(
        "regret against the ceiling",
        "ARI of the scene's own oracle on the same people, less its own",
        lambda r: r["ceiling"] - r["ari"],
    ),
}
"""Measures by the name that tables have."""


def summary_table(results: pd.DataFrame, varied: Sequence[str]) -> pd.DataFrame:
    """Estimate every measure of every method in every scenario.

    Parameters
    ----------
    results : DataFrame
        One row for each scenario, repetition and method.
    varied : sequence of str
        Its columns that tell scenarios of a scene apart.

    Returns
    -------
    DataFrame
        scene, the varied columns, method, measure, failed, and the fields of `Estimate`.
    """
    place = ["scene", *varied]
    found = []
    for names, rows in results.groupby([*place, "method"], sort=False, dropna=False):
        failed = int((rows["error"] != "").sum())
        for measure, one in MEASURES.items():
            estimate = one.estimate(one.of(rows).to_numpy(dtype=float))
            if estimate.repetitions:
                own = dict(zip([*place, "method"], names, strict=True))
                found.append(own | {"measure": measure, "failed": failed} | asdict(estimate))
    return pd.DataFrame(found)


def differences_table(results: pd.DataFrame, varied: Sequence[str]) -> pd.DataFrame:
    """Compare methods in pairs on the same people.

    Parameters
    ----------
    results, varied
        As of `summary_table`.

    Returns
    -------
    DataFrame
        scene, the varied columns, measure, method, other, repetitions (that both finished),
        difference (method less other), mcse, low, high, differs (whether the interval leaves
        out 0), needed (repetitions that would tell a difference of this size from 0).
    """
    place = ["scene", *varied]
    found = []
    for names, rows in results.groupby(place, sort=False, dropna=False):
        own = dict(zip(place, names, strict=True))
        for measure, one in MEASURES.items():
            values = rows.assign(value=one.of(rows).astype(float))
            by_method = values.pivot(index="repetition", columns="method", values="value")
            for method, other in combinations(dict.fromkeys(rows["method"]), 2):
                pairs = (by_method[method] - by_method[other]).dropna().to_numpy()
                if len(pairs):
                    pair = {"measure": measure, "method": method, "other": other}
                    found.append(own | pair | _difference(mean_of(pairs)))
    return pd.DataFrame(found, columns=None if found else _columns(place))


def _difference(estimate: Estimate) -> dict[str, object]:
    return {
        "repetitions": estimate.repetitions,
        "difference": estimate.value,
        "mcse": estimate.mcse,
        "low": estimate.low,
        "high": estimate.high,
        "differs": differs(estimate),
        "needed": repetitions_needed(estimate),
    }


def _columns(place: Sequence[str]) -> list[str]:
    names = ["repetitions", "difference", "mcse", "low", "high", "differs", "needed"]
    return [*place, "measure", "method", "other", *names]
