"""Names of partitions: those that readers know, and never one for two."""

import math

import pytest

from synthcohort.results.partition_keys import Cell


@pytest.mark.parametrize(
    ("resolution", "name"),
    [(1.0, "r1"), (0.1, "r0.1"), (1.1, "r1.1"), (1.0000001, "r1.0000001"), (1e-7, "r1e-07")],
)
def test_a_partition_is_named_by_its_resolution(resolution: float, name: str) -> None:
    assert Cell("zscore", "kmeans", 8).at(resolution).name == f"zscore.kmeans8.{name}"


def test_neighbouring_numbers_have_different_names() -> None:
    cell = Cell("zscore", "kmeans", 8)
    for value in (0.1, 1.0, 1.1, 3.0, 1234567.0):
        assert cell.at(value).name != cell.at(math.nextafter(value, 9e9)).name
