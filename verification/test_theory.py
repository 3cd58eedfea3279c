"""Theory against simulation at full size: `pytest verification` (minutes)."""

import pytest
from tests.exact_theory.test_exact_moments import worst_z

from synthcohort.scene import catalogue


@pytest.mark.parametrize("name", catalogue.names())
def test_a_million_individuals(name: str) -> None:
    """Every mean, SD and correlation within 4 SE: about 1,000 tests, the seed is fixed."""
    worst = worst_z(name, 1_000_000)
    print(f"{name}: largest deviation {worst:.2f} SE")
    assert worst < 4
