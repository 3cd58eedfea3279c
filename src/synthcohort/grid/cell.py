"""One cell of the grid: replicates, partitions at every resolution, their stability."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering.base.base_clusterers import make_base
from synthcohort.clustering.consensus.modularity import Partition
from synthcohort.clustering.consensus.sampled_pairs import co_association
from synthcohort.clustering.replication import Warned
from synthcohort.clustering.stability import Replicates
from synthcohort.evaluation.metrics.consensus_calibration import brier, reliability
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


@dataclass(frozen=True)
class Input:
    """What the cells of one analysis cluster.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Preprocessed biomarkers; where `refit`, what that takes.
    refit : transformer, optional
        The preprocessing, to be fitted in every bootstrap sample.
    weight : ndarray, shape (N,), optional
        Survey weights.
    """

    values: Array
    refit: Any | None
    weight: Array | None


def run_cell(
    cell: Cell,
    given: Input,
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
    model = cell_model(cell, given, chosen, seed, exact)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the run's notes tell how often, once
            model.fit_replicates(given.values, given.weight)
    except ValueError as error:
        raise ValueError(f"{cell.name}: {error}") from error
    partitions = model.partitions(chosen.resolutions)
    return CellResult(
        cell,
        partitions,
        _reliability(cell, model.assignments_, pairs),
        cell_stability(
            cell,
            Replicates(model.assignments_, given.weight, chosen.assign != "all"),
            partitions,
            seed,
        ),
        model.warned_,
        int((model.assignments_ < 0).all(axis=0).sum()),
    )


def cell_model(
    cell: Cell, given: Input, chosen: Experiment, seed: int, exact: bool
) -> BootstrapClustering:
    """Make the estimator of a cell, not fitted; parameters as in `run_cell`."""
    base = make_base(cell.base, cell.k, exact)
    return BootstrapClustering(
        base if given.refit is None else make_pipeline(given.refit, base),
        n_bootstraps=chosen.bootstraps,
        assign=chosen.assign,
        n_jobs=1,
        random_state=seed,
    )


def _reliability(cell: Cell, assignments: Array, pairs: Pairs | None) -> pd.DataFrame:
    if pairs is None or len(pairs.first) == 0:
        return pd.DataFrame()
    predicted = co_association(assignments, pairs.first, pairs.second)
    table = reliability(predicted, pairs.together)
    for place, (name, value) in enumerate(cell.values.items()):
        table.insert(place, name, value)
    return table.assign(brier=brier(predicted, pairs.together))
