"""The partitions of a grid and nothing beside: no stability, no ceilings, no page."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.cohort.cohort import Cohort
from synthcohort.cohort.participants import Clustered, clustered
from synthcohort.grid.cell import fit_cell
from synthcohort.grid.cell_inputs import inputs_of, prepared_once
from synthcohort.grid.plan import plan_analyses, plan_cells
from synthcohort.grid.refitted_replicates import refitted_cells
from synthcohort.population.progress import silent
from synthcohort.task_store.stored_results import TaskStore


@dataclass(frozen=True)
class BarePartitions:
    """What a grid finds.

    Parameters
    ----------
    people : Clustered
    labels : DataFrame of int, shape (n, n_partitions)
        In the order of the grid.
    sources : dict of str to str
        By partition: its analysis.
    modularity : dict of str to float
        By partition.
    """

    people: Clustered
    labels: pd.DataFrame
    sources: dict[str, str]
    modularity: dict[str, float]


def partitions_only(cohort: Cohort) -> BarePartitions:
    """Cluster a cohort in every way of its experiment, in this process.

    Parameters
    ----------
    cohort : Cohort

    Returns
    -------
    BarePartitions
        The same partitions as those of `run_grid`.

    Raises
    ------
    SceneError
        As `run_grid` does.
    """
    scene, people = cohort.scene, clustered(cohort)
    chosen, seed = scene.experiment, scene.seed
    analyses = plan_analyses(chosen)
    cells = plan_cells(analyses, chosen)
    prepared = prepared_once(scene, people, analyses, cells)
    inputs = inputs_of(scene, people, prepared, analyses, 1, silent)
    fits = refitted_cells(cells, inputs, chosen, seed, False, 1, silent, TaskStore())
    labels, sources, modularity = {}, {}, {}
    order = list(inputs)
    for cell in sorted(cells, key=lambda c: (order.index(c.analysis), c.base, c.k)):
        given = inputs[cell.analysis].once
        own = fits.get(cell.name) or fit_cell(cell, given, chosen, seed, exact=False)
        found = partitions(own.assignments, chosen.resolutions, seed, given.weight, n_jobs=1)
        for resolution, one in found.items():
            name = cell.at(resolution).name
            labels[name], sources[name] = one.labels, cell.analysis
            modularity[name] = one.modularity
    return BarePartitions(people, pd.DataFrame(labels, index=people.X.index), sources, modularity)
