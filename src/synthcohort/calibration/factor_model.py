"""Factors of a correlation matrix: how many, and their loadings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.decomposition import FactorAnalysis
from sklearn.exceptions import ConvergenceWarning

Array = np.ndarray
_DRAWS = 200
_SMALLEST = 1e-4
_POOR = 0.05
_POOR_PAIR = 0.03
_VARIABLES_A_STEP = 20


@dataclass(frozen=True)
class Factors:
    """A factor model of standardised variables.

    Parameters
    ----------
    loadings : ndarray, shape (p, m)
        Varimax-rotated, the factor that explains most first, each with a positive sum.
    uniqueness : ndarray, shape (p,)
        Variances of what is not common.
    misfit : float
        Root mean square of the correlations that the factors do not carry.
    converged : bool
        Whether the likelihood reached its maximum.
    eigenvalues : DataFrame
        ``eigenvalue`` of the correlations and what is expected ``by chance`` (95th percentile).
    by_chance : int
        Number of eigenvalues above chance.
    repaired : float
        Largest change that made the correlations positive definite; 0 where they were.
    """

    loadings: Array
    uniqueness: Array
    misfit: float
    converged: bool
    eigenvalues: pd.DataFrame
    by_chance: int
    repaired: float

    @property
    def identified(self) -> int:
        """Factors that the correlations can identify at most."""
        return most_factors(len(self.loadings))


def factors_of(
    correlation: Array,
    n: int,
    rng: np.random.Generator,
    number: int | None = None,
    identified: bool = True,
) -> Factors:
    """Fit a factor model by maximum likelihood, rotated by varimax.

    Parameters
    ----------
    correlation : ndarray, shape (p, p)
    n : int
        People behind each correlation (the fewest).
    rng : Generator
        For the parallel analysis.
    number : int, optional
        Number of factors. By default as many as there are eigenvalues above the 95th percentile
        of those of independent variables (parallel analysis, Horn 1965, Psychometrika 30:179),
        and then more until no correlation is off by more than 0.03 and the root mean square is
        at most 0.05, if need be more than are identified.
    identified : bool, default True
        Whether a number that is asked for is lowered to what the correlations identify.

    Returns
    -------
    Factors
    """
    matrix, repaired = positive_definite(correlation)
    eigenvalues = _parallel(matrix, n, rng)
    above = (eigenvalues["eigenvalue"] > eigenvalues["by chance"]).to_numpy()
    by_chance = int(np.cumprod(above).sum())
    p = len(matrix)
    step = 1 + p // _VARIABLES_A_STEP
    most = most_factors(p) if identified else p
    tried = range(min(by_chance, p - 1), p, step) if number is None else [min(number, most)]
    for m in tried:
        loadings, uniqueness, converged = _fit(matrix, m)
        off = _left(matrix, loadings)
        misfit = float(np.sqrt(np.mean(off**2))) if len(off) else 0.0
        if misfit <= _POOR and np.abs(off).max(initial=0.0) <= _POOR_PAIR:
            break
    return Factors(loadings, uniqueness, misfit, converged, eigenvalues, by_chance, repaired)


def _fit(matrix: Array, m: int) -> tuple[Array, Array, bool]:
    p = len(matrix)
    if m == 0:
        return np.zeros((p, 0)), np.ones(p), True
    # Rows with exactly these correlations: the library takes data, not a matrix.
    root = np.linalg.cholesky(matrix).T * np.sqrt(p)
    model = FactorAnalysis(m, rotation="varimax", tol=1e-5, max_iter=5000, svd_method="lapack")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        model.fit(np.vstack([root, -root]))
    loadings = model.components_.T
    loadings = loadings * np.where(loadings.sum(axis=0) < 0, -1, 1)
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    return loadings[:, order], model.noise_variance_, not caught


def _left(matrix: Array, loadings: Array) -> Array:
    """Correlations that the factors do not carry, by pair."""
    return np.asarray((matrix - loadings @ loadings.T)[np.triu_indices(len(matrix), 1)])


def most_factors(p: int) -> int:
    """Largest number of factors of p variables that their correlations can identify (Ledermann).

    Examples
    --------
    >>> [most_factors(p) for p in (2, 3, 6, 14)]
    [0, 1, 3, 9]
    """
    return max(int((2 * p + 1 - np.sqrt(8 * p + 1)) / 2), 0)


def positive_definite(correlation: Array) -> tuple[Array, float]:
    """Nearest correlation matrix without negative eigenvalues, and the largest change."""
    values, vectors = np.linalg.eigh(correlation)
    if values[0] >= _SMALLEST:
        return correlation, 0.0
    fixed = (vectors * np.maximum(values, _SMALLEST)) @ vectors.T
    scale = np.sqrt(np.diag(fixed))
    fixed = fixed / np.outer(scale, scale)
    return fixed, float(np.abs(fixed - correlation).max())


def _parallel(correlation: Array, n: int, rng: np.random.Generator) -> pd.DataFrame:
    p = len(correlation)
    own = np.linalg.eigvalsh(correlation)[::-1]
    if p == 1 or n <= p:
        return pd.DataFrame({"eigenvalue": own, "by chance": np.full(p, np.inf)})
    draws = stats.wishart(df=n - 1, scale=np.eye(p)).rvs(_DRAWS, random_state=rng)
    scale = np.sqrt(np.einsum("sii->si", draws))
    chance = np.linalg.eigvalsh(draws / scale[:, :, None] / scale[:, None, :])[:, ::-1]
    return pd.DataFrame({"eigenvalue": own, "by chance": np.quantile(chance, 0.95, axis=0)})
