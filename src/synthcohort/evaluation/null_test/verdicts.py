"""The verdict on a table: groups, a gradient, nothing more than correlation, or cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from joblib import delayed

from synthcohort.clustering.reference_data import Copula, fit_copula
from synthcohort.evaluation.null_test.explanations import Explanation, explain
from synthcohort.evaluation.null_test.mixture_evidence import STATISTICS, components_for, evidence
from synthcohort.evaluation.null_test.peaks_of_columns import Peaks, peaks_of
from synthcohort.evaluation.null_test.separation import ari_between, seen_from
from synthcohort.machine.worker_processes import in_processes

Array = np.ndarray

GROUPS = "groups"
GRADIENT = "a gradient"
NOTHING = "nothing more than correlation"
CANNOT_TELL = "cannot tell"
LEVEL = 0.05
REFERENCES = 99
MOST = 5000
"""Individuals beyond whom a sample is tested: the cost grows with them, power hardly."""
FEWEST = 20

_FIRST_LOOK = 19
_HOPELESS = 0.25
_FLOORS = np.array([0.05] * len(STATISTICS) + [0.15])
"""Smallest SD of a statistic among references that is believed."""
_MARGIN = 2.0
"""Difference of BIC that counts for something (Kass & Raftery 1995, JASA 90:773)."""
_SHOULD_SEE = 0.8
"""Groups that allow this ARI should have been seen, or the test could not tell."""


@dataclass(frozen=True)
class Verdict:
    """What a table shows, and how sure that is.

    Parameters
    ----------
    word : str
        "groups", "a gradient", "nothing more than correlation" or "cannot tell".
    p_value : float
        Of the test that there is more than margins, ties, correlations and tails; NaN where
        there were too few individuals to test.
    references : int
        Data sets without groups that it was compared with.
    individuals : int
        How many were tested.
    strongest : str
        The statistic that is most extreme.
    excess : float
        By how many SDs of the references.
    separation : float
        Distance, in SDs within groups, from which two equal groups would have been seen in
        80 % of tables like this.
    explanation : Explanation or None
        What groups and gradients explain, where p is at most 0.05.
    degrees : float
        Degrees of freedom of the references' t copula.
    """

    word: str
    p_value: float
    references: int
    individuals: int
    strongest: str
    excess: float
    separation: float
    explanation: Explanation | None
    degrees: float

    def summary(self) -> dict[str, Any]:
        """Return everything in one dictionary for JSON.

        NaN and "" where nothing was explained, and for the degrees of a normal copula.
        """
        nan = float("nan")
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "explanation"}
        own["degrees"] = self.degrees if np.isfinite(self.degrees) else nan
        return own | asdict(self.explanation or Explanation(nan, nan, "", ""))


def verdict_on(
    X: Array,
    seed: int,
    references: int = REFERENCES,
    workers: int = 1,
    tell: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Test whether a table shows more than correlation, and if so whether it is groups.

    Parameters
    ----------
    X : ndarray, shape (N, p)
        Without missing values. Monotone changes of a column change little.
    seed : int
    references : int, default 99
        Fewer are drawn where after the first 19 at least a quarter are as extreme.
    workers : int, default 1
        Changes nothing but the time.
    tell : callable, optional
        Called with the references that are done and how many there are.

    Returns
    -------
    Verdict

    Notes
    -----
    Each data set in turn is compared with all others, in SDs by statistic; the p-value is
    the rank of the data's most extreme one, exact if data and references are exchangeable.
    Stopping early where p is large can't make a rejection.
    """
    X = _varying(X, seed)
    if len(X) < FEWEST or X.shape[1] == 0:
        nan = float("nan")
        return Verdict(CANNOT_TELL, nan, 0, len(X), "", nan, nan, None, np.inf)
    copula = fit_copula(X, np.random.default_rng([seed, 8, 0]))
    columns = [found for found in map(peaks_of, X.T) if found is not None]
    own = [*evidence(X, np.random.default_rng([seed, 8, 1])), _most(p.own for p in columns)]
    values = np.array([own])
    for count in sorted({min(_FIRST_LOOK, references), references}):
        numbers = range(len(values), count + 1)
        drawn = in_processes(
            (delayed(_reference)(copula, columns, seed, number) for number in numbers),
            min(workers, len(numbers)),
        )
        for row in drawn:
            values = np.vstack([values, row])
            if tell is not None:
                tell(len(values) - 1, references)
        p, z, critical = rank_test(values)
        if p > _HOPELESS:
            break
    best = int(np.argmax(z))
    separation = _separation(values, X.shape, critical)
    explanation = explain(X, np.random.default_rng([seed, 8, 2])) if p <= LEVEL else None
    return Verdict(
        _word(separation, explanation),
        p,
        len(values) - 1,
        len(X),
        (*STATISTICS, "two peaks of a column")[best],
        float(z[best]),
        separation,
        explanation,
        copula.degrees,
    )


def rank_test(values: Array) -> tuple[float, Array, float]:
    """Rank the data's most extreme statistic among those of the references.

    Parameters
    ----------
    values : ndarray, shape (1 + references, 6)
        Large where there is structure; the first row is that of the data.

    Returns
    -------
    p_value : float
    z : ndarray, shape (6,)
        Of the data, in SDs from the references' mean.
    critical : float
        The references' 95 % quantile of the most extreme z.
    """
    z = np.empty_like(values)
    total, squares, m = values.sum(axis=0), (values**2).sum(axis=0), len(values) - 1
    mean = (total - values) / m
    variance = np.maximum((squares - values**2) / m - mean**2, 0.0) * m / max(m - 1, 1)
    z = (values - mean) / np.maximum(np.sqrt(variance), _FLOORS)
    top = z.max(axis=1)
    return float((top >= top[0]).mean()), z[0], float(np.quantile(top[1:], 1 - LEVEL))


def _word(separation: float, explanation: Explanation | None) -> str:
    if explanation is not None:
        difference = explanation.groups - explanation.gradient
        if abs(difference) <= _MARGIN:
            return CANNOT_TELL
        return GROUPS if difference > 0 else GRADIENT
    return CANNOT_TELL if ari_between(separation) > _SHOULD_SEE else NOTHING


def _varying(X: Array, seed: int) -> Array:
    X = np.asarray(X, dtype=float)
    if len(X) > MOST:
        X = X[np.sort(np.random.default_rng([seed, 8]).permutation(len(X))[:MOST])]
    return X[:, (X[:1] != X).any(axis=0)] if len(X) else X


def _reference(copula: Copula, columns: list[Peaks], seed: int, number: int) -> Array:
    rng = np.random.default_rng([seed, 9, number])
    return np.array([*evidence(copula.draw(rng), rng), _most(c.flat(rng) for c in columns)])


def _most(values: Iterable[float]) -> float:
    return max(values, default=0.0)


def _separation(values: Array, shape: tuple[int, int], critical: float) -> float:
    two = values[1:, STATISTICS.index("two groups")]
    needed = two.mean() + critical * max(two.std(ddof=1), _FLOORS[0])
    q = min(shape[1], components_for(shape[0]))
    return seen_from(shape[0], float(needed), (q + 1) / 2)
