"""Latent class analysis of binary data, by StepMix (an extra)."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted, validate_data

Array = np.ndarray

MISSING_EXTRA = "needs StepMix, allowed after: pip install 'synthcohort[lca]'"


def available() -> bool:
    """Whether StepMix is installed."""
    return find_spec("stepmix") is not None


class LatentClass(ClusterMixin, BaseEstimator):
    """Latent classes within which binary variables are independent.

    Parameters
    ----------
    n_components : int, default 2
        Classes.
    n_init : int, default 1
        Random starts of the EM algorithm, of which the most likely is kept.
    max_iter : int, default 1000
        Iterations of each start.
    random_state : int, optional

    Attributes
    ----------
    model_ : stepmix.StepMix
    labels_ : ndarray of int, shape (n_samples,)
        The most probable class of each individual.

    Notes
    -----
    The model is that of Lazarsfeld & Henry (1968); StepMix (Morin et al. 2025, J Stat
    Softw 113(8)) fits it.
    """

    def __init__(
        self,
        n_components: int = 2,
        n_init: int = 1,
        max_iter: int = 1000,
        random_state: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: Any, y: object = None, sample_weight: Array | None = None) -> LatentClass:
        """Fit on X, shape (n_samples, n_features), of 0 and 1.

        Raises
        ------
        ValueError
            If X has other values.
        ImportError
            If StepMix is not installed.
        """
        X = validate_data(self, X, dtype=np.float64)
        other = X[(X != 0) & (X != 1)]
        if other.size:
            raise ValueError(f"latent class analysis: got {other[0]:g}, allowed: 0 and 1")
        try:
            from stepmix.stepmix import StepMix
        except ImportError as error:
            raise ImportError(f"latent class analysis {MISSING_EXTRA}") from error
        self.model_ = StepMix(
            self.n_components,
            measurement="binary",
            n_init=self.n_init,
            max_iter=self.max_iter,
            rel_tol=1e-7,
            random_state=self.random_state,
            progress_bar=0,
        ).fit(X, sample_weight=sample_weight)
        self.labels_ = np.asarray(self.model_.predict(X))
        return self

    def predict(self, X: Any) -> Array:
        """Return the most probable class of each individual, shape (n_samples,)."""
        check_is_fitted(self)
        return np.asarray(
            self.model_.predict(validate_data(self, X, dtype=np.float64, reset=False))
        )
