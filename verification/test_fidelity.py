"""The scenes of HAALSI's first wave against every usable published figure, a million each."""

import pytest

from synthcohort.fidelity_check import counts
from synthcohort.fidelity_check.fidelity_run import fidelity


@pytest.mark.parametrize("name", ["haalsi_wave1", "haalsi_wave1_two_groups"])
def test_every_usable_figure_is_met(name: str) -> None:
    found = counts(fidelity(name))
    assert found["usable"] == 119
    assert found["not met"] == 0
