"""What is left to find after a preprocessing: a classifier that knows the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

Array = np.ndarray

_HELD_OUT = 4


def classifier_probabilities(known: Array, truth: Array, values: Array, n_levels: int) -> Array:
    """Probability of each truth level, by the better of two strong classifiers.

    Both learn from individuals of the same scene who are not among those to be classified:
    gradient boosting, which takes any shape, and quadratic discriminant analysis, which is
    the oracle of normal groups. The one with the lower log loss on a held-out quarter wins.

    Parameters
    ----------
    known : ndarray, shape (M, q)
        Preprocessed values of the others.
    truth : ndarray of int, shape (M,)
        Their levels, from 0.
    values : ndarray, shape (N, q)
        Preprocessed values of those to be classified.
    n_levels : int

    Returns
    -------
    ndarray, shape (N, n_levels)
    """
    present = np.unique(truth)
    if len(present) == 1:
        return np.asarray(np.eye(n_levels)[np.full(len(values), present[0])])
    held_out = np.arange(len(known)) % _HELD_OUT == 0
    with threadpool_limits(1):  # sums in one order: the same bytes on any number of cores
        models = [m.fit(known[~held_out], truth[~held_out]) for m in (_boosting(), _discriminant())]
        losses = [
            log_loss(truth[held_out], m.predict_proba(known[held_out]), labels=m.classes_)
            for m in models
        ]
        best = models[int(np.argmin(losses))]
        found = np.zeros((len(values), n_levels))
        found[:, best.classes_] = best.predict_proba(values)
    return found


def _boosting() -> Any:
    return HistGradientBoostingClassifier(
        learning_rate=0.1, max_iter=200, early_stopping=True, random_state=0
    )


def _discriminant() -> Any:
    return make_pipeline(StandardScaler(), QuadraticDiscriminantAnalysis(reg_param=1e-3))
