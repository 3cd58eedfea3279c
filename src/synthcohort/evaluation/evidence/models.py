"""What every candidate partition says of the data: its mixtures, all by one measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthcohort.evaluation.evidence.implied_mixtures import (
    SHAPES,
    Implied,
    Shape,
    implied_mixture,
)
from synthcohort.evaluation.evidence.shifted_logs import Scaled, best_scales, scales
from synthcohort.evaluation.evidence.tied_normal_scores import tied_scores

Array = np.ndarray

_TAIL = 5.0
KINDS: tuple[tuple[Shape, float | None], ...] = (
    *((shape, None) for shape in SHAPES),
    ("tied", _TAIL),
    ("full", _TAIL),
)
"""Shapes of the components, and their degrees of freedom where their tails are heavy."""


@dataclass(frozen=True)
class Model:
    """One mixture that a candidate implies.

    Parameters
    ----------
    candidate : str
    shape : str
    freedom : float or None
    scaled : Scaled
        The columns as it takes them.
    log_density : ndarray, shape (N,)
        By the standardised columns, whatever its own scale.
    labels : ndarray of int, shape (N,)
        Its own partition.
    penalty : float
        Half its parameters times the logarithm of N, as in BIC (Schwarz 1978).
    """

    candidate: str
    shape: Shape
    freedom: float | None
    scaled: Scaled
    log_density: Array
    labels: Array
    penalty: float

    @property
    def title(self) -> str:
        """Such as ``tied, heavy tails, 2 columns by logarithm``."""
        words = {"alike": "one diagonal", "diagonal": "diagonal", "tied": "tied", "full": "full"}
        parts = [words[self.shape]]
        parts += ["heavy tails"] if self.freedom else []
        logs = self.scaled.chosen
        parts += [f"{logs} column{'s' if logs > 1 else ''} by logarithm"] if logs else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Evidence:
    """The models of all candidates on the same individuals."""

    models: list[Model]
    hidden: Array

    def scores(self, counts: Array | None = None) -> Array:
        """Penalised log-likelihood of every model, minus half of BIC.

        Parameters
        ----------
        counts : ndarray, shape (draws, N), optional
            How often each individual counts; once by default.

        Returns
        -------
        ndarray, shape (draws, n_models)
        """
        density = np.array([model.log_density for model in self.models])
        penalty = np.array([model.penalty for model in self.models])
        once = np.ones((1, density.shape[1]))
        return np.asarray((once if counts is None else counts) @ density.T - penalty)

    def best_of(self, candidate: str, scores: Array) -> Model:
        """Return the candidate's model of the highest score, of shape (n_models,)."""
        own = [i for i, model in enumerate(self.models) if model.candidate == candidate]
        return self.models[max(own, key=lambda i: scores[i])]

    def again(self, model: Model, start: Array, counts: Array) -> Implied:
        """Fit a model again on other counts, shape (N,), from a partition."""
        codes = np.unique(start, return_inverse=True)[1]
        kept = np.bincount(codes, counts) > 0
        if not kept.all():  # a cluster that the sample has none of
            return self.again(model, np.where(kept[codes], codes, kept.argmax()), counts)
        return implied_mixture(
            model.scaled.values, self.hidden, codes, model.shape, model.freedom, counts
        )


def evidence(values: Array, candidates: Mapping[str, Array]) -> Evidence:
    """Fit every kind of mixture that every candidate implies.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Without missing values; in any units.
    candidates : mapping of str to ndarray of int, shape (N,)
        Partitions.

    Returns
    -------
    Evidence

    Raises
    ------
    ValueError
        If every column is constant.

    Notes
    -----
    Candidates come from different preprocessings. Here all are judged on the same columns:
    standardised, each on the one scale that suits the candidate's clusters.
    """
    values = values[:, values.max(axis=0) > values.min(axis=0)]
    if not values.shape[1]:
        raise ValueError("every column is constant: no evidence for any partition")
    every = scales(values)
    hidden = tied_scores(values)[1]
    models = []
    for name, labels in candidates.items():
        codes = np.unique(labels, return_inverse=True)[1]
        scaled = best_scales(every, np.eye(int(codes.max()) + 1)[codes], hidden.mean(axis=0))
        for shape, freedom in KINDS:
            found = implied_mixture(scaled.values, hidden, codes, shape, freedom)
            parameters = found.parameters + scaled.chosen
            models.append(
                Model(
                    name,
                    shape,
                    freedom,
                    scaled,
                    found.log_density + scaled.slope,
                    found.labels,
                    0.5 * parameters * float(np.log(len(values))),
                )
            )
    return Evidence(models, hidden)
