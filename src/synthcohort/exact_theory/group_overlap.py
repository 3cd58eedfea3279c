"""Pairwise overlap of groups: the probability of taking one for the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logsumexp, ndtr

from synthcohort.exact_theory.densities import RANK_TOLERANCE, log_densities
from synthcohort.population.drawing import draw
from synthcohort.population.linear_model import Array, LinearModel
from synthcohort.population.strata import Strata
from synthcohort.scene import Scene, load_scene

_SIMULATED = 40_000
_SIMULATED_SCORES = 5_000  # the density of a score is an integral for each individual
_NEVER = 8.0
_OFF_SUPPORT = 1e-6


@dataclass(frozen=True, eq=False)
class Overlap:
    """Misclassification probabilities between the levels of a group.

    Parameters
    ----------
    matrix : DataFrame, shape (n_levels, n_levels)
        Row i, column j: the probability that an individual of i looks more like one of j,
        p_i f_i(x) < p_j f_j(x); 1 on the diagonal.
    standard_error : DataFrame, shape (n_levels, n_levels)
        0 where the probability is exact.
    """

    matrix: pd.DataFrame
    standard_error: pd.DataFrame

    @property
    def pairwise(self) -> pd.Series:
        """Overlap of each pair: the sum of its two misclassification probabilities."""
        m, names = self.matrix.to_numpy(), list(self.matrix.index)
        pairs = {
            (names[i], names[j]): m[i, j] + m[j, i]
            for i in range(len(names))
            for j in range(i + 1, len(names))
        }
        return pd.Series(pairs, name="overlap", dtype=float)

    @property
    def average(self) -> float:
        """Mean overlap of the pairs."""
        return float(self.pairwise.mean()) if len(self.pairwise) else 0.0

    @property
    def maximum(self) -> float:
        """Largest overlap of a pair."""
        return float(self.pairwise.max()) if len(self.pairwise) else 0.0


def overlap(
    scene: Scene | str | Path | Mapping[str, Any],
    group: str,
    biomarkers: Sequence[str] | None = None,
    size: int | None = None,
) -> Overlap:
    """Compute the overlap between the levels of a group, as MixSim defines it.

    Parameters
    ----------
    scene : Scene, str, Path or mapping
        Anything that `load_scene` takes.
    group : str
        A group of the scene.
    biomarkers : sequence of str, optional
        The experiment's biomarkers by default.
    size : int, optional
        Individuals by which what has no closed form is integrated; 40,000 by default, 5,000
        with scores.

    Returns
    -------
    Overlap

    Notes
    -----
    Maitra & Melnykov (2010), J Comput Graph Stat 19:354. Exact between two levels that are
    normal each. Where a level is itself a mixture (of sexes or ages, say) or the measurement
    loses something, it is integrated by individuals of the scene, with a standard error.
    Nothing is missing.
    """
    scene = load_scene(scene)
    if group not in scene.groups:
        raise ValueError(f"got the group {group!r}, allowed: {', '.join(scene.groups)}")
    names = list(biomarkers or scene.experiment.biomarkers)
    strata = Strata.of(LinearModel.of(scene))
    columns = [strata.model.index[name] for name in names]
    inside = {
        level: np.flatnonzero(strata.codes[group] == code)
        for code, level in enumerate(strata.model.levels[group])
    }
    inside = {level: rows for level, rows in inside.items() if len(rows)}
    merged = {level: _distinct(strata, rows, columns) for level, rows in inside.items()}
    if _lossy(strata, columns) or any(len(m) > 1 for m in merged.values()):
        measurements = [scene.biomarkers[name].measurement for name in names]
        scores = any(m.thresholds or m.curve for m in measurements)
        size = size or (_SIMULATED_SCORES if scores else _SIMULATED)
        return _simulated(strata, group, inside, names, size)
    levels = list(inside)
    matrix = np.eye(len(levels))
    for i, j in permutations(range(len(levels)), 2):
        matrix[i, j] = misclassification(*merged[levels[i]][0], *merged[levels[j]][0])
    index = pd.Index(levels, name=group)
    return Overlap(
        pd.DataFrame(matrix, index=index, columns=levels),
        pd.DataFrame(0.0, index=index, columns=levels),
    )


def misclassification(
    p_i: float, mean_i: Array, cov_i: Array, p_j: float, mean_j: Array, cov_j: Array
) -> float:
    """Probability that an individual of normal group i looks more like one of group j.

    Parameters
    ----------
    p_i, p_j : float
        Shares of the groups.
    mean_i, mean_j : ndarray, shape (q,)
    cov_i, cov_j : ndarray, shape (q, q)
        They may be singular: groups that vary in different directions, or differ where
        neither varies, are never taken for each other.

    Returns
    -------
    float
        Equal groups count half each way.

    Examples
    --------
    >>> one = np.eye(1)
    >>> round(misclassification(0.5, np.zeros(1), one, 0.5, np.full(1, 2.0), one), 4)
    0.1587
    """
    odds = math.log(p_j / p_i)
    reduced = _where_both_vary(mean_i - mean_j, cov_i, cov_j)
    if reduced is None:
        return 0.0
    difference, cov_i, cov_j = reduced
    if np.array_equal(cov_i, cov_j):
        return _equal_covariances(difference, cov_i, odds)
    root_i = np.linalg.cholesky(cov_i)
    root_j = np.linalg.cholesky(cov_j)
    ratio = np.linalg.solve(root_j, root_i)
    _, values, axes = np.linalg.svd(ratio)
    squared = values**2
    shift = axes @ np.linalg.solve(root_i, difference)
    determinants = 2 * float(np.log(np.diag(root_i)).sum() - np.log(np.diag(root_j)).sum())
    limit = 2 * odds + determinants - float((squared * shift**2).sum())
    return _quadratic_form_below(squared - 1, squared * shift, limit)


def _where_both_vary(shift: Array, cov_i: Array, cov_j: Array) -> tuple[Array, Array, Array] | None:
    """Take shift and covariances in the directions in which both groups vary.

    Returns
    -------
    tuple or None
        As given where both vary in all; None where the groups share no values.
    """
    scale = np.sqrt(np.maximum(np.diag(cov_i), np.diag(cov_j)))
    scale = np.where(scale > 0, scale, 1.0)
    first, second = (_axes(cov / np.outer(scale, scale)) for cov in (cov_i, cov_j))
    if first.shape[1] == second.shape[1] == len(shift):
        return shift, cov_i, cov_j
    if first.shape != second.shape:
        return None
    apart = shift / scale
    beyond = apart - first @ (first.T @ apart)
    turned = second - first @ (first.T @ second)
    if np.linalg.norm(beyond) > _OFF_SUPPORT * (1 + np.linalg.norm(apart)):
        return None
    if np.linalg.norm(turned) > _OFF_SUPPORT:
        return None
    onto = first.T / scale
    return onto @ shift, onto @ cov_i @ onto.T, onto @ cov_j @ onto.T


def _axes(covariance: Array) -> Array:
    """Directions in which a covariance of scaled values is not 0, shape (q, rank)."""
    spread, axes = np.linalg.eigh(covariance)
    return np.asarray(axes[:, spread > RANK_TOLERANCE * max(float(spread.max()), 1e-300)])


def _equal_covariances(shift: Array, covariance: Array, odds: float) -> float:
    """Return the closed form: the log odds are linear, so normal."""
    distance = math.sqrt(max(float(shift @ np.linalg.pinv(covariance, hermitian=True) @ shift), 0))
    if distance < 1e-9:
        return 0.5 if odds == 0 else float(odds > 0)
    return float(ndtr(odds / distance - distance / 2))


def _quadratic_form_below(squares: Array, halves: Array, limit: float) -> float:
    """P(sum_l a_l z_l^2 + 2 b_l z_l < limit) of standard normals, by inverting its transform.

    Gil-Pelaez (1951), Biometrika 38:481.
    """
    if len(squares) == 1:
        return _parabola_below(float(squares[0]), float(halves[0]), limit)
    from scipy.integrate import quad  # slow to import

    def integrand(t: float) -> float:
        shrink = 1 - 2j * t * squares
        log_transform = np.sum(-np.log(shrink) / 2 - 2 * t**2 * halves**2 / shrink)
        return float(np.imag(np.exp(log_transform - 1j * t * limit)) / t)

    scale = 1 / math.sqrt(float((2 * squares**2 + 4 * halves**2).sum()))
    total = 0.0
    edges = [0.0, *np.geomspace(0.1, 1e4, 41)]
    for left, right in pairwise(edges):
        piece = quad(integrand, left * scale, right * scale, limit=400, epsabs=1e-11)[0]
        total += piece
    return min(max(0.5 - total / math.pi, 0.0), 1.0)


def _parabola_below(a: float, b: float, limit: float) -> float:
    """P(a z^2 + 2 b z < limit) of one standard normal: between or beyond two roots."""
    if a == 0:
        return float(ndtr(limit / (2 * abs(b))))
    square = b**2 + a * limit
    if square <= 0:
        return float(a < 0)
    low, high = sorted(((-b - math.sqrt(square)) / a, (-b + math.sqrt(square)) / a))
    between = float(ndtr(high) - ndtr(low))
    return between if a > 0 else 1 - between


def _distinct(strata: Strata, rows: Array, columns: list[int]) -> list[tuple[float, Array, Array]]:
    """Share, mean and covariance of the strata of one level, equal ones taken together."""
    covariances = strata.covariances[:, columns][:, :, columns]
    found: dict[tuple[bytes, bytes], tuple[float, Array, Array]] = {}
    for row in rows:
        mean, covariance = strata.mean[row, columns], covariances[strata.spread[row]]
        key = (mean + 0.0).tobytes(), (covariance + 0.0).tobytes()  # -0.0 is 0.0
        share = found[key][0] if key in found else 0.0
        found[key] = share + float(strata.probability[row]), mean, covariance
    return list(found.values())


def _lossy(strata: Strata, columns: list[int]) -> bool:
    """Whether more than a change of scale happens to more than 1 in 10^15 values.

    Rounding and heaping don't count.
    """
    markers, sds = list(strata.model.scene.biomarkers.values()), strata.sds[strata.spread]
    for j in columns:
        measurement = markers[j].measurement
        if measurement.thresholds or measurement.curve:
            return True
        if measurement.detection or measurement.outliers:
            return True
        lower, upper = measurement.latent_bounds
        reach = _NEVER * sds[:, j]
        if (strata.mean[:, j] - reach < lower).any() or (strata.mean[:, j] + reach > upper).any():
            return True
    return False


def _simulated(
    strata: Strata, group: str, inside: dict[str, Array], names: list[str], size: int
) -> Overlap:
    drawn = draw(strata.model, size)
    X = pd.DataFrame({name: drawn.measured[name] for name in names})
    joint = log_densities(strata, X) + np.log(strata.probability)
    of_level = {level: logsumexp(joint[:, rows], axis=1) for level, rows in inside.items()}
    truth = np.array(strata.model.levels[group])[drawn.codes[group]]
    levels = list(inside)
    matrix, error = np.eye(len(levels)), np.zeros((len(levels), len(levels)))
    for i, j in permutations(range(len(levels)), 2):
        own = truth == levels[i]
        if not own.any():
            continue
        gap = of_level[levels[j]][own] - of_level[levels[i]][own]
        # Densities that are equal but for rounding belong to groups without any effect.
        wrong = np.where(np.abs(gap) < 1e-9, 0.5, gap > 0)
        matrix[i, j] = wrong.mean()
        error[i, j] = wrong.std() / math.sqrt(own.sum())
    index = pd.Index(levels, name=group)
    return Overlap(
        pd.DataFrame(matrix, index=index, columns=levels),
        pd.DataFrame(error, index=index, columns=levels),
    )
