"""Real tables, calibrated and generated again: distributions, shares, ends and correlations.

python -m verification.calibrate_tables [--tables NAME ...] [--size N]

pbc comes with R's package survival (Debian: r-cran-survival), nhefs with the Python package
causaldata, the others with scikit-learn. Nothing of them is kept. Calibration was built on
wine, breast_cancer and simulated shapes, not on pbc, nhefs and diabetes. Exit 1 if a limit is
missed: no value beyond the table's 0.1 to 99.9 percentile by more than a tenth of it, a
Kolmogorov-Smirnov distance and errors of rank correlations of at most 0.05, and shares of all
values that 20 people have within 3 standard errors of the table's.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets

import synthcohort as sc
from synthcohort.calibration.fit_check import WORST_CORRELATION, WORST_KS, beyond

_SEED = 1
_SHARED = 20
_ERRORS = 3.0


def pbc() -> pd.DataFrame:
    words = ["Rscript", "-e", "write.csv(survival::pbc, row.names = FALSE)"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return pd.read_csv(io.StringIO(done.stdout))


def nhefs() -> pd.DataFrame:
    package = find_spec("causaldata")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("causaldata")
    return pd.read_stata(Path(package.origin).parent / "nhefs" / "nhefs.dta")


def bundled(name: str) -> pd.DataFrame:
    scaled = {"scaled": False} if name == "diabetes" else {}
    return getattr(datasets, f"load_{name}")(as_frame=True, **scaled).frame


TABLES: dict[str, tuple[Callable[[], pd.DataFrame], str]] = {
    "pbc": (pbc, "sex"),
    "nhefs": (nhefs, "sex"),
    "diabetes": (partial(bundled, "diabetes"), "sex"),
    "wine": (partial(bundled, "wine"), "target"),
    "breast_cancer": (partial(bundled, "breast_cancer"), "target"),
}
REPORTED = ("pbc", "nhefs", "diabetes")


def figures(table: pd.DataFrame, group: str, size: int) -> tuple[pd.DataFrame, list[str]]:
    """Return a row a column, and the warnings."""
    made, _ = sc.calibrate(table, [group])
    X = sc.generate(made.scene, size=size, seed=_SEED).X
    names = list(X)
    error = (X.corr("spearman") - table[names].corr("spearman")).abs().to_numpy(copy=True)
    np.fill_diagonal(error, np.nan)
    rows = []
    for i, name in enumerate(names):
        own, new = (frame[name].dropna().to_numpy(dtype=float) for frame in (table, X))
        rows.append(
            {
                "column": name,
                "n": len(own),
                "ks": distance(own, new),
                "beyond": round(beyond(own, new) * len(new)),
                "shares": shares_off(own, new),
                "spearman": np.nanmax(error[i]) if len(names) > 1 else 0.0,
                "missing": abs(X[name].isna().mean() - table[name].isna().mean()),
            }
        )
    return pd.DataFrame(rows), made.warnings


def distance(own: np.ndarray, new: np.ndarray) -> float:
    at = np.union1d(own, new)
    below = [np.searchsorted(np.sort(v), at, side="right") / len(v) for v in (own, new)]
    return float(np.abs(below[0] - below[1]).max())


def shares_off(own: np.ndarray, new: np.ndarray) -> float:
    """Worst error of the share of a value, in the table's standard errors."""
    values, counts = np.unique(own, return_counts=True)
    shares = {v: c / len(own) for v, c in zip(values, counts, strict=True) if c >= _SHARED}
    return max(
        (abs((new == v).mean() - p) / np.sqrt(p * (1 - p) / len(own)) for v, p in shares.items()),
        default=0.0,
    )


def missed(found: pd.DataFrame) -> pd.Series:
    return (
        (found["ks"] > WORST_KS)
        | (found["beyond"] > 0)
        | (found["shares"] > _ERRORS)
        | (found["spearman"] > WORST_CORRELATION)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", nargs="+", choices=list(TABLES), default=list(REPORTED))
    parser.add_argument("--size", type=int, default=20_000)
    chosen = parser.parse_args()
    failed = 0
    for name in chosen.tables:
        load, group = TABLES[name]
        try:
            table = load()
        except (OSError, ImportError, subprocess.CalledProcessError) as error:
            print(f"{name}: not there ({error}), see the head of this file")
            failed += 1
            continue
        found, warnings = figures(table, group, chosen.size)
        bad = missed(found)
        print(f"\n{name}: {len(table):,} people, {len(found)} columns, {bad.sum()} missed")
        print(found.assign(limit=np.where(bad, "missed", "met")).round(3).to_string(index=False))
        print(*(f"Warning: {w}" for w in warnings), sep="\n")
        failed += int(bad.sum())
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
