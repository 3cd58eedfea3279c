"""What the cells of each analysis cluster: prepared once, or in every replicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from joblib import delayed

from synthcohort.clustering.imputed_replicates import imputed_draws
from synthcohort.clustering.preprocessing import Prepared, prepare
from synthcohort.clustering.preprocessing.refitting import Refit, encoded
from synthcohort.cohort.participants import Clustered
from synthcohort.grid.distinct_rows import too_few_rows
from synthcohort.grid.plan import Analysis
from synthcohort.grid.refitted_replicates import Anew, Input
from synthcohort.machine.worker_processes import in_processes
from synthcohort.population.progress import Progress
from synthcohort.results.partition_keys import Cell
from synthcohort.scene import Problem, Scene, SceneError
from synthcohort.scene.model import Cutoffs

Array = np.ndarray

_CHUNK = 5


def prepared_once(
    scene: Scene, people: Clustered, analyses: Sequence[Analysis], cells: Sequence[Cell]
) -> dict[str, Prepared]:
    """Prepare everybody for each analysis that is run, missing values as they were drawn once.

    Raises
    ------
    SceneError
        If a preprocessing leaves nothing, or fewer distinct rows than clusters.
    """
    cutoffs, share = _cutoffs(scene), scene.experiment.whiten_min_share
    prepared: dict[str, Prepared] = {}
    problems: list[Problem] = []
    for a in analyses:
        if a.runs_as != a.name:
            continue
        try:
            one = prepare(people.X, a.preprocessing, a.whitened, cutoffs, people.groups, share)
        except ValueError as error:
            problems.append(Problem(f"experiment.preprocessings.{a.preprocessing}", str(error)))
            continue
        prepared[a.name] = one
        problems += too_few_rows(a, cells, one.values)
    if problems:
        raise SceneError(scene.name, problems)
    return prepared


def inputs_of(
    scene: Scene,
    people: Clustered,
    prepared: Mapping[str, Prepared],
    analyses: Sequence[Analysis],
    workers: int,
    tell: Progress,
) -> dict[str, Input]:
    """Return what the cells of each analysis that is run cluster.

    Parameters
    ----------
    scene : Scene
    people : Clustered
    prepared : mapping of str to Prepared
        Everybody, missing values drawn once, by analysis.
    analyses : sequence of Analysis
    workers, tell
        As in `run_grid`.

    Returns
    -------
    dict of str to Input

    Notes
    -----
    Missing values are drawn once a replicate, for all analyses and all k: the fits of one
    replicate differ by what they do with the data, not by the data.
    """
    chosen, weight = scene.experiment, people.weight
    inputs = {name: Input(one.values, weight) for name, one in prepared.items()}
    if not (chosen.refit or people.gaps.any()):
        return inputs
    values, levels = encoded(people.measured, people.groups)
    draws = _draws(people, chosen.bootstraps, scene.seed, workers, tell)
    names, cutoffs = list(chosen.biomarkers), _cutoffs(scene)
    anew = {
        a.name: Anew(
            Refit(a.preprocessing, a.whitened, cutoffs, names, levels, chosen.whiten_min_share),
            values,
            draws,
        )
        for a in analyses
        if a.runs_as == a.name
    }
    return {name: Input(one.values, weight, anew[name]) for name, one in inputs.items()}


def _draws(people: Clustered, bootstraps: int, seed: int, workers: int, tell: Progress) -> Array:
    if not people.gaps.any():
        return np.empty((bootstraps, 0))
    values = people.measured.to_numpy(dtype=float)
    chunks = np.array_split(np.arange(bootstraps), -(-bootstraps // _CHUNK))
    tell("impute", 0, bootstraps)
    found: list[Array] = []
    for part in in_processes(
        (delayed(imputed_draws)(values, people.weight, seed, chunk) for chunk in chunks),
        min(workers, len(chunks)),
    ):
        found.append(part)
        tell("impute", sum(map(len, found)), bootstraps)
    return np.vstack(found)


def _cutoffs(scene: Scene) -> dict[str, Cutoffs]:
    return {name: scene.biomarkers[name].cutoffs for name in scene.experiment.biomarkers}
