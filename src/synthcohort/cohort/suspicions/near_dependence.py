"""Columns that are nearly a sum or a ratio of others: whitening raises their rounding error."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from synthcohort.cohort.suspicions.suspicion import SeenTable, Suspicion, column

Array = np.ndarray

_NEARLY = 0.99
"""Share of a column's variance that others explain, from which it counts as made of them."""
_MATTERS = 0.05
_FEWEST = 20
_EXACT = 1e9
"""A larger condition number is that of an exact dependence and of rounding."""


def dependence(seen: SeenTable) -> Iterator[Suspicion]:
    """Name columns that others make up, with their weights, where components are whitened."""
    if not seen.whitened:
        return
    X = pd.DataFrame({name: seen.numbers[name].values for name in seen.biomarkers}).dropna()
    X = X.loc[:, X.std() > 0]
    if len(X) < max(_FEWEST, 3 * X.shape[1]) or X.shape[1] < 2:
        return
    condition = float(np.linalg.cond(np.corrcoef(X.to_numpy(), rowvar=False)))
    rest = X
    while (made := _made(rest)) is not None:
        name, weights, share = made
        parts = " + ".join(f"{weight:.3g} {other}" for other, weight in weights.items())
        yield _suspicion(seen, name, parts.replace("+ -", "- "), share, condition)
        rest = rest.drop(columns=name)
    logs = pd.DataFrame(np.log(rest.loc[:, (rest > 0).all()]))
    while (made := _made(logs)) is not None:
        name, weights, share = made
        parts = " x ".join(f"{other}^{weight:.3g}" for other, weight in weights.items())
        yield _suspicion(seen, name, parts, share, condition)
        logs = logs.drop(columns=name)


def _suspicion(seen: SeenTable, name: str, parts: str, share: float, condition: float) -> Suspicion:
    number = f"{condition:,.0f}" if condition < _EXACT else f"over {_EXACT:,.0f}"
    return Suspicion(
        "dependence",
        column(seen.numbers[name].column),
        f"{name} is nearly {parts} ({100 * share:.2f} % of its variance; the condition number of "
        f"the correlations is {number}), and whitening raises what is left, such as rounding, to "
        "a dimension of its own",
        f"leave {name} out of experiment.biomarkers, or set experiment.whiten_min_share = 0.01",
        f"nearly {parts}: left out, or experiment.whiten_min_share",
    )


def _made(X: pd.DataFrame) -> tuple[str, dict[str, float], float] | None:
    """Find the column that others explain best, their weights in its units, and the share."""
    if X.shape[1] < 2:
        return None
    scale = X.std(ddof=0).to_numpy()
    Z = (X - X.mean()).to_numpy() / scale
    # Share of each column's variance that the others explain, from the inverse correlations.
    precision = np.linalg.pinv(np.cov(Z, rowvar=False, ddof=0), hermitian=True, rcond=1e-12)
    shares = 1 - 1 / np.maximum(np.diag(precision), 1)
    exact = _exact(Z)
    shares[exact] = 1.0
    target = int(np.argmax(shares))
    if shares[target] < _NEARLY:
        return None
    others = [i for i in range(X.shape[1]) if i != target]
    used, beta = _fit(Z, target, others)
    share = 1 - float(np.mean((Z[:, target] - Z[:, used] @ beta) ** 2))
    weights = {
        str(X.columns[i]): float(b * scale[target] / scale[i])
        for i, b in zip(used, beta, strict=True)
    }
    return str(X.columns[target]), weights, share


def _exact(Z: Array) -> Array:
    """Columns that take part in an exact dependence, the last of them only."""
    values, vectors = np.linalg.eigh(Z.T @ Z / len(Z))
    found = np.zeros(Z.shape[1], dtype=bool)
    for value, vector in zip(values, vectors.T, strict=True):
        if value < 1e-10:
            found[np.flatnonzero(np.abs(vector) > 1e-3)[-1]] = True
    return found


def _fit(Z: Array, target: int, others: list[int]) -> tuple[list[int], Array]:
    """Regress on the others, then on those alone that matter."""
    beta, *_ = np.linalg.lstsq(Z[:, others], Z[:, target], rcond=None)
    used = [i for i, b in zip(others, beta, strict=True) if abs(b) > _MATTERS]
    return used, np.linalg.lstsq(Z[:, used], Z[:, target], rcond=None)[0]
