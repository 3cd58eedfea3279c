"""Do groups or a gradient describe data better? The best of several models of each, by BIC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthcohort.clustering.reference_data.white_scores import normal_ranks, whitened
from synthcohort.evaluation.null_test.gradient_models import KINDS, fit_chain, parameters
from synthcohort.evaluation.null_test.mixture_evidence import components_for
from synthcohort.evaluation.null_test.mixture_fits import best_fit, one_more, soft
from synthcohort.evaluation.null_test.mixture_kernels import fit_full, fit_tied
from synthcohort.evaluation.null_test.splits import (
    Directions,
    directions,
    shape_splits,
    side_splits,
)

Array = np.ndarray

_ROWS = 1500
"""Individuals by whom groups and gradients are compared."""
_TIED = 5
_FULL = 3
_ROUNDS = 100


@dataclass(frozen=True)
class Explanation:
    """How much lower the BIC of groups and of a gradient is than that of one normal.

    Parameters
    ----------
    groups, gradient : float
        Of the best model of each kind; their difference counts.
    by_groups, by_gradient : str
        Which models they are.
    """

    groups: float
    gradient: float
    by_groups: str
    by_gradient: str


def explain(X: Array, rng: np.random.Generator) -> Explanation:
    """Compare what groups and what gradients say of data.

    Both are fitted to the values as they are and to values that a power transformation
    (Yeo & Johnson 2000, Biometrika 87:954) makes symmetric; columns with ties are normal
    scores, ties broken at random. Groups: normal mixtures of two to five groups with one
    covariance, two and three with their own. Gradients: uniform, normal or skewed along a
    straight or bent line, the noise around it the same or widening.

    Parameters
    ----------
    X : ndarray, shape (N, p)
    rng : Generator

    Returns
    -------
    Explanation
    """
    if len(X) > _ROWS:
        X = X[rng.permutation(len(X))[:_ROWS]]
    best: dict[str, tuple[float, str]] = {"groups": (-np.inf, ""), "gradient": (-np.inf, "")}
    scales = list(_scales(X, rng))
    normal = scales[0][1]
    for Z, constant, scale in scales:
        Y = whitened(Z, components_for(len(Z)))
        found = directions(Z, Y)
        for kind, models in (("groups", _groups(Z, Y, found)), ("gradient", _gradients(Y, found))):
            best[kind] = max(
                best[kind], *((float(v + constant - normal), f"{w}{scale}") for v, w in models)
            )
    return Explanation(
        best["groups"][0], best["gradient"][0], best["groups"][1], best["gradient"][1]
    )


def _groups(Z: Array, Y: Array, found: Directions) -> Iterator[tuple[float, str]]:
    n, q = Y.shape
    starts = [soft(s) for s in side_splits(found)]
    shapes = [soft(s) for s in shape_splits(Z, Y, found)]
    for k in range(2, _TIED + 1):
        if not starts:
            return
        gain, shares = best_fit(fit_tied, Y, starts, _ROUNDS, 2)
        yield 2 * gain - (k - 1) * (q + 1) * np.log(n), f"{k} groups of one covariance"
        if k <= _FULL:
            own, _ = best_fit(fit_full, Y, [shares, *(shapes if k == 2 else [])], _ROUNDS, 2)
            penalty = (k - 1) * (1 + q + q * (q + 1) / 2) * np.log(n)
            yield 2 * own - penalty, f"{k} groups of different covariances"
        starts = one_more(Y, shares)


def _gradients(Y: Array, found: Directions) -> Iterator[tuple[float, str]]:
    n, q = Y.shape
    skewest = int(np.argmax(np.abs(found.skewness)))
    places = [*np.argsort(found.kurtosis)[:2], skewest, q, q + 1, found.values.shape[1] - 1]
    columns = [found.values[:, j] for j in dict.fromkeys(int(j) for j in places)]
    for chain in KINDS:
        turned = chain[0].widens or chain[0].latent == "skewed"
        starts = columns + ([-c for c in columns] if turned else [])
        for kind, gain in zip(chain, fit_chain(Y, chain, starts), strict=True):
            bent = "" if kind.degree == 1 else f" bent by degree {kind.degree}"
            name = f"{kind.latent} gradient{bent}{', widening' if kind.widens else ''}"
            yield 2 * gain - parameters(kind, q) * np.log(n), name


def _scales(X: Array, rng: np.random.Generator) -> Iterator[tuple[Array, float, str]]:
    """Give coordinates, twice the log-density of one normal on them, and a name."""
    from sklearn.preprocessing import PowerTransformer

    plain = normal_ranks(X, rng)
    n = len(X)
    continuous = [j for j in range(X.shape[1]) if len(np.unique(X[:, j])) > n / 2]
    for j in continuous:
        middle = np.subtract(*np.quantile(X[:, j], [0.75, 0.25]))
        plain[:, j] = (X[:, j] - np.median(X[:, j])) / (middle or 1.0)
    yield plain, _volume(plain), ""
    if continuous:
        x = plain[:, continuous]
        power = PowerTransformer(standardize=False).fit(x)
        symmetric = plain.copy()
        symmetric[:, continuous] = power.transform(x)
        slope = ((power.lambdas_ - 1) * np.sign(x) * np.log1p(np.abs(x))).sum()
        constant = _volume(symmetric) + 2 * slope - len(continuous) * np.log(n)
        yield symmetric, float(constant), ", after a power transformation"


def _volume(Z: Array) -> float:
    correlations = np.corrcoef(Z, rowvar=False).reshape(Z.shape[1], -1)
    kept = np.linalg.eigvalsh(np.nan_to_num(correlations))
    return float(-len(Z) * (np.log(Z.var(axis=0)).sum() + np.log(kept[kept > 1e-3]).sum()))
