"""One cell of the grid: replicates, partitions at every resolution, their stability."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering.base.base_clusterers import make_base
from synthcohort.clustering.consensus.modularity import Partition, partitions
from synthcohort.clustering.consensus.sampled_pairs import co_association
from synthcohort.clustering.replication import Warned
from synthcohort.clustering.stability import Replicates
from synthcohort.evaluation.metrics.consensus_calibration import brier, reliability
from synthcohort.grid.refitted_replicates import Fits, Input, refitted
from synthcohort.grid.stability_of_cells import CellStability, cell_stability
from synthcohort.results.partition_keys import Cell
from synthcohort.scene.model import Experiment

Array = np.ndarray


@dataclass(frozen=True)
class CellResult:
    """Of one cell: partitions by resolution, tables, and the warnings of its fits.

    `only_noise` counts the replicates in which nobody was put into any cluster.
    """

    cell: Cell
    partitions: Mapping[float, Partition]
    reliability: pd.DataFrame
    stability: CellStability
    warned: list[Warned]
    only_noise: int


@dataclass(frozen=True)
class Pairs:
    """Sampled pairs of individuals, and the oracle's probability that they belong together."""

    first: Array
    second: Array
    together: Array


def run_cell(
    cell: Cell,
    given: Input,
    fits: Fits | None,
    pairs: Pairs | None,
    chosen: Experiment,
    seed: int,
    exact: bool,
) -> CellResult:
    """Cluster one preprocessed matrix with one k.

    Parameters
    ----------
    cell : Cell
    given : Input
    fits : Fits, optional
        The cell's replicates, where they are fitted already: together with those of the
        other cells of an analysis that prepares its data anew in each.
    pairs : Pairs, optional
        To compare the co-association with; None where the run has no truth.
    chosen : Experiment
        Its resolutions, number of replicates and who is assigned in them.
    seed : int
    exact : bool
        Ten restarts of k-means instead of pooled starts.

    Returns
    -------
    CellResult

    Raises
    ------
    ValueError
        If the base clusterer can't be fitted, with the name of the cell.
    """
    if fits is None:
        fits = fit_cell(cell, given, chosen, seed, exact)
    found = partitions(fits.assignments, chosen.resolutions, seed, given.weight, n_jobs=1)
    return CellResult(
        cell,
        found,
        _reliability(cell, fits.assignments, pairs),
        cell_stability(
            cell,
            Replicates(fits.assignments, given.weight, chosen.assign != "all"),
            found,
            seed,
        ),
        fits.warned,
        int((fits.assignments < 0).all(axis=0).sum()),
    )


def cell_model(cell: Cell, chosen: Experiment, seed: int, exact: bool) -> BootstrapClustering:
    """Make the estimator of a cell, not fitted; parameters as in `run_cell`."""
    return BootstrapClustering(
        make_base(cell.base, cell.k, exact),
        n_bootstraps=chosen.bootstraps,
        assign=chosen.assign,
        n_jobs=1,
        random_state=seed,
    )


def fit_cell(cell: Cell, given: Input, chosen: Experiment, seed: int, exact: bool) -> Fits:
    """Fit the replicates of a cell; parameters as in `run_cell`."""
    if given.anew is not None:
        every = range(chosen.bootstraps)
        return refitted([cell], given, chosen, seed, exact, every)[cell.name]
    model = cell_model(cell, chosen, seed, exact)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the run's notes tell how often, once
            model.fit_replicates(given.values, given.weight)
    except ValueError as error:
        raise ValueError(f"{cell.name}: {error}") from error
    return Fits(model.assignments_, model.warned_)


def _reliability(cell: Cell, assignments: Array, pairs: Pairs | None) -> pd.DataFrame:
    if pairs is None or len(pairs.first) == 0:
        return pd.DataFrame()
    predicted = co_association(assignments, pairs.first, pairs.second)
    table = reliability(predicted, pairs.together)
    for place, (name, value) in enumerate(cell.values.items()):
        table.insert(place, name, value)
    return table.assign(brier=brier(predicted, pairs.together))
