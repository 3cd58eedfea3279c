"""Expected agreement of partitions with what the data make plausible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthcohort.evaluation.evidence import Evidence
from synthcohort.evaluation.metrics.pairwise_agreement import pairwise_ari

Array = np.ndarray

BELIEVED = 40
"""Individuals' worth of evidence at most: no model of real people is exact."""
_NEGLIGIBLE = 1e-3


@dataclass(frozen=True)
class Plausible:
    """Candidates against the partitions of models, weighed by their evidence.

    Parameters
    ----------
    ari : ndarray, shape (n_candidates, n_candidates)
    expected : ndarray, shape (1 + draws, n_candidates)
        Expected ARI of each candidate with the partition of a model, for the individuals
        themselves and for every bootstrap sample of them.
    scores : ndarray, shape (1 + draws, n_models)
        Penalised log-likelihoods.
    """

    ari: Array
    expected: Array
    scores: Array


def plausible(found: Evidence, labels: Array, counts: Array) -> Plausible:
    """Weigh all models and average the agreement with them.

    A model weighs exp(BELIEVED / (BELIEVED + N) * score): a posterior coarsened for models
    that are only nearly right (Miller & Dunson 2019, JASA 114:1113). The partition of the
    highest expected ARI is the estimate of Fritsch & Ickstadt (2009, Bayesian Anal 4:367).

    Parameters
    ----------
    found : Evidence
    labels : ndarray of int, shape (N, n_candidates)
        Clusters from 0.
    counts : ndarray, shape (draws, N)
        Bootstrap samples, as how often each individual is drawn. The models stay as they
        are, only their likelihoods are added up anew (Kishino, Miyata & Hasegawa 1990, J Mol
        Evol 31:151).

    Returns
    -------
    Plausible
    """
    n = len(labels)
    scores = np.vstack([found.scores(), found.scores(counts)])
    weight = np.exp(BELIEVED / (BELIEVED + n) * (scores - scores.max(axis=1, keepdims=True)))
    matters = (weight > _NEGLIGIBLE).any(axis=0)
    weight = weight[:, matters]
    weight /= weight.sum(axis=1, keepdims=True)
    own = np.column_stack([m.labels for m, used in zip(found.models, matters, strict=True) if used])
    own, which = np.unique(own, axis=1, return_inverse=True)
    every = pairwise_ari(np.column_stack([labels, own]))
    count = labels.shape[1]
    agreement = every[:count, count:][:, which.ravel()]
    return Plausible(every[:count, :count], weight @ agreement.T, scores)
