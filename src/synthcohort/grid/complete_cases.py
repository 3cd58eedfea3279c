"""How far what was found depends on imputing: the same analyses of complete cases alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from joblib import delayed

from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.clustering.worker_entries import with_registered
from synthcohort.cohort.participants import Clustered
from synthcohort.evaluation.metrics.counted_groupings import Groupings
from synthcohort.evaluation.metrics.scores import ari
from synthcohort.grid.cell import fit_cell
from synthcohort.grid.cell_inputs import inputs_of, prepared_once
from synthcohort.grid.plan import Analysis
from synthcohort.machine.worker_processes import in_processes
from synthcohort.population.progress import Progress
from synthcohort.results.partition_keys import PartitionKey
from synthcohort.scene import Scene, SceneError


@dataclass(frozen=True)
class WithoutImputing:
    """What complete cases say.

    Parameters
    ----------
    table : DataFrame
        The schema `Tables.complete_cases`.
    notes : list of str
        What could not be compared, and why.
    """

    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: list[str] = field(default_factory=list)


def without_imputing(
    scene: Scene,
    people: Clustered,
    analyses: Sequence[Analysis],
    best: Sequence[PartitionKey],
    labels: pd.DataFrame,
    exact: bool,
    workers: int,
    tell: Progress,
) -> WithoutImputing:
    """Find the best partition of each analysis again, with complete cases only, and compare.

    Parameters
    ----------
    scene : Scene
    people : Clustered
        Everybody; some values were imputed.
    analyses : sequence of Analysis
    best : sequence of PartitionKey
        One partition of each analysis that was run.
    labels : DataFrame of int, shape (n, n_partitions)
        What was found with everybody.
    exact, workers, tell
        As in `run_grid`.

    Returns
    -------
    WithoutImputing
    """
    complete = people.complete
    some = people.only(complete)
    if not complete.any():
        return WithoutImputing(notes=["Nobody is complete: all that was found rests on imputing."])
    of = {a.name: a for a in analyses}
    done = in_processes(
        (
            delayed(with_registered(_row))(
                scene,
                some,
                of[key.cell.analysis],
                key,
                labels[key.name].to_numpy()[complete],
                exact,
            )
            for key in best
        ),
        min(workers, len(best)),
    )
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    tell("complete cases", 0, len(best))
    for count, (key, found) in enumerate(zip(best, done, strict=True), start=1):
        if isinstance(found, str):
            title = of[key.cell.analysis].title
            notes.append(f"{title}: not compared with complete cases alone: {found}.")
        else:
            rows.append(found | {"n_clusters": int(labels[key.name].max()) + 1})
        tell("complete cases", count, len(best))
    return WithoutImputing(pd.DataFrame(rows), notes)


def _row(
    scene: Scene,
    people: Clustered,
    analysis: Analysis,
    key: PartitionKey,
    labels: Any,
    exact: bool,
) -> dict[str, Any] | str:
    """One row of the table but for `n_clusters`, or why there is none."""
    chosen = scene.experiment
    try:
        once = prepared_once(scene, people, [analysis], [key.cell])
        given = inputs_of(scene, people, once, [analysis], 1, lambda *_: None)[analysis.name]
        fits = fit_cell(key.cell, given, chosen, scene.seed, exact)
    except SceneError as error:
        return "; ".join(problem.message for problem in error.problems)
    except ValueError as error:
        return str(error)
    found = partitions(fits.assignments, [key.resolution], scene.seed, people.weight, n_jobs=1)
    own = found[key.resolution]
    compared = Groupings({"everybody": labels}, people.weight).compare(own.labels)
    return key.values | {
        "partition": key.name,
        "complete": len(labels),
        "n_clusters_complete": own.n_clusters,
        "ari": ari(compared.contingency("everybody")),
    }
