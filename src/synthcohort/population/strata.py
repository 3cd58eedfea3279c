"""The strata of a scene: combinations of levels and covariates, in which biomarkers are normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthcohort.population.covariates import FEWEST_POINTS, POINTS, points, support
from synthcohort.population.linear_model import Array, Columns, LinearModel, LinearVariable


@dataclass(frozen=True)
class Combinations:
    """Every combination of group levels that has anybody, n of them.

    Parameters
    ----------
    codes : dict of ndarray of int, shape (n,)
        Level code by group, in the scene's order of groups.
    probability : ndarray, shape (n,)
        Share of the sample, above 0.
    """

    codes: Columns
    probability: Array

    def __len__(self) -> int:
        """Return the number of combinations."""
        return len(self.probability)

    @classmethod
    def of(cls, model: LinearModel) -> Combinations:
        """List the combinations of a scene."""
        rows: list[tuple[dict[str, int], float]] = [({}, 1.0)]
        for name in model.group_order:
            given, levels = model.scene.groups[name].given, model.levels[name]
            place = {level: code for code, level in enumerate(levels)}
            rows = [
                ({**known, name: place[level]}, probability * share)
                for known, probability in rows
                for level, share in _row(model, name, given, known).items()
                if share > 0
            ]
        codes = {name: np.array([known[name] for known, _ in rows]) for name in model.levels}
        return cls(codes, np.array([probability for _, probability in rows]))


def _row(
    model: LinearModel, name: str, given: str | None, known: dict[str, int]
) -> dict[str, float]:
    return model.tables[name]["" if given is None else model.levels[given][known[given]]]


@dataclass(frozen=True)
class Strata:
    """The strata of a scene, n of them, with the moments of the linear model.

    A stratum is a combination of group levels and, of each covariate that acts, one of a few
    points that stand for all its values. Within it the biomarkers are jointly normal.

    Parameters
    ----------
    model : LinearModel
    combination : ndarray of int, shape (n,)
        Number of each stratum's combination of group levels.
    codes : dict of ndarray of int, shape (n,)
        Level code by group, in the scene's order of groups.
    covariates : dict of ndarray, shape (n,)
        The middle, for a covariate that does not act.
    probability : ndarray, shape (n,)
        Share of the sample, above 0.
    mean : ndarray, shape (n, p)
        Means of the biomarkers before measurement, on the scale of the linear model.
    spread : ndarray of int, shape (n,)
        Which of the s distinct spreads of factors and noise each stratum has.
    factor_sds, noise_sds : ndarray, shape (s, n_factors) and (s, p)
    covariances : ndarray, shape (s, p, p)
        Covariances of the biomarkers before measurement.
    """

    model: LinearModel
    combination: Array
    codes: Columns
    covariates: Columns
    probability: Array
    mean: Array
    spread: Array
    factor_sds: Array
    noise_sds: Array
    covariances: Array

    def __len__(self) -> int:
        """Return the number of strata."""
        return len(self.probability)

    @property
    def sds(self) -> Array:
        """SDs of the biomarkers before measurement by distinct spread, shape (s, p)."""
        return np.asarray(np.sqrt(np.einsum("sii->si", self.covariances)))

    @classmethod
    def of(cls, model: LinearModel) -> Strata:
        """List the strata of a scene.

        Notes
        -----
        With slopes S, loadings L, factor means m and SDs s, shifts and effects of covariates
        t and noise SDs e the mean is baseline + (I - S)^-1 (t + L m) and the covariance
        (I - S)^-1 (L diag(s^2) L' + diag(e^2)) (I - S)^-T. A covariate that acts is
        integrated by a few Gauss points, so moments to the second are exact.
        """
        combinations = Combinations.of(model)
        rows, covariates, probability = _with_covariates(model, combinations)
        codes = {name: code[rows] for name, code in combinations.codes.items()}
        n = len(rows)
        factor_sds, noise_sds = (
            own_sds(model.factors, codes, n),
            own_sds(model.biomarkers, codes, n),
        )
        first, spread = _distinct(np.hstack([factor_sds, noise_sds]))
        factor_sds, noise_sds = factor_sds[first], noise_sds[first]
        return cls(
            model=model,
            combination=rows,
            codes=codes,
            covariates=covariates,
            probability=probability,
            mean=conditional_means(model, codes, covariates, n),
            spread=spread,
            factor_sds=factor_sds,
            noise_sds=noise_sds,
            covariances=_covariances(model, factor_sds, noise_sds),
        )


def own_sds(variables: dict[str, LinearVariable], codes: Columns, n: int) -> Array:
    """SD of each variable's own part, shape (n, n_variables)."""
    result = np.empty((n, len(variables)))
    for j, variable in enumerate(variables.values()):
        result[:, j] = variable.own_sd(codes)
    return result


def conditional_means(
    model: LinearModel,
    codes: Columns,
    covariates: Columns,
    n: int,
    names: Sequence[str] | None = None,
) -> Array:
    """Means of biomarkers before measurement, given groups and covariates.

    Parameters
    ----------
    model : LinearModel
    codes, covariates : dict of ndarray, shape (n,)
    n : int
    names : sequence of str, optional
        The biomarkers; all of them by default.

    Returns
    -------
    ndarray, shape (n, n_names)
    """
    rows = [model.index[name] for name in (model.index if names is None else names)]
    variables = list(model.biomarkers.values())
    # Sums element by element: equal rows give equal means, to the last bit.
    latent = {name: factor.shift(codes, covariates) for name, factor in model.factors.items()}
    own: dict[int, Array] = {}
    for j in map(int, np.flatnonzero(model.effects[rows].any(axis=0))):
        own[j] = np.zeros(n) + variables[j].shift(codes, covariates)
        for factor, loading in variables[j].loadings.items():
            own[j] += loading * latent[factor]
    result = np.empty((n, len(rows)), order="F")
    for column, i in enumerate(rows):
        result[:, column] = variables[i].baseline
        for j in map(int, np.flatnonzero(model.effects[i])):
            result[:, column] += model.effects[i, j] * own[j]
    return result


def conditional_sds(
    model: LinearModel, names: Sequence[str], codes: Columns
) -> dict[str, Array | float]:
    """SDs of biomarkers before measurement, given groups and covariates.

    Returns
    -------
    dict of ndarray, shape (n,), or float
    """
    result: dict[str, Array | float] = {}
    for name in names:
        i = model.index[name]
        variance: Array | float = 0.0
        parts = [
            *zip(model.loadings[i], model.factors.values(), strict=True),
            *zip(model.effects[i], model.biomarkers.values(), strict=True),
        ]
        for effect, variable in parts:
            if effect:
                variance = variance + (effect * variable.own_sd(codes)) ** 2
        result[name] = np.sqrt(variance)
    return result


def _covariances(model: LinearModel, factor_sds: Array, noise_sds: Array) -> Array:
    spread, noise = model.loadings * factor_sds[:, None], model.effects * noise_sds[:, None]
    covariance = spread @ spread.swapaxes(1, 2) + noise @ noise.swapaxes(1, 2)
    return np.asarray((covariance + covariance.swapaxes(1, 2)) / 2)


def _distinct(rows: Array) -> tuple[Array, Array]:
    """First place of each distinct row, and which of them every row is."""
    number: dict[bytes, int] = {}
    which = np.array([number.setdefault(row.tobytes(), len(number)) for row in rows])
    first = [int(np.flatnonzero(which == i)[0]) for i in range(len(number))]
    return np.array(first), which


def _with_covariates(
    model: LinearModel, combinations: Combinations
) -> tuple[Array, Columns, Array]:
    """Return combination, covariates and probability of each stratum."""
    scene, n = model.scene, len(combinations)
    rows, probability = np.arange(n), combinations.probability
    values: Columns = {}
    for name in scene.acting_covariates():
        covariate, counts = scene.covariates[name], _point_counts(model, name, combinations)
        nodes = [
            points(covariate, level, int(count))
            for level, count in zip(_parents(model, name, combinations), counts, strict=True)
        ]
        repeat = counts[rows]
        values = {other: np.repeat(known, repeat) for other, known in values.items()}
        values[name] = np.concatenate([nodes[row][0] for row in rows])
        weights = np.concatenate([nodes[row][1] for row in rows])
        probability, rows = np.repeat(probability, repeat) * weights, np.repeat(rows, repeat)
    middle = {name: np.full(len(rows), c.middle) for name, c in scene.covariates.items()}
    return rows, middle | values, probability


def _parents(model: LinearModel, name: str, combinations: Combinations) -> list[str]:
    """Level that a covariate's histogram depends on, in each combination."""
    given = model.scene.covariates[name].given
    if given is None:
        return [""] * len(combinations)
    return [model.levels[given][code] for code in combinations.codes[given]]


def _point_counts(model: LinearModel, name: str, combinations: Combinations) -> Array:
    """Points that a covariate needs in each combination of groups, 3 to 8.

    The density of the biomarkers as a function of the covariate is the smoother the less
    they change over its range. With half the change d in SDs of all biomarkers, n points are
    off by about d^2n: below 1e-6 with these numbers.
    """
    covariate, n = model.scene.covariates[name], len(combinations)
    ends = np.array([support(covariate, level) for level in _parents(model, name, combinations)])
    codes = combinations.codes
    centres = {other: np.full(n, c.middle) for other, c in model.scene.covariates.items()}
    low, high = (conditional_means(model, codes, {**centres, name: side}, n) for side in ends.T)
    sds = conditional_sds(model, list(model.index), codes)
    sd = np.column_stack([np.broadcast_to(value, n) for value in sds.values()])
    change = np.divide(high - low, sd, out=np.full(sd.shape, np.inf), where=sd > 0)
    change[high == low] = 0.0
    half = np.sqrt((change**2).sum(axis=1)) / 2
    more = np.ceil(4 * np.maximum(half - 0.25, 0.0))
    return np.asarray(np.minimum(FEWEST_POINTS + more, POINTS).astype(int))
