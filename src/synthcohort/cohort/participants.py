"""Which individuals and values of a cohort are clustered: missing values left out or imputed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.clustering.preprocessing.imputation import imputed
from synthcohort.cohort.cohort import Cohort
from synthcohort.scene import Problem, Scene, SceneError

Array = np.ndarray


@dataclass(frozen=True)
class Clustered:
    """The individuals of a cohort that are clustered.

    Parameters
    ----------
    rows : ndarray of bool, shape (N,)
        Who is clustered.
    measured : DataFrame, shape (n, p)
        Their biomarkers, NaN where a value is missing.
    X : DataFrame, shape (n, p)
        The same with missing values drawn once, for what is not done in every replicate.
    groups : DataFrame, shape (n, n_groups)
    weight : ndarray, shape (n,), optional
        Survey weights.
    missing : str
        The experiment's policy.
    """

    rows: Array
    measured: pd.DataFrame
    X: pd.DataFrame
    groups: pd.DataFrame
    weight: Array | None
    missing: str

    @property
    def dropped(self) -> int:
        """How many individuals are left out."""
        return int((~self.rows).sum())

    @property
    def gaps(self) -> Array:
        """Where values are missing, and so imputed; bool, shape (n, p)."""
        return np.asarray(self.measured.isna())

    @property
    def complete(self) -> Array:
        """Who has no missing value; bool, shape (n,)."""
        return np.asarray(self.measured.notna().all(axis=1))

    def only(self, chosen: Array) -> Clustered:
        """Return some of them; chosen is of bool, shape (n,)."""
        rows = self.rows.copy()
        rows[self.rows] = chosen
        weight = None if self.weight is None else self.weight[chosen]
        tables = (self.measured[chosen], self.X[chosen], self.groups[chosen])
        return Clustered(rows, *tables, weight, self.missing)

    def notes(self) -> Iterator[str]:
        """Say what happened to missing values."""
        of = f"{self.dropped:,} of {len(self.rows):,} individuals"
        if self.missing == "complete":
            if self.dropped:
                yield f"{of} have missing values and were not clustered (complete cases only)."
            return
        gaps = self.measured.isna()
        yield (
            f"{int(gaps.to_numpy().sum()):,} missing values of {int(gaps.any(axis=1).sum()):,} "
            "individuals were imputed, anew in every bootstrap sample."
        )
        if self.dropped:
            yield f"{of} have no value at all and were not clustered."


def clustered(cohort: Cohort) -> Clustered:
    """Take the individuals of a cohort that its experiment clusters.

    Raises
    ------
    SceneError
        If fewer of them than clusters are left, or nobody has a value of some biomarker.
    """
    scene = cohort.scene
    X = cohort.X[scene.experiment.biomarkers]
    impute = scene.experiment.missing == "impute"
    present = X.notna()
    rows = (present.any(axis=1) if impute else present.all(axis=1)).to_numpy()
    _check(scene, X[rows], "individuals with a value" if impute else "complete individuals")
    weight = None if cohort.weight is None else np.asarray(cohort.weight, dtype=float)[rows]
    measured = X[rows]
    return Clustered(
        rows=rows,
        measured=measured,
        X=imputed(measured, scene.seed) if impute else measured,
        groups=cohort.groups[rows],
        weight=weight,
        missing=scene.experiment.missing,
    )


def _check(scene: Scene, X: pd.DataFrame, who: str) -> None:
    problems = []
    largest = max(k for ks in scene.experiment.base.values() for k in ks)
    if largest > len(X):
        message = f"got k = {largest}, allowed: at most the {len(X)} {who}"
        problems.append(Problem("experiment.base", message))
    if len(X):
        empty = [str(name) for name in X if X[name].isna().all()]
        problems += [Problem(f"biomarkers.{n}", "nobody has a value") for n in empty]
    if problems:
        raise SceneError(scene.name, problems)
