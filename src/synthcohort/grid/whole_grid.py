"""All cells of a run's grid in parallel, brought together in the order of the grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from synthcohort.clustering.consensus.sampled_pairs import sample_pairs
from synthcohort.clustering.first_compilation import compile_loops
from synthcohort.clustering.preprocessing import Prepared
from synthcohort.clustering.worker_entries import with_registered
from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.participants import Clustered, clustered
from synthcohort.evaluation.blind_choice import Choice
from synthcohort.evaluation.ceilings.expected_ceiling import oracle
from synthcohort.evaluation.ceilings.grid_ceilings import COLUMNS, ceilings
from synthcohort.evaluation.ceilings.loss_decomposition import decompose
from synthcohort.evaluation.metrics.counted_groupings import Groupings
from synthcohort.evaluation.null_test.verdicts import Verdict
from synthcohort.grid import grid_tables as tables
from synthcohort.grid.cell import CellResult, Pairs, run_cell
from synthcohort.grid.cell_inputs import inputs_of, prepared_once
from synthcohort.grid.choice_of_grid import choice_of
from synthcohort.grid.complete_cases import WithoutImputing, without_imputing
from synthcohort.grid.instability_of_cells import Again, instabilities
from synthcohort.grid.partition_scores import Scorer
from synthcohort.grid.plan import Analysis, plan_analyses, plan_cells
from synthcohort.grid.reference_comparison import compare_with_references
from synthcohort.grid.refitted_replicates import Fits, Input, refitted_cells
from synthcohort.grid.rivals_of_grid import rivals_of
from synthcohort.grid.stability_of_cells import shown_individuals, stability_tables
from synthcohort.grid.verdict_of_grid import complete_verdict, verdict_of
from synthcohort.population.progress import Progress
from synthcohort.results.partition_keys import Cell, PartitionKey
from synthcohort.results.selection import best_row, shown_partitions
from synthcohort.results.tables import Tables
from synthcohort.scene import Problem, Scene, SceneError
from synthcohort.task_store.resumable_tasks import finished_task, finished_tasks
from synthcohort.task_store.stored_results import TaskStore

_PAIRS = 20_000


@dataclass(frozen=True)
class GridResult:
    """What clustering adds to a cohort.

    Parameters
    ----------
    tables : Tables
    verdict : Verdict, optional
    choice : Choice, optional
        Both None where they were not asked for.
    complete : dict, optional
        The verdict on complete cases only, where values were imputed and it was asked for.
    notes : list of str
        What a reader has to know.
    """

    tables: Tables = field(default_factory=Tables)
    verdict: Verdict | None = None
    choice: Choice | None = None
    complete: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def labels(self) -> pd.DataFrame:
        """One column a partition."""
        return self.tables.labels

    @property
    def scores(self) -> pd.DataFrame:
        """One row a preprocessing x partition x truth."""
        return self.tables.scores


def run_grid(
    cohort: Cohort,
    exact: bool,
    workers: int,
    tell: Progress,
    store: TaskStore | None = None,
    ask: bool | None = None,
) -> GridResult:
    """Cluster a cohort in every way of its experiment and score every partition.

    Parameters
    ----------
    cohort : Cohort
    exact : bool
        Ten restarts of k-means instead of pooled starts.
    workers : int
        Processes.
    tell : callable
        Called with the stage, how much is done and how much there is.
    store : TaskStore, optional
        Of this cohort, experiment and code alone: what is finished in it is not run again.
    ask : bool, optional
        Whether to ask for the verdict, run the rivals and choose; by default only where
        there are reference data sets.

    Returns
    -------
    GridResult

    Raises
    ------
    SceneError
        If fewer complete individuals than clusters are left, or a preprocessing leaves nothing.
    """
    scene, store = cohort.scene, store or TaskStore()
    people = clustered(cohort)
    analyses = plan_analyses(scene.experiment)
    cells = plan_cells(analyses, scene.experiment)
    prepared = prepared_once(scene, people, analyses, cells)
    known = cohort.known[people.rows]
    codes = {str(name): column.cat.codes.to_numpy() for name, column in known.items()}
    scorer = Scorer(Groupings(codes, people.weight))
    pairs = _pairs(cohort, people)
    if workers > 1:
        tell("compile", 0, 1)
        compile_loops(people.weight is not None)
        tell("compile", 1, 1)
    inputs = inputs_of(scene, people, prepared, analyses, workers, tell)
    fits = _refitted(scene, cells, inputs, exact, workers, tell, store)
    results = _run_cells(scene, cells, inputs, fits, pairs, exact, workers, scorer, tell, store)
    scores, recovery = scorer.tables(r.cell for r in results)
    reliability = pd.concat([r.reliability for r in results], ignore_index=True)
    best = finished_task(
        "ceilings", store, _ceilings, cohort, people, analyses, prepared, workers, tell
    )
    labels = pd.DataFrame(
        {r.cell.at(g).name: found.labels for r in results for g, found in r.partitions.items()},
        index=people.X.index,
    )
    references, verdict, rivals, choice = None, None, None, None
    if scene.experiment.references:
        references = compare_with_references(scene, people, analyses, exact, workers, tell, store)
    if ask or (ask is None and scene.experiment.references):
        tell("rivals", 0, 1)
        binary = prepared["binary"].values if "binary" in prepared else None
        rivals = finished_task(
            "rivals", store, rivals_of, people.X, binary, scorer, scene.seed, workers
        )
        tell("rivals", 1, 1)
        verdict = finished_task("verdict", store, verdict_of, people, scene.seed, workers, tell)
        choice = finished_task(
            "choice", store, choice_of, people.X, labels, scores, rivals, verdict, scene.seed
        )
    best_keys = _best_keys(scene, scores, inputs)
    alone = WithoutImputing()
    if people.gaps.any():
        alone = finished_task(
            "complete cases",
            store,
            without_imputing,
            *(scene, people, analyses, best_keys, labels, exact, workers, tell),
        )
    jobs = [
        Again(k.cell, inputs[k.cell.analysis], scene.experiment, scene.seed, exact)
        for k in best_keys
    ]
    split = instabilities(jobs, workers, tell, store)
    stability = [r.stability for r in results]
    shown = shown_partitions(scores, scene.experiment.truth, choice.partition if choice else None)
    compared = {"references": references.settings, "band": references.band} if references else {}
    compared |= {"rivals": rivals.table} if rivals else {}
    compared |= {"alternatives": choice.alternatives} if choice else {}
    return GridResult(
        Tables(
            labels=pd.concat([labels, *([rivals.labels] if rivals else [])], axis=1)
            .astype("Int32")
            .reindex(cohort.X.index),
            scores=tables.scores_table(analyses, decompose(scores, best)),
            recovery=tables.recovery_table(known, recovery),
            analyses=tables.analyses_table(analyses, prepared, len(labels), people.dropped),
            reliability=reliability,
            instability=split,
            complete_cases=alone.table,
            stability_individuals=shown_individuals(stability, labels, shown),
            **stability_tables(stability),
            **compared,
        ),
        verdict,
        choice,
        complete_verdict(people, verdict, scene.seed, workers, tell) if verdict else None,
        [
            *people.notes(),
            *alone.notes,
            *tables.notes(analyses, prepared),
            *tables.cell_notes(results, scene.experiment),
            *(references.notes if references else []),
        ],
    )


def _best_keys(scene: Scene, scores: pd.DataFrame, analyses: Iterable[str]) -> list[PartitionKey]:
    """Name the best partition of each analysis by the page's rule."""
    truth = scene.experiment.truth
    return [
        PartitionKey.of(best_row(scores[scores["analysis"] == name], truth)) for name in analyses
    ]


def _ceilings(
    cohort: Cohort,
    people: Clustered,
    analyses: list[Analysis],
    prepared: Mapping[str, Prepared],
    workers: int,
    tell: Progress,
) -> pd.DataFrame:
    """Score what could be found at best; no rows where nobody knows the model."""
    if cohort.population is None:
        return pd.DataFrame(columns=COLUMNS).astype(dict.fromkeys(COLUMNS[2:6], float))
    tell("ceilings", 0, 1)
    used = {a.name: a.preprocessing for a in analyses}
    best = ceilings(
        cohort.population, people.X, prepared, used, people.rows, workers, people.weight
    )
    tell("ceilings", 1, 1)
    return best


def _pairs(cohort: Cohort, people: Clustered) -> Pairs | None:
    """Pairs of clustered individuals, with the oracle's probability that they belong together."""
    truth = cohort.scene.experiment.truth
    if truth is None or cohort.population is None:
        return None
    probabilities = oracle(cohort.population, truth).to_numpy()[people.rows]
    first, second = sample_pairs(len(probabilities), _PAIRS, cohort.scene.seed, people.weight)
    return Pairs(first, second, (probabilities[first] * probabilities[second]).sum(axis=1))


def _refitted(
    scene: Scene,
    cells: list[Cell],
    inputs: Mapping[str, Input],
    exact: bool,
    workers: int,
    tell: Progress,
    store: TaskStore,
) -> dict[str, Fits]:
    """Replicates of the cells whose analyses prepare their data anew in each."""
    try:
        settings = (scene.experiment, scene.seed, exact)
        return refitted_cells(cells, inputs, *settings, workers, tell, store)
    except ValueError as error:
        raise SceneError(scene.name, [Problem("experiment.base", str(error))]) from error


def _run_cells(
    scene: Scene,
    cells: list[Cell],
    inputs: Mapping[str, Input],
    fits: Mapping[str, Fits],
    pairs: Pairs | None,
    exact: bool,
    workers: int,
    scorer: Scorer,
    tell: Progress,
    store: TaskStore,
) -> list[CellResult]:
    """Results in the order of the grid, whatever the order in which they were run."""
    settings = (pairs, scene.experiment, scene.seed, exact)
    jobs = {
        f"cell {cell.name}": (cell, inputs[cell.analysis].once, fits.get(cell.name), *settings)
        for cell in cells
    }
    done: dict[str, CellResult] = {}
    tell("cluster", 0, len(cells))
    try:
        for _, result in finished_tasks(with_registered(run_cell), jobs, workers, store):
            done[result.cell.name] = result
            scorer.add(result.cell, result.partitions)
            tell("cluster", len(done), len(cells))
    except ValueError as error:
        raise SceneError(scene.name, [Problem("experiment.base", str(error))]) from error
    order = list(inputs)
    in_order = sorted(cells, key=lambda c: (order.index(c.analysis), c.base, c.k))
    return [done[cell.name] for cell in in_order]
