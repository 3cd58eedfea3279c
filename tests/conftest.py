"""One small finished run that several tests look at."""

import pytest

from synthcohort import run

SMALL = {
    "preprocessings": ["zscore", "minmax", "binary"],
    "base": {"kmeans": [2, 3]},
    "resolutions": [0.8, 1.0],
    "bootstraps": 8,
    "references": 3,
}


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    return run("haalsi_example", tmp_path_factory.mktemp("runs"), size=400, workers=1, **SMALL)
