"""When a run of a scene asks for the verdict."""

from typing import Any

import pytest

from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.verdict_of_grid import is_asked
from synthcohort.scene import load_scene

EQUAL = {"preprocessings": ["zscore", "minmax"], "whiten": [True], "base": {"kmeans": [2, 3]}}


@pytest.mark.parametrize(
    ("settings", "said", "asked"),
    [
        ({}, None, True),
        ({}, False, False),
        ({"bootstraps": 5}, None, False),
        ({"bootstraps": 5}, True, True),
        ({"bootstraps": 5, "references": 1}, None, True),
        (EQUAL | {"bootstraps": 500}, None, True),
        (EQUAL | {"bootstraps": 499}, None, False),  # equal analyses are run once
    ],
)
def test_where_it_is_a_small_part_or_wanted(
    settings: dict[str, Any], said: bool | None, asked: bool
) -> None:
    scene = with_settings(load_scene("haalsi_example"), 500, 1, settings)
    assert is_asked(scene.experiment, said) is asked
