"""The null of a run: the same analyses on twins of the data that have no clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from synthcohort.clustering import BootstrapClustering
from synthcohort.clustering.bases import make_base
from synthcohort.clustering.null_data import copula_twin
from synthcohort.clustering.pairs import co_association, pac, sample_pairs
from synthcohort.clustering.preprocessing import prepare
from synthcohort.evaluation.null_test import NullTest, null_test
from synthcohort.experiment.plan import Analysis
from synthcohort.experiment.progress import Progress
from synthcohort.scene import Scene

SIZE = 1000
BOOTSTRAPS = 20
_BAND = 5
_PAIRS = 4000


@dataclass(frozen=True)
class Nulls:
    """What the pipeline reports on data without clusters.

    Parameters
    ----------
    settings : DataFrame
        analysis, base, k; PAC of the data, mean PAC of the twins, z, all on the same
        number of individuals.
    band : DataFrame
        analysis, base, k, resolution, twin, n_clusters of the first twins.
    p_value : float
        Of the most stable setting against the twins.
    """

    settings: pd.DataFrame
    band: pd.DataFrame
    p_value: float


@dataclass(frozen=True)
class _Job:
    """What all data sets share."""

    scene: Scene
    X: pd.DataFrame
    groups: pd.DataFrame
    analyses: list[Analysis]
    exact: bool


def compare_with_nulls(
    scene: Scene,
    X: pd.DataFrame,
    groups: pd.DataFrame,
    analyses: Sequence[Analysis],
    exact: bool,
    workers: int,
    tell: Progress,
) -> Nulls:
    """Cluster a sample of the data and its null twins in every way of the grid.

    Parameters
    ----------
    scene : Scene
        Its experiment says how many twins.
    X, groups : DataFrame, shape (N, p) and (N, n_groups)
        Complete individuals and their visible groups.
    analyses : sequence of Analysis
    exact, workers, tell
        As in `run_grid`.

    Returns
    -------
    Nulls

    Notes
    -----
    Copula twins of up to 1,000 individuals, 20 replicates each: stability in SDs between
    twins changes little with more, the time does.
    """
    rng = np.random.default_rng([scene.seed, 4])
    rows = np.sort(rng.permutation(len(X))[:SIZE])
    own = [a for a in analyses if a.runs_as == a.name]
    job = _Job(scene, X.iloc[rows], groups.iloc[rows], own, exact)
    count = 1 + scene.experiment.nulls
    jobs = Parallel(n_jobs=min(workers, count), return_as="generator")(
        delayed(_data_set)(job, number) for number in range(count)
    )
    tell("null twins", 0, count)
    done = []
    for found in jobs:
        done.append(found)
        tell("null twins", len(done), count)
    values = np.array([[row[-1] for row in settings] for settings, _ in done])
    test = null_test(values, 1 / _PAIRS)
    band = pd.DataFrame(
        [row for _, rows in done for row in rows],
        columns=["analysis", "base", "k", "resolution", "twin", "n_clusters"],
    )
    return Nulls(_settings(done[0][0], values, test), band, test.p_value)


def _settings(
    of_data: list[tuple[str, str, int, float]], values: np.ndarray, test: NullTest
) -> pd.DataFrame:
    table = pd.DataFrame(of_data, columns=["analysis", "base", "k", "pac"])
    return table.assign(pac_null=values[1:].mean(axis=0), z=test.z)


def _data_set(
    job: _Job, number: int
) -> tuple[list[tuple[str, str, int, float]], list[tuple[str, str, int, float, int, int]]]:
    """PAC of every setting and, of the first twins, the clusters at every resolution."""
    scene, chosen = job.scene, job.scene.experiment
    rng = np.random.default_rng([scene.seed, 5, number])
    X = job.X if number == 0 else copula_twin(job.X, rng)
    cutoffs = {name: scene.biomarkers[name].cutoffs for name in X.columns}
    first, second = sample_pairs(len(X), _PAIRS, scene.seed)
    settings: list[tuple[str, str, int, float]] = []
    band: list[tuple[str, str, int, float, int, int]] = []
    for a in job.analyses:
        values = prepare(X, a.preprocessing, a.whitened, cutoffs, job.groups).values
        for base, ks in chosen.base.items():
            for k in (k for k in ks if k <= len(X)):
                model = BootstrapClustering(
                    make_base(base, k, job.exact),
                    n_bootstraps=min(chosen.bootstraps, BOOTSTRAPS),
                    n_jobs=1,
                    random_state=scene.seed,
                ).fit(values)
                together = co_association(model.assignments_, first, second)
                settings.append((a.name, base, k, pac(together)))
                if 1 <= number <= _BAND:
                    found = model.partitions(chosen.resolutions)
                    band += [(a.name, base, k, g, number, p.n_clusters) for g, p in found.items()]
    return settings, band
