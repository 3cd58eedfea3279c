"""Pairs come by the product of their weights, whatever the weights."""

import numpy as np
import pytest

from synthcohort.clustering.consensus.sampled_pairs import sample_pairs

DRAWS = 200_000


@pytest.mark.parametrize(
    "weight",
    [
        [1.0, 2.0, 3.0, 4.0],
        [0.0, 0.0, 1e18, 1.0, 1.0, 0.0],
        [1.0, 1e-12, 0.0, 1e15, 2.0],
        [5.0, 0.0, 1.0, 0.0],
        [1e300, 3e299, 1.0],
        [1.0, 1e-320, 0.0],
    ],
)
def test_shares_of_pairs_are_products_of_weights(weight: list[float]) -> None:
    given = np.array(weight)
    first, second = sample_pairs(len(given), DRAWS, 3, given)
    assert (first != second).all()
    found = np.zeros((len(given), len(given)))
    np.add.at(found, (first, second), 1 / DRAWS)
    expected = np.outer(given / given.max(), given / given.max())
    np.fill_diagonal(expected, 0)
    expected = expected / expected.sum() if expected.sum() else (found > 0) / 2
    assert found[expected == 0].sum() == 0
    error = np.sqrt(expected * (1 - expected) / DRAWS)
    assert (np.abs(found - expected) <= 5 * error + 1e-12).all()
