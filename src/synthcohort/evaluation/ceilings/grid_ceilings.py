"""The ceilings of a run: for each analysis and truth, the best that its data still allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from joblib import delayed

from synthcohort.clustering.preprocessing import PREPROCESSINGS, Prepared
from synthcohort.evaluation.ceilings.classifier import classifier_probabilities
from synthcohort.evaluation.ceilings.expected_ceiling import oracle_of
from synthcohort.evaluation.metrics.counted_groupings import Groupings
from synthcohort.evaluation.metrics.expected_agreement import best_labels
from synthcohort.evaluation.metrics.scores import ari
from synthcohort.exact_theory import Oracle
from synthcohort.machine.worker_processes import in_processes
from synthcohort.population import Population, generate, with_overrides
from synthcohort.scene import Scene

Array = np.ndarray

_DRAWS = 30
_OTHERS = 30_000
COLUMNS = ["analysis", "truth", "oracle", "measured", "ceiling", "ceiling_se", "ceiling_is"]
EXACT, APPROXIMATE, LOWER_BOUND = "exact", "approximate", "lower bound"


def ceilings(
    population: Population,
    X: pd.DataFrame,
    prepared: Mapping[str, Prepared],
    preprocessings: Mapping[str, str],
    rows: Array,
    workers: int = 1,
    weight: Array | None = None,
) -> pd.DataFrame:
    """Score the best labels for each truth before measurement, after it, and preprocessed.

    Parameters
    ----------
    population : Population
    X : DataFrame, shape (n, p)
        Biomarkers of the individuals that were clustered, without missing values.
    prepared : mapping of str to Prepared
        By analysis.
    preprocessings : mapping of str to str
        The preprocessing of each analysis.
    rows : ndarray of bool, shape (N,)
        The individuals that were clustered.
    workers : int, default 1
        Processes. They change the time and nothing else.
    weight : ndarray, shape (n,), optional
        Survey weights: the ceiling of the weighted ARI.

    Returns
    -------
    DataFrame
        analysis, truth, then the ARI of the best labels on these individuals: oracle (from
        the values before the instrument's bounds), measured (after them), ceiling (after
        the preprocessing); ceiling_se (its SD over truths that the posterior allows) and
        ceiling_is: ``exact``, ``approximate`` (the oracle leaves something of the
        measurement out) or ``lower bound``.

    Notes
    -----
    Preprocessings that map each column by an affine map lose nothing, nor does full
    whitening: their ceiling is the one before. Of the others a classifier that learned
    from 30,000 more individuals of the scene gives a lower bound. A preprocessing that
    uses cut-offs by group (sex) is told the group, so its oracle is too.
    """
    told = {name: _told(population, one) for name, one in prepared.items()}
    oracles = _here(
        (delayed(oracle_of)(population, measured=m, rows=rows) for m in (False, True)), workers
    )
    jobs = [
        delayed(_exact)(population, oracles, truth, given, rows, weight)
        for truth in population.scene.groups
        for given in dict.fromkeys(told.values())
    ]
    exact = {(one[0], one[1]): one[2] for one in _here(jobs, workers)}
    lossy: dict[str, Prepared] = {}
    for name, one in prepared.items():
        if not PREPROCESSINGS[preprocessings[name]].affine:
            lossy.setdefault(preprocessings[name], one)
    bounds = _lower_bounds(population, X, lossy, rows, workers, weight)
    own = oracle_is(population.scene)
    found = []
    for analysis in prepared:
        for truth in population.scene.groups:
            before, after = exact[truth, told[analysis]]
            bound = bounds.get((preprocessings[analysis], truth))
            ceiling, kind = (after, own) if bound is None else (bound, LOWER_BOUND)
            found.append((analysis, truth, before[0], after[0], *ceiling, kind))
    return pd.DataFrame(found, columns=COLUMNS)


def oracle_is(scene: Scene) -> str:
    """Say whether the oracle knows all that the instrument and the missing values do.

    It takes heaped values as they are, weighs gross errors one at a time, and takes missing
    values as telling nothing.
    """
    measured = (scene.biomarkers[name].measurement for name in scene.experiment.biomarkers)
    blurred = any(m.heaping or m.outliers for m in measured)
    told = any(reason.on for reason in scene.missing.values())
    return APPROXIMATE if blurred or told else EXACT


def _here(jobs: Iterable[Any], workers: int) -> list[Any]:
    """Run on this machine, wherever the cells run: the tables are large and the work is small."""
    return list(in_processes(jobs, workers, backend="loky"))


def _told(population: Population, prepared: Prepared) -> tuple[str, ...]:
    """Name the groups that the preprocessing's cut-offs depend on."""
    if not prepared.clinical:
        return ()
    scene = population.scene
    found = set()
    for name in prepared.columns:
        cutoffs = scene.biomarkers[name].cutoffs
        found |= {
            scene.group_of_levels(set(limit))
            for limit in (cutoffs.low, cutoffs.high)
            if isinstance(limit, dict)
        }
    return tuple(sorted(name for name in found if name is not None))


def _exact(
    population: Population,
    oracles: Sequence[Oracle],
    truth: str,
    given: tuple[str, ...],
    rows: Array,
    weight: Array | None,
) -> tuple[str, tuple[str, ...], tuple[tuple[float, float], tuple[float, float]]]:
    codes = population.codes[truth][rows]
    known = population.groupings.loc[rows, list(given)] if given else None
    before, after = (
        _score(one.posterior(truth, known).to_numpy(), codes, weight) for one in oracles
    )
    return truth, given, (before, after)


def _score(probabilities: Array, codes: Array, weight: Array | None) -> tuple[float, float]:
    """ARI of the best labels, and its SD over truths drawn from the probabilities."""
    labels = best_labels(probabilities, weight)
    rng = np.random.default_rng(0)
    limits = probabilities.cumsum(axis=1)
    # The index is symmetric: the labels stay, so they are what is coded once.
    ours = Groupings({"labels": labels}, weight)
    drawn = []
    for _ in range(_DRAWS):
        truth = (rng.random(len(labels))[:, None] > limits[:, :-1]).sum(axis=1)
        drawn.append(ari(ours.compare(truth).contingency("labels")))
    return ari(ours.compare(codes).contingency("labels")), float(np.std(drawn, ddof=1))


def _lower_bounds(
    population: Population,
    mine: pd.DataFrame,
    lossy: Mapping[str, Prepared],
    rows: Array,
    workers: int,
    weight: Array | None,
) -> dict[tuple[str, str], tuple[float, float]]:
    if not lossy:
        return {}
    scene = population.scene
    others = generate(with_overrides(scene, size=_OTHERS, seed=scene.seed + 1))
    X = others.X[scene.experiment.biomarkers]
    complete = X.notna().all(axis=1).to_numpy()
    known = {n: one.apply(X[complete], others.metadata[complete]) for n, one in lossy.items()}
    values = {n: one.apply(mine, population.metadata[rows]) for n, one in lossy.items()}

    def jobs() -> Iterator[object]:
        for name in lossy:
            for truth, group in scene.groups.items():
                yield delayed(_lower_bound)(
                    (name, truth),
                    known[name],
                    others.codes[truth][complete],
                    values[name],
                    population.codes[truth][rows],
                    len(group.levels),
                    weight,
                )

    return dict(_here(jobs(), workers))


def _lower_bound(
    key: tuple[str, str],
    known: Array,
    truth: Array,
    values: Array,
    codes: Array,
    n_levels: int,
    weight: Array | None,
) -> tuple[tuple[str, str], tuple[float, float]]:
    probabilities = classifier_probabilities(known, truth, values, n_levels)
    return key, _score(probabilities, codes, weight)
