"""The verdict on the individuals that a run clusters."""

from __future__ import annotations

import numpy as np

from synthcohort.cohort.participants import Clustered
from synthcohort.evaluation.null_test.verdicts import MOST, REFERENCES, Verdict, verdict_on
from synthcohort.population.progress import Progress


def verdict_of(people: Clustered, seed: int, workers: int, tell: Progress) -> Verdict:
    """Ask whether the biomarkers show groups, a gradient or nothing more than correlation.

    Parameters
    ----------
    people : Clustered
        Missing values as they were drawn once. Individuals with a survey weight of 0 are left
        out; of more than 5,000, as many are drawn, by their weights if there are any.
    seed : int
    workers : int
    tell : callable
        Called with the stage, how much is done and how much there is.

    Returns
    -------
    Verdict
    """
    X = people.X.to_numpy(dtype=float)
    if people.weight is not None:
        X = X[_by_weight(people.weight, seed)]
    tell("null test", 0, REFERENCES)
    found = verdict_on(X, seed, workers=workers, tell=lambda done, of: tell("null test", done, of))
    tell("null test", REFERENCES, REFERENCES)
    return found


def _by_weight(weight: np.ndarray, seed: int) -> np.ndarray:
    size = min(MOST, int((weight > 0).sum()))
    rng = np.random.default_rng([seed, 8, 3])
    return np.sort(rng.choice(len(weight), size, replace=False, p=weight / weight.sum()))
