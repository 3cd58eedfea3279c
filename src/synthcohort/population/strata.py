"""The cells of a scene: every combination of group levels, its probability and linear moments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from synthcohort.population.covariates import FEWEST_POINTS, POINTS, points, support
from synthcohort.population.linear_model import (
    Array,
    Columns,
    biomarker_slopes,
    covariate_terms,
    factor_mean,
    group_order,
    level_values,
    spread_sd,
)
from synthcohort.population.unequal_sampling import sampled_tables
from synthcohort.scene.model import Scene


@dataclass(frozen=True)
class Cell:
    """One combination of levels and covariates, in which the biomarkers are jointly normal.

    Parameters
    ----------
    levels : dict of str to str
        Level of each group, in the scene's order of groups.
    covariates : dict of str to float
        Value of each covariate that acts: one of a few points that stand for all.
    probability : float
        Share of the sample in the cell, above 0.
    mean : ndarray, shape (p,)
        Means of the biomarkers before measurement, on the scale of the linear model.
    covariance : ndarray, shape (p, p)
        Covariances before measurement; cells with the same spread of every factor and
        noise share one array.
    """

    levels: dict[str, str]
    covariates: dict[str, float]
    probability: float
    mean: Array
    covariance: Array


def cells(scene: Scene) -> list[Cell]:
    """List the cells that have anybody in them, with the moments of the linear model.

    With slopes S, loadings L, factor means m and SDs s, shifts and effects of covariates t
    and noise SDs e the mean is baseline + (I - S)^-1 (t + L m) and the covariance
    (I - S)^-1 (L diag(s^2) L' + diag(e^2)) (I - S)^-T. A covariate that acts is integrated
    by a few Gauss points, so moments to the second are exact.
    """
    found = list(_with_covariates(scene))
    codes = {
        name: np.array([group.levels.index(levels[name]) for levels, *_ in found])
        for name, group in scene.groups.items()
    }
    covariates = {
        name: np.array([values[name] for _, values, _ in found])
        for name in scene.acting_covariates()
    }
    covariates |= {
        name: np.full(len(found), c.middle)
        for name, c in scene.covariates.items()
        if name not in covariates
    }
    means = conditional_means(scene, codes, covariates, len(found))
    effects = total_effects(scene)
    loadings = effects @ loading_matrix(scene)
    covariances: dict[tuple[float, ...], Array] = {}
    result = []
    for i, (levels, values, probability) in enumerate(found):
        sds = (*factor_sds(scene, levels), *noise_sds(scene, levels))
        if sds not in covariances:
            spread = loadings * np.array(sds[: len(scene.factors)])
            noise = effects * np.array(sds[len(scene.factors) :])
            covariance = spread @ spread.T + noise @ noise.T
            covariances[sds] = (covariance + covariance.T) / 2
        levels = {name: levels[name] for name in scene.groups}
        result.append(Cell(levels, values, probability, means[i], covariances[sds]))
    return result


def conditional_means(
    scene: Scene,
    codes: Columns,
    covariates: Columns,
    n: int,
    names: Sequence[str] | None = None,
) -> Array:
    """Means of biomarkers before measurement, given groups and covariates.

    Parameters
    ----------
    scene : Scene
    codes, covariates : dict of ndarray, shape (n,)
    n : int
    names : sequence of str, optional
        The biomarkers; all of them by default.

    Returns
    -------
    ndarray, shape (n, n_names)
    """
    known, effects = list(scene.biomarkers), total_effects(scene)
    rows = [known.index(name) for name in (names if names is not None else known)]
    # Sums element by element: equal rows give equal means, to the last bit.
    own = {
        j: _own_mean(scene, known[j], codes, covariates, n)
        for j in np.flatnonzero(effects[rows].any(axis=0))
    }
    result = np.empty((n, len(rows)), order="F")
    for column, i in enumerate(rows):
        result[:, column] = scene.biomarkers[known[i]].baseline
        for j in np.flatnonzero(effects[i]):
            result[:, column] += effects[i, j] * own[j]
    return result


def _own_mean(scene: Scene, name: str, codes: Columns, covariates: Columns, n: int) -> Array:
    """Mean of all that moves a biomarker other than its baseline and other biomarkers."""
    marker, total = scene.biomarkers[name], np.zeros(n)
    for group, by_level in marker.shift.items():
        total += level_values(scene, group, by_level)[codes[group]]
    for term in covariate_terms(scene, marker, codes, covariates).values():
        total += term
    for factor, loading in marker.loadings.items():
        total += loading * factor_mean(scene, scene.factors[factor], codes, covariates)
    return total


def conditional_sds(scene: Scene, names: list[str], codes: Columns) -> dict[str, Array | float]:
    """SDs of biomarkers before measurement, given groups and covariates.

    Returns
    -------
    dict of ndarray, shape (n,), or float
    """
    effects = total_effects(scene)
    loadings = effects @ loading_matrix(scene)
    result: dict[str, Array | float] = {}
    for name in names:
        i = list(scene.biomarkers).index(name)
        variance: Array | float = 0.0
        for loading, factor in zip(loadings[i], scene.factors.values(), strict=True):
            if loading:
                sd = spread_sd(scene, factor.sd, factor.spread, codes)
                variance = variance + (loading * sd) ** 2
        for effect, marker in zip(effects[i], scene.biomarkers.values(), strict=True):
            if effect:
                sd = spread_sd(scene, marker.noise, marker.spread, codes)
                variance = variance + (effect * sd) ** 2
        result[name] = np.sqrt(variance)
    return result


def total_effects(scene: Scene) -> Array:
    """Effect of one unit of each biomarker's own terms on every biomarker, slopes followed.

    Returns
    -------
    ndarray, shape (p, p)
        (I - S)^-1, with the slopes S.
    """
    names = list(scene.biomarkers)
    rows = [biomarker_slopes(scene, name) for name in names]
    slopes = [[row.get(other, 0.0) for other in names] for row in rows]
    return np.asarray(np.linalg.inv(np.eye(len(names)) - np.array(slopes)))


def loading_matrix(scene: Scene) -> Array:
    """Factor loadings, shape (p, n_factors)."""
    rows = [[m.loadings.get(f, 0.0) for f in scene.factors] for m in scene.biomarkers.values()]
    return np.array(rows).reshape(len(scene.biomarkers), len(scene.factors))


def noise_sds(scene: Scene, levels: dict[str, str]) -> tuple[float, ...]:
    """Noise SD of each biomarker in one cell."""
    codes = _codes(scene, levels)
    return tuple(
        float(spread_sd(scene, marker.noise, marker.spread, codes))
        for marker in scene.biomarkers.values()
    )


def factor_sds(scene: Scene, levels: dict[str, str]) -> tuple[float, ...]:
    """SD of each factor in one cell."""
    codes = _codes(scene, levels)
    return tuple(
        float(spread_sd(scene, factor.sd, factor.spread, codes))
        for factor in scene.factors.values()
    )


def _codes(scene: Scene, levels: dict[str, str]) -> Columns:
    return {name: np.array(scene.groups[name].levels.index(lv)) for name, lv in levels.items()}


def combinations(scene: Scene) -> Iterator[tuple[dict[str, str], float]]:
    """Every combination of group levels that has anybody, with its share of the sample."""
    tables = sampled_tables(scene)
    found: list[tuple[dict[str, str], float]] = [({}, 1.0)]
    for name in group_order(scene):
        group = scene.groups[name]
        found = [
            ({**levels, name: level}, probability * share)
            for levels, probability in found
            for level, share in tables[name][levels[group.given] if group.given else ""].items()
            if share > 0
        ]
    return iter(found)


def _with_covariates(scene: Scene) -> Iterator[tuple[dict[str, str], dict[str, float], float]]:
    found = list(combinations(scene))
    acting = scene.acting_covariates()
    counts = {name: _point_counts(scene, name, [levels for levels, _ in found]) for name in acting}
    for i, (levels, probability) in enumerate(found):
        nodes: list[tuple[dict[str, float], float]] = [({}, probability)]
        for name in acting:
            covariate = scene.covariates[name]
            level = levels[covariate.given] if covariate.given else ""
            values, weights = points(covariate, level, int(counts[name][i]))
            nodes = [
                ({**known, name: float(value)}, share * float(weight))
                for known, share in nodes
                for value, weight in zip(values, weights, strict=True)
            ]
        for known, share in nodes:
            yield levels, known, share


def _point_counts(scene: Scene, name: str, found: list[dict[str, str]]) -> Array:
    """Points that a covariate needs in each combination of groups, 3 to 8.

    The density of the biomarkers as a function of the covariate is the smoother the less
    they change over its range. With half the change d in SDs of all biomarkers, n points are
    off by about d^2n: below 1e-6 with these numbers.
    """
    covariate = scene.covariates[name]
    ends = np.array(
        [support(covariate, lv[covariate.given] if covariate.given else "") for lv in found]
    )
    codes = {
        group: np.array([g.levels.index(levels[group]) for levels in found])
        for group, g in scene.groups.items()
    }
    centres = {other: np.full(len(found), c.middle) for other, c in scene.covariates.items()}
    low, high = (
        conditional_means(scene, codes, {**centres, name: side}, len(found)) for side in ends.T
    )
    sds = conditional_sds(scene, list(scene.biomarkers), codes)
    sd = np.column_stack([np.broadcast_to(value, len(found)) for value in sds.values()])
    change = np.divide(high - low, sd, out=np.full(sd.shape, np.inf), where=sd > 0)
    change[high == low] = 0.0
    half = np.sqrt((change**2).sum(axis=1)) / 2
    more = np.ceil(4 * np.maximum(half - 0.25, 0.0))
    return np.asarray(np.minimum(FEWEST_POINTS + more, POINTS).astype(int))
