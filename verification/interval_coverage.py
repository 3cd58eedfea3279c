"""How often the 95 % intervals of small studies cover what they estimate.

python -m verification.interval_coverage [--studies N] [--repetitions N] [--out FOLDER]

One long study is cut into small ones of other draws; what they estimate is the mean of all draws,
whose own error is a fourteenth of theirs. Two scenes, three methods. Exit 1 if an interval covers
in less than 92 or more than 98 % of the studies (their own standard error is 1.5 %). Measures
that never vary are left out: they have no interval.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
import pandas as pd

import synthcohort as sc
from synthcohort.simulation_study.monte_carlo import mean_of
from synthcohort.simulation_study.performance import MEASURES

_ALLOWED = (0.92, 0.98)
_PIPELINE = {
    "preprocessings": ["zscore"],
    "whiten": [False],
    "base": {"kmeans": [4]},
    "resolutions": [0.8],
    "bootstraps": 5,
}
_STUDY = {
    "name": "coverage",
    "scenes": {
        "profiles": {"scene": "planted_profiles", "set": {"size": 120}},
        "unequal": {"scene": "trap_unequal_sizes", "set": {"size": 120}},
    },
    "methods": {
        "ward": {"rival": "ward"},
        "hdbscan": {"rival": "hdbscan"},
        "pipeline": {"experiment": _PIPELINE, "pick": "modularity"},
    },
}


def coverage(results: pd.DataFrame, repetitions: int) -> pd.DataFrame:
    """Share of small studies whose interval has the mean of all, by scene, method, measure."""
    rows = []
    for (scene, method), group in results.groupby(["scene", "method"]):
        for name, measure in MEASURES.items():
            values = measure.of(group).to_numpy(dtype=float)
            rows.append((scene, method, name, *_covered(values, repetitions, measure.estimate)))
    wide = results.pivot(index=["scene", "repetition"], columns="method", values="ari")
    for one, other in (("pipeline", "ward"), ("pipeline", "hdbscan")):
        for scene, difference in (wide[one] - wide[other]).groupby("scene"):
            values = difference.to_numpy()
            rows.append((scene, f"{one} - {other}", "ari", *_covered(values, repetitions, mean_of)))
    columns = ["scene", "method", "measure", "mean", "studies", "covered"]
    return pd.DataFrame(rows, columns=columns).dropna()


def _covered(values: np.ndarray, repetitions: int, estimate) -> tuple[float, int, float]:
    """Mean of all, how many small studies have an interval, and the share that covers it."""
    if np.isnan(values).all():
        return np.nan, 0, np.nan
    truth = float(np.nanmean(values))
    found = [estimate(part) for part in values.reshape(-1, repetitions)]
    told = [e.low <= truth <= e.high for e in found if not np.isnan(e.low)]
    never_varies = np.nanstd(values) == 0
    return truth, len(told), np.nan if never_varies or not told else float(np.mean(told))


def main() -> int:
    """Print the table; 1 if an interval covers too seldom or too often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--out", default="runs")
    parser.add_argument("--workers", type=int, default=None)
    asked = parser.parse_args()
    count = asked.studies * asked.repetitions
    done = sc.study(_STUDY, asked.out, repetitions=count, seed=11, workers=asked.workers)
    found = coverage(done.results, asked.repetitions)
    found["within"] = found["covered"].between(*_ALLOWED)
    print(found.to_string(index=False, float_format="%.3f"))
    return int(not found["within"].all())


if __name__ == "__main__":
    sys.exit(main())
