"""Where a mixture may begin: splits of individuals along directions that don't look normal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Directions:
    """Projections of individuals, each with mean 0 and variance 1.

    Parameters
    ----------
    values : ndarray, shape (N, d)
    skewness, kurtosis : ndarray, shape (d,)
        The kurtosis of a normal distribution is 3.
    """

    values: Array
    skewness: Array
    kurtosis: Array


def directions(Z: Array, Y: Array) -> Directions:
    """Project on axes along which groups or gradients would show.

    These are the columns and their principal components, and on white coordinates the
    eigenvectors of the fourth moments (Cardoso 1989, ICASSP; Pena & Prieto 2001, JASA
    96:1433) and of the third moments with the most skewed of them.

    Parameters
    ----------
    Z : ndarray, shape (N, p)
    Y : ndarray, shape (N, q)
        White coordinates of the same individuals.

    Returns
    -------
    Directions
        The last is the first principal component.
    """
    columns = Z[:, Z.std(axis=0) > 0]
    columns = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    fourth = Y @ _axes((Y * (Y**2).sum(axis=1)[:, None]).T @ Y)
    skewed = fourth[:, np.argmax(np.abs((fourth**3).mean(axis=0)))]
    third = Y @ _axes((Y * skewed[:, None]).T @ Y)[:, [0, -1]]
    values = np.column_stack([fourth, third, columns, columns @ _axes(columns.T @ columns)])
    values = values / values.std(axis=0)
    return Directions(values, (values**3).mean(axis=0), (values**4).mean(axis=0))


def side_splits(found: Directions) -> list[Array]:
    """Return splits of individuals, ndarray of bool, shape (N,), into two sides or a tail.

    Halves along the three flattest directions, and a tail along the two most skewed.
    """
    halves = [found.values[:, j] > 0 for j in np.argsort(found.kurtosis)[:3]]
    tails = [
        found.values[:, j] * np.sign(found.skewness[j]) > 1
        for j in np.argsort(-np.abs(found.skewness))[:2]
    ]
    return halves + tails


def shape_splits(Z: Array, Y: Array, found: Directions) -> list[Array]:
    """Return splits into groups with the same mean: by distance, by the sign of a product."""
    distance = (Y**2).sum(axis=1)
    longest = found.values[:, np.argmax(found.kurtosis)]
    splits = [distance > np.quantile(distance, 0.7), np.abs(longest) > 1]
    for values in (Y, found.values[:, -1 - Z.shape[1] :]):
        if values.shape[1] > 1:
            a, b = _most_linked_squares(values)
            splits.append(values[:, a] * values[:, b] > 0)
    return splits


def _most_linked_squares(values: Array) -> tuple[int, int]:
    """Find two columns whose squares go together more than a normal distribution says."""
    squares = values**2
    excess = squares.T @ squares / len(values) - 2 * (values.T @ values / len(values)) ** 2
    np.fill_diagonal(excess, -np.inf)
    a, b = np.unravel_index(int(np.argmax(excess)), excess.shape)
    return int(a), int(b)


def _axes(matrix: Array) -> Array:
    return np.asarray(np.linalg.eigh(matrix)[1])
