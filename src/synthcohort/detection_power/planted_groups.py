"""Groups planted in a scene without any: how many, how large, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthcohort.population.linear_model import LinearModel
from synthcohort.population.strata import Strata
from synthcohort.scene import Problem, Scene, SceneError, load_scene, to_dict
from synthcohort.scene.problems import nearest

Array = np.ndarray

PLANTED = "planted"
MOST = 5
FACTORS, COVARIANCE = "factors", "covariance"


@dataclass(frozen=True)
class Pattern:
    """What is planted.

    Parameters
    ----------
    shares : tuple of float
        Of the groups, the largest first.
    along : str or tuple of str
        ``factors``: each group but the first is shifted along a factor of the table's own
        correlations; ``covariance``: means are equal and the first factor spreads differently;
        or names of biomarkers that are shifted together.
    """

    shares: tuple[float, ...]
    along: str | tuple[str, ...] = FACTORS

    @property
    def name(self) -> str:
        """Such as ``2 groups of 50 / 50 % along factors``."""
        sizes = " / ".join(f"{100 * share:.0f}" for share in self.shares)
        where = self.along if isinstance(self.along, str) else " and ".join(self.along)
        words = {COVARIANCE: "that differ in covariance"}.get(where, f"along {where}")
        return f"{len(self.shares)} groups of {sizes} % {words}"


def equal_shares(groups: int) -> tuple[float, ...]:
    """Shares of so many groups of one size."""
    return tuple([1 / groups] * groups)


def unequal_shares(groups: int) -> tuple[float, ...]:
    """Shares of so many groups, each half as large as the one before.

    Examples
    --------
    >>> [round(share, 3) for share in unequal_shares(3)]
    [0.571, 0.286, 0.143]
    """
    sizes = [2.0**-place for place in range(groups)]
    return tuple(size / sum(sizes) for size in sizes)


def planted(scene: Scene, pattern: Pattern) -> Scene:
    """Plant groups one unit apart in a scene, to be moved by the study's `separation`.

    Parameters
    ----------
    scene : Scene
        Without a truth; people within a group are like those of the scene.
    pattern : Pattern

    Returns
    -------
    Scene
        With the hidden group ``planted`` as its truth. Each group's mean is 1 within-group SD
        away from the first group's (Mahalanobis distance of all clustered biomarkers, before
        measurement); with ``covariance`` the first factor's SD in the second group, and its
        inverse in the next, is e times that of the first.

    Raises
    ------
    SceneError
        If a biomarker is unknown or never varies, or the scene has no factor to use.
    """
    along = _directions(scene, pattern)
    data = to_dict(scene)
    levels = [f"group_{number + 1}" for number in range(len(pattern.shares))]
    data["groups"][PLANTED] = {
        "hidden": True,
        "probabilities": dict(zip(levels, pattern.shares, strict=True)),
    }
    data["experiment"]["truth"] = PLANTED
    if pattern.along == COVARIANCE:
        first = next(iter(data["factors"]))
        signs = [0, *((-1) ** number for number in range(len(levels) - 1))]
        spread = {level: float(np.exp(sign)) for level, sign in zip(levels, signs, strict=True)}
        data["factors"][first]["spread"][PLANTED] = spread
        return load_scene(data)
    for number, level in enumerate(levels[1:]):
        shift = along[number % len(along)]
        sign = -1.0 if number // len(along) % 2 else 1.0
        for place, size in shift.items():
            kind, name = place
            effect = "mean" if kind == "factors" else "shift"
            data[kind][name][effect].setdefault(PLANTED, {})[level] = sign * size
    return load_scene(data)


def _directions(scene: Scene, pattern: Pattern) -> list[dict[tuple[str, str], float]]:
    """Shifts of factors or biomarkers that move a group by one within-group SD each."""
    model = LinearModel.of(scene)
    strata = Strata.of(model)
    weights = np.bincount(strata.spread, strata.probability, len(strata.covariances))
    covariance = np.tensordot(weights, strata.covariances, axes=1)
    names = list(scene.biomarkers)
    if pattern.along in (FACTORS, COVARIANCE):
        if not scene.factors:
            raise _wrong("the table's columns have no common factor, allowed: names of biomarkers")
        moves = [{("factors", name): 1.0} for name in scene.factors]
    else:
        chosen = (pattern.along,) if isinstance(pattern.along, str) else pattern.along
        unknown = [name for name in chosen if name not in names]
        if unknown:
            allowed = [FACTORS, COVARIANCE, *names]
            raise _wrong(f"got {unknown[0]!r}; {nearest(unknown[0], allowed)}")
        sds = dict(zip(names, np.sqrt(np.diag(covariance)), strict=True))
        moves = [{("biomarkers", name): float(sds[name]) for name in chosen}]
    kept = [names.index(name) for name in scene.experiment.biomarkers]
    lengths = [_distance(_moved(scene, names, move)[kept], covariance, kept) for move in moves]
    return [
        {place: size / length for place, size in move.items()}
        for move, length in sorted(zip(moves, lengths, strict=True), key=lambda pair: -pair[1])
        if length > 0
    ]


def _moved(scene: Scene, names: Sequence[str], move: dict[tuple[str, str], float]) -> Array:
    """Return what a move does to the biomarkers' means."""
    effect = np.zeros(len(names))
    for (kind, name), size in move.items():
        if kind == "factors":
            sd = scene.factors[name].sd
            loadings = [scene.biomarkers[n].loadings.get(name, 0.0) for n in names]
            effect += size * np.array(loadings) * (sd > 0)
        else:
            effect[names.index(name)] += size
    return effect


def _distance(effect: Array, covariance: Array, kept: Sequence[int]) -> float:
    within = covariance[np.ix_(kept, kept)]
    return float(np.sqrt(effect @ np.linalg.pinv(within, rcond=1e-9) @ effect))


def _wrong(message: str) -> SceneError:
    return SceneError("power", [Problem("along", message)])
