"""All rivals on one table, each as anyone would run it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from joblib import delayed
from scipy.stats import norm, rankdata

from synthcohort.clustering.preprocessing.whitening import Whitening
from synthcohort.clustering.rivals.rival_clusterers import RIVALS
from synthcohort.clustering.rivals.rival_clustering import RivalClustering
from synthcohort.clustering.threads import one_thread
from synthcohort.machine.worker_processes import in_processes

Array = np.ndarray

MOST = 8
"""Largest number of clusters that rivals compare."""
FORMS = {"zscore": "z-score", "whitened": "whitened", "normal_scores": "normal scores"}
"""Forms of a table that rivals are run on, with what a reader calls them."""
_BINARY = "binary"


@dataclass(frozen=True)
class Contestant:
    """One rival on one form of the table.

    Parameters
    ----------
    rival : str
        A key of `RIVALS`.
    form : str
        A key of `FORMS`, or ``binary``.
    found : RivalClustering
    """

    rival: str
    form: str
    found: RivalClustering

    @property
    def name(self) -> str:
        """Column of its labels, such as ``rival.kmeans.zscore``."""
        return f"rival.{self.rival}.{self.form}"

    @property
    def title(self) -> str:
        """What a reader calls it, such as ``k-means, whitened``."""
        return rival_title(self.rival, self.form)


def rival_title(rival: str, form: str) -> str:
    """Return words for a rival on a form, such as ``k-means, whitened``."""
    return f"{RIVALS[rival].title}, {FORMS.get(form, form)}"


def in_form(values: Array, form: str) -> Array:
    """Put a table into a form of `FORMS`.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Without missing values; constant columns are left out.
    form : str

    Raises
    ------
    ValueError
        If every column is constant.
    """
    values = _varying(values)
    if form == "normal_scores":
        return np.asarray(norm.ppf((rankdata(values, axis=0) - 0.5) / len(values)))
    plain = (values - values.mean(axis=0)) / values.std(axis=0)
    return np.asarray(plain if form == "zscore" else Whitening().fit_transform(plain))


def run_rivals(
    values: Array, seed: int, binary: Array | None = None, most: int = MOST, workers: int = 1
) -> Iterator[Contestant]:
    """Run every rival on every form in which its answer can differ.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Biomarkers in any units, without missing values; constant columns are left out.
    seed : int
    binary : ndarray of 0 and 1, shape (N, q), optional
        For latent classes; `values` themselves where they have no other values.
    most : int, default 8
    workers : int, default 1
        Processes; they change the time and nothing else.

    Yields
    ------
    Contestant
        In the order of the forms and of `RIVALS`.

    Raises
    ------
    ValueError
        If every column is constant.
    """
    values = _varying(values)
    forms = {form: in_form(values, form) for form in FORMS}
    jobs = [
        (name, form, matrix)
        for form, matrix in forms.items()
        for name, rival in RIVALS.items()
        if not rival.binary and (rival.rotated or form != "whitened")
    ]
    if binary is None and np.isin(values, (0, 1)).all():
        binary = values
    if binary is not None:
        jobs += [(name, _BINARY, binary) for name, rival in RIVALS.items() if rival.binary]
    yield from in_processes(
        (delayed(_contestant)(*job, most, seed) for job in jobs), min(workers, len(jobs))
    )


def _contestant(name: str, form: str, matrix: Array, most: int, seed: int) -> Contestant:
    with one_thread():  # sums in another order differ in the last digits
        return Contestant(name, form, RIVALS[name].fit(matrix, most, seed))


def _varying(values: Array) -> Array:
    values = values[:, values.max(axis=0) > values.min(axis=0)]
    if not values.shape[1]:
        raise ValueError("every column is constant: nothing for rivals to cluster")
    return values
