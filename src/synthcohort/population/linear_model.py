"""A scene compiled once: its order, names as indexes, and every effect as an array."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

import numpy as np

from synthcohort.population.unequal_sampling import sampled_tables
from synthcohort.scene.model import Biomarker, Factor, Scene

Array = np.ndarray
Columns = dict[str, Array]


@dataclass(frozen=True)
class LevelEffect:
    """A number for each level of a group.

    Parameters
    ----------
    group : str
    values : ndarray, shape (n_levels,)
        In the order of the group's levels.
    """

    group: str
    values: Array

    @classmethod
    def of_table(
        cls, levels: Mapping[str, list[str]], group: str, table: Mapping[str, float]
    ) -> LevelEffect:
        """Put a table's numbers in the order of the group's levels, 0 where left out."""
        return cls(group, np.array([table.get(level, 0.0) for level in levels[group]]))

    def of(self, codes: Columns) -> Array:
        """Return the numbers of individuals with the given level codes."""
        return np.asarray(self.values[codes[self.group]])


@dataclass(frozen=True)
class CovariateEffect:
    """What a covariate adds: slope x (value - centre)."""

    covariate: str
    centre: float
    slope: float | LevelEffect

    def of(self, codes: Columns, covariates: Columns) -> Array:
        """Return the effect on individuals with the given level codes and covariates."""
        slope = self.slope.of(codes) if isinstance(self.slope, LevelEffect) else self.slope
        return np.asarray(slope * (covariates[self.covariate] - self.centre))


@dataclass(frozen=True)
class LinearVariable:
    """A factor or biomarker: what moves its mean, and how its own part varies.

    Effects stand in the order in which the scene writes them, and are added in it, so that
    sums are the same to the last bit.

    Parameters
    ----------
    name : str
    baseline : float
        0 for a factor.
    sd : float
        Of its own part: of a factor within groups, of a biomarker's noise.
    shifts, spreads : tuple of LevelEffect
        What is added to the mean, and what multiplies the SD.
    covariates : tuple of CovariateEffect
    loadings, slopes : dict of str to float
        Of a biomarker: by factor, and by other biomarker.
    """

    name: str
    baseline: float
    sd: float
    shifts: tuple[LevelEffect, ...]
    spreads: tuple[LevelEffect, ...]
    covariates: tuple[CovariateEffect, ...]
    loadings: dict[str, float]
    slopes: dict[str, float]

    def shift(self, codes: Columns, covariates: Columns) -> Array | float:
        """Add up what groups and covariates add to the mean.

        Returns
        -------
        ndarray, shape (n,), or float
            A float where nothing does.
        """
        total: Array | float = 0.0
        for effect in self.shifts:
            total = total + effect.of(codes)
        for slope in self.covariates:
            total = total + slope.of(codes, covariates)
        return total

    def own_sd(self, codes: Columns) -> Array | float:
        """SD of its own part for individuals with the given level codes.

        Returns
        -------
        ndarray, shape (n,), or float
            A float where it is the same in every group.
        """
        result: Array | float = self.sd
        for effect in self.spreads:
            result = result * effect.of(codes)
        return result


@dataclass(frozen=True)
class LinearModel:
    """The conditional linear Gaussian model of a scene.

    Parameters
    ----------
    scene : Scene
    levels : dict of str to list of str
        Levels of each group, in the scene's order of groups.
    group_order : tuple of str
        Each group after the one that it is given.
    tables : dict of str to dict
        Probabilities in the sample: by group, parent's level and level.
    factors : dict of str to LinearVariable
    biomarkers : dict of str to LinearVariable
        In the scene's order.
    order : tuple of str
        Biomarkers, each after those that it has slopes on.
    """

    scene: Scene
    levels: dict[str, list[str]]
    group_order: tuple[str, ...]
    tables: dict[str, dict[str, dict[str, float]]]
    factors: dict[str, LinearVariable]
    biomarkers: dict[str, LinearVariable]
    order: tuple[str, ...]

    @classmethod
    def of(cls, scene: Scene) -> LinearModel:
        """Compile a scene."""
        levels = {name: group.levels for name, group in scene.groups.items()}
        parents = {name: [g.given] if g.given else [] for name, g in scene.groups.items()}
        biomarkers = {n: _biomarker(scene, levels, n, m) for n, m in scene.biomarkers.items()}
        graph = {name: list(variable.slopes) for name, variable in biomarkers.items()}
        return cls(
            scene=scene,
            levels=levels,
            group_order=tuple(TopologicalSorter(parents).static_order()),
            tables=sampled_tables(scene),
            factors={n: _factor(scene, levels, n, f) for n, f in scene.factors.items()},
            biomarkers=biomarkers,
            order=tuple(TopologicalSorter(graph).static_order()),
        )

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each biomarker in the arrays."""
        return {name: i for i, name in enumerate(self.biomarkers)}

    @cached_property
    def baseline(self) -> Array:
        """Baselines, shape (p,)."""
        return np.array([marker.baseline for marker in self.biomarkers.values()])

    @cached_property
    def effects(self) -> Array:
        """Effect of one unit of each biomarker's own terms on every biomarker, slopes followed.

        Shape (p, p): (I - S)^-1, with the slopes S.
        """
        slopes = _matrix([m.slopes for m in self.biomarkers.values()], self.biomarkers)
        return np.asarray(np.linalg.inv(np.eye(len(slopes)) - slopes))

    @cached_property
    def loadings(self) -> Array:
        """Effect of one unit of each factor on every biomarker, slopes followed.

        Shape (p, n_factors).
        """
        own = _matrix([m.loadings for m in self.biomarkers.values()], self.factors)
        return np.asarray(self.effects @ own)

    def level_effects(self, group: str) -> Array:
        """Return what each level of a group adds to every biomarker's mean, (p, n_levels)."""
        n = len(self.levels[group])
        return self._followed(
            n, lambda v: [effect.values for effect in v.shifts if effect.group == group]
        )

    def covariate_effects(self, covariate: str, codes: Columns, values: Columns) -> Array:
        """Return what a covariate adds to every biomarker's mean, shape (p, n)."""
        return self._followed(
            len(values[covariate]),
            lambda v: [e.of(codes, values) for e in v.covariates if e.covariate == covariate],
        )

    def _followed(self, n: int, own: Callable[[LinearVariable], list[Array]]) -> Array:
        """Add up what moves each variable, and follow it through loadings and slopes."""

        def total(variables: Mapping[str, LinearVariable]) -> Array:
            rows = [np.sum([np.zeros(n), *own(v)], axis=0) for v in variables.values()]
            return np.array(rows).reshape(len(variables), n)

        return np.asarray(
            self.effects @ total(self.biomarkers) + self.loadings @ total(self.factors)
        )


def _matrix(rows: list[dict[str, float]], columns: Mapping[str, LinearVariable]) -> Array:
    table = [[row.get(name, 0.0) for name in columns] for row in rows]
    return np.array(table).reshape(len(rows), len(columns))


def _factor(
    scene: Scene, levels: dict[str, list[str]], name: str, factor: Factor
) -> LinearVariable:
    return LinearVariable(
        name=name,
        baseline=0.0,
        sd=factor.sd,
        shifts=_by_level(levels, factor.mean),
        spreads=_by_level(levels, factor.spread),
        covariates=_by_covariate(scene, levels, factor),
        loadings={},
        slopes={},
    )


def _biomarker(
    scene: Scene, levels: dict[str, list[str]], name: str, marker: Biomarker
) -> LinearVariable:
    others = {k: v for k, v in marker.slopes.items() if k in scene.biomarkers}
    return LinearVariable(
        name=name,
        baseline=marker.baseline,
        sd=marker.noise,
        shifts=_by_level(levels, marker.shift),
        spreads=_by_level(levels, marker.spread),
        covariates=_by_covariate(scene, levels, marker),
        loadings=dict(marker.loadings),
        slopes={name: slope for name, slope in others.items() if not isinstance(slope, dict)},
    )


def _by_level(
    levels: dict[str, list[str]], tables: dict[str, dict[str, float]]
) -> tuple[LevelEffect, ...]:
    return tuple(LevelEffect.of_table(levels, group, row) for group, row in tables.items())


def _by_covariate(
    scene: Scene, levels: dict[str, list[str]], part: Factor | Biomarker
) -> tuple[CovariateEffect, ...]:
    found = []
    for name, slope in part.slopes.items():
        if name not in scene.covariates:
            continue
        own: float | LevelEffect
        if isinstance(slope, dict):
            own = LevelEffect.of_table(levels, scene.group_of_slope(slope) or "", slope)
        else:
            own = slope
        found.append(CovariateEffect(name, scene.covariates[name].middle, own))
    return tuple(found)
