"""The verdict on the individuals that a run clusters."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthcohort.cohort.participants import Clustered
from synthcohort.evaluation.null_test.verdicts import MOST, REFERENCES, Verdict, verdict_on
from synthcohort.grid.plan import plan_analyses, plan_cells
from synthcohort.population.progress import Progress
from synthcohort.scene.model import Experiment

_FITS = 1000
"""Replicates of a grid beside which the verdict, the rivals and the choice are a small part."""


def is_asked(experiment: Experiment, said: bool | None) -> bool:
    """Say whether a run of a scene asks for the verdict.

    Parameters
    ----------
    experiment : Experiment
    said : bool, optional
        What the user said; by default it is asked with reference data sets, and where the
        grid has at least 1,000 replicates, of which it is less than a third.
    """
    if said is not None:
        return said
    cells = plan_cells(plan_analyses(experiment), experiment)
    return experiment.references > 0 or len(cells) * experiment.bootstraps >= _FITS


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


def complete_verdict(
    people: Clustered, verdict: Verdict, seed: int, workers: int, tell: Progress
) -> dict[str, Any] | None:
    """Ask the same of complete cases only, where values were imputed.

    Parameters
    ----------
    people, seed, workers, tell
        As in `verdict_of`.
    verdict : Verdict
        On everybody.

    Returns
    -------
    dict, optional
        word, p_value, references, individuals; and as_many, the word for as many individuals
        drawn from everybody, where the words differ: is it the imputed values, or the number?
        None where nothing was imputed.
    """
    complete = people.complete
    if complete.all():
        return None
    found = verdict_of(people.only(complete), seed, workers, tell)
    as_many = ""
    if found.word != verdict.word:
        drawn = np.zeros(len(complete), dtype=bool)
        drawn[np.random.default_rng([seed, 13]).permutation(len(complete))[: complete.sum()]] = True
        as_many = verdict_of(people.only(drawn), seed, workers, tell).word
    kept = ("word", "p_value", "references", "individuals")
    return {name: getattr(found, name) for name in kept} | {"as_many": as_many}


def _by_weight(weight: np.ndarray, seed: int) -> np.ndarray:
    size = min(MOST, int((weight > 0).sum()))
    rng = np.random.default_rng([seed, 8, 3])
    return np.sort(rng.choice(len(weight), size, replace=False, p=weight / weight.sum()))
