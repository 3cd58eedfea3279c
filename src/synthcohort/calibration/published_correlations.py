"""Published correlations: within groups, whether they can hold together, and as slopes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthcohort.calibration.marginals import CrossedGroups, Marginal
from synthcohort.calibration.published_summary import PublishedFigure
from synthcohort.scene import Problem, SceneError

Array = np.ndarray
_SMALLEST = 1e-8
_STEPS = 2001


@dataclass(frozen=True)
class Within:
    """Correlations within groups of the variables that have any.

    Parameters
    ----------
    names : list of str
    matrix : ndarray, shape (p, p)
    assumed : list of str
        Pairs without a figure, taken as uncorrelated within groups.
    """

    names: list[str]
    matrix: Array
    assumed: list[str]


def within_groups(
    figures: list[PublishedFigure],
    marginals: dict[str, Marginal],
    cells: CrossedGroups,
    source: str,
) -> Within:
    """Take from each correlation what the groups bring about, and check the rest.

    Parameters
    ----------
    figures : list of PublishedFigure
        Correlations over everybody.
    marginals : dict of str to Marginal
    cells : CrossedGroups
    source : str
        Named in errors.

    Returns
    -------
    Within

    Raises
    ------
    SceneError
        If a pair is impossible for its means and SDs, or the pairs together are: the pair that
        needs the smallest change is named, with the nearest feasible value.
    """
    pairs = {(f.variable, f.other): f.value for f in figures}
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    matrix, problems = np.eye(len(names)), []
    given = {}
    for (a, b), value in pairs.items():
        i, j = names.index(a), names.index(b)
        low, high, inside = _range(marginals[a], marginals[b], cells, value)
        if not -1 < inside < 1:
            allowed = f"between {low:.3f} and {high:.3f}"
            text = f"got {value:g}, allowed: {allowed}, given their means and SDs by group"
            problems.append(Problem(f"correlation of {a} and {b}", text))
        matrix[i, j] = matrix[j, i] = inside
        given[i, j] = (a, b, value)
    if problems:
        raise SceneError(source, problems)
    if given and np.linalg.eigvalsh(matrix)[0] < _SMALLEST:
        raise SceneError(source, [_not_positive_definite(matrix, given, marginals, cells)])
    assumed = [
        f"{names[i]} and {names[j]}"
        for j in range(len(names))
        for i in range(j)
        if (i, j) not in given and (j, i) not in given
    ]
    return Within(names, matrix, assumed)


def _range(
    a: Marginal, b: Marginal, cells: CrossedGroups, value: float
) -> tuple[float, float, float]:
    """Feasible correlations over everybody, and the one within groups that gives `value`."""
    p = cells.probability
    means, sds = [], []
    for marginal in (a, b):
        shifts = np.array([cells.effect(marginal.shift, 0.0, c) for c in cells.levels])
        spread = np.array([cells.effect(marginal.spread, 1.0, c) for c in cells.levels])
        means.append(shifts - p @ shifts)
        sds.append(marginal.sd * spread)
    between = float(p @ (means[0] * means[1]))
    inner = float(p @ (sds[0] * sds[1]))
    total = [np.sqrt(p @ (s**2 + m**2)) for s, m in zip(sds, means, strict=True)]
    scale = float(total[0] * total[1])
    return (between - inner) / scale, (between + inner) / scale, (value * scale - between) / inner


def _not_positive_definite(
    matrix: Array,
    given: dict[tuple[int, int], tuple[str, str, float]],
    marginals: dict[str, Marginal],
    cells: CrossedGroups,
) -> Problem:
    """Name the pair whose change alone, the smallest, makes all correlations possible."""
    best = None
    for (i, j), (a, b, value) in given.items():
        low, high, inside = _range(marginals[a], marginals[b], cells, value)
        for candidate in _feasible(matrix, i, j):
            change = abs(candidate - inside)
            if best is None or change < best[0]:
                best = (change, a, b, value, low + (high - low) * (candidate + 1) / 2)
    if best is None:
        names = ", ".join(f"{a} and {b}" for a, b, _ in given.values())
        text = "are impossible together, and no change of one alone makes them possible"
        return Problem(f"correlations of {names}", text)
    _, a, b, value, near = best
    text = f"got {value:g}, impossible with the others; the nearest that is possible is {near:.3f}"
    return Problem(f"correlation of {a} and {b}", text)


def _feasible(matrix: Array, i: int, j: int) -> list[float]:
    """Find the lowest and highest value of one correlation that all can hold with."""
    trial = np.repeat(matrix[None], _STEPS, axis=0)
    values = np.linspace(-1, 1, _STEPS)
    trial[:, i, j] = trial[:, j, i] = values
    fine = values[np.linalg.eigvalsh(trial)[:, 0] > _SMALLEST]
    return [float(fine[0]), float(fine[-1])] if len(fine) else []


def slopes(within: Within, sd: Array) -> tuple[list[dict[str, float]], Array]:
    """Regress each variable on those before it, which reproduces the correlations exactly.

    Parameters
    ----------
    within : Within
    sd : ndarray, shape (p,)
        SDs within groups.

    Returns
    -------
    slopes : list of dict of str to float
        By variable, on the variables before it.
    noise : ndarray, shape (p,)
        SDs of what is left.
    """
    covariance = within.matrix * np.outer(sd, sd)
    found: list[dict[str, float]] = []
    noise = []
    for j, _ in enumerate(within.names):
        slope = np.linalg.solve(covariance[:j, :j], covariance[:j, j])
        found.append(dict(zip(within.names[:j], map(float, slope), strict=True)))
        noise.append(np.sqrt(covariance[j, j] - slope @ covariance[:j, j]))
    return found, np.array(noise)
