"""The difficulty dial on three scenes, checked on other individuals than it was set with."""

import pytest

from synthcohort import ceiling, tune
from synthcohort.population import with_overrides

SCENES = [
    ("haalsi_example", "region"),
    ("planted_profiles", "profile"),
    ("trap_whitening_hides", "profile"),
]


@pytest.mark.parametrize("target", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(("name", "group"), SCENES)
def test_targets_within_a_hundredth(name: str, group: str, target: float) -> None:
    """The SE of a ceiling from 200,000 individuals is about 0.001."""
    tuned = with_overrides(tune(name, ceiling=target, group=group), seed=987)
    found = ceiling(tuned, group, size=200_000)
    print(f"{name}, {target}: {found.value:.4f} (SE {found.standard_error:.4f})")
    assert abs(found.value - target) < 0.01
