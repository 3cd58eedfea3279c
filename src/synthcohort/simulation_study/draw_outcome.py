"""What each method finds in one draw of a scenario: the same people for all of them."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.clustering.rivals import RIVALS
from synthcohort.clustering.rivals.contest import MOST, in_form
from synthcohort.clustering.threads import one_thread
from synthcohort.cohort.cohort import Cohort, cohort_of
from synthcohort.cohort.participants import Clustered, clustered
from synthcohort.evaluation.blind_choice import choose
from synthcohort.evaluation.ceilings.expected_ceiling import oracle_of
from synthcohort.evaluation.metrics.contingency import Contingency
from synthcohort.evaluation.metrics.expected_agreement import best_labels
from synthcohort.evaluation.metrics.scores import ari
from synthcohort.evaluation.null_test.verdicts import GROUPS
from synthcohort.grid.bare_partitions import partitions_only
from synthcohort.grid.verdict_of_grid import verdict_of
from synthcohort.population import generate, with_overrides
from synthcohort.population.progress import silent
from synthcohort.scene import Scene
from synthcohort.simulation_study.scenarios import method_scene
from synthcohort.simulation_study.study_model import StudyMethod

Array = np.ndarray
Outcome = dict[str, Any]
"""Of one method: clustered, n_clusters, ari, best, ceiling (`draw_outcomes`); or error."""

_NAN = float("nan")


def repetition_seed(study_seed: int, scene_seed: int, repetition: int) -> int:
    """Seed of the population of one repetition: the same for every method.

    Examples
    --------
    >>> repetition_seed(0, 42, 0) == repetition_seed(0, 42, 1)
    False
    """
    text = f"{study_seed} {scene_seed} {repetition}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


def draw_outcomes(
    scene: Scene, truth: str | None, methods: Mapping[str, StudyMethod], seed: int
) -> dict[str, Outcome]:
    """Draw a population, let methods cluster it, and score what they say.

    Parameters
    ----------
    scene : Scene
    truth : str or None
        The group to find; None where there is nothing to find.
    methods : mapping of str to StudyMethod
        By a name of the caller's.
    seed : int
        Of the population and of all that the methods draw.

    Returns
    -------
    dict of str to dict
        By name: clustered (individuals), n_clusters (1 where the method says that there are
        none), ari with the truth, best (the best ARI of all partitions that it chose from) and
        ceiling (ARI of the scene's own oracle on the same people); NaN without a truth. Of a
        method that failed only error.
    """
    found: dict[str, Outcome] = {}
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of single fits, in hundreds of draws
        draw = _Draw(with_overrides(scene, seed=seed), truth)
        for name, method in methods.items():
            try:
                found[name] = draw.outcome(method)
            except (MemoryError, OSError):  # the machine's failure, not the method's
                raise
            except Exception as error:  # whatever a library raises: other tasks go on
                found[name] = {"error": f"{type(error).__name__}: {error}"}
    return found


class _Draw:
    """One population; what several methods need is computed once."""

    def __init__(self, scene: Scene, truth: str | None) -> None:
        self.population = generate(scene)
        self.truth = truth
        self._groups: dict[str, bool] = {}
        self._ceilings: dict[bytes, float] = {}

    def outcome(self, method: StudyMethod) -> Outcome:
        cohort = cohort_of(self.population)
        if method.rival is not None:
            people = clustered(cohort)
            values = in_form(people.X.to_numpy(dtype=float), method.form)
            said = RIVALS[method.rival].fit(values, MOST, cohort.scene.seed).labels
            return self._scored(people, said, pd.DataFrame())
        scene = method_scene(method, cohort.scene)
        cohort = Cohort(**vars(cohort) | {"scene": scene})
        people = clustered(cohort)
        if method.pick == "blind" and not self._shows_groups(people):
            nobody = np.zeros(len(people.X), dtype=np.int64)
            # What could have been chosen is only found where there is something to find.
            labels = partitions_only(cohort).labels if self.truth else pd.DataFrame()
            return self._scored(people, nobody, labels)
        found = partitions_only(cohort)
        if method.pick in ("blind", "evidence"):
            X = people.X.to_numpy(dtype=float)
            picked = choose(X, found.labels, found.sources, scene.seed).partition
        else:
            several = [name for name in found.modularity if found.labels[name].nunique() > 1]
            picked = max(several, key=found.modularity.__getitem__, default=None)
        said = np.zeros(len(people.X)) if picked is None else found.labels[picked].to_numpy()
        return self._scored(people, said, found.labels)

    def _shows_groups(self, people: Clustered) -> bool:
        if people.missing not in self._groups:
            verdict = verdict_of(people, self.population.scene.seed, 1, silent)
            self._groups[people.missing] = verdict.word == GROUPS
        return self._groups[people.missing]

    def _scored(self, people: Clustered, said: Array, candidates: pd.DataFrame) -> Outcome:
        own: Outcome = {"clustered": len(people.X), "n_clusters": len(np.unique(said))}
        if self.truth is None:
            return own | {"ari": _NAN, "best": _NAN, "ceiling": _NAN}
        codes = self.population.codes[self.truth][people.rows]
        mine = ari(Contingency(said, codes))
        others = [ari(Contingency(column.to_numpy(), codes)) for _, column in candidates.items()]
        ceiling = self._ceiling(people.rows, codes)
        return own | {"ari": mine, "best": max([mine, *others]), "ceiling": ceiling}

    def _ceiling(self, rows: Array, codes: Array) -> float:
        key = rows.tobytes()
        if key not in self._ceilings:
            oracle = oracle_of(self.population, rows=rows)
            chances = oracle.posterior(str(self.truth), None).to_numpy()
            self._ceilings[key] = ari(Contingency(best_labels(chances), codes))
        return self._ceilings[key]
