"""A graph on which Leiden, run until stable, alternated for ever."""

import subprocess
import sys

CODE = """
import numpy as np
from synthcohort import BootstrapClustering, generate
from synthcohort.clustering.pooled import PooledKMeans
from synthcohort.clustering.preprocessing import prepare

population = generate("planted_profiles", size=2000)
scene = population.scene
X = population.X[scene.experiment.biomarkers]
cutoffs = {name: scene.biomarkers[name].cutoffs for name in X}
values = prepare(X, "binary", True, cutoffs, population.metadata).values
model = BootstrapClustering(PooledKMeans(8), n_bootstraps=30, n_jobs=1, random_state=42)
print(len(model.fit(values).partitions(scene.experiment.resolutions)))
"""


def test_partitions_end_where_moves_gain_only_rounding() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "11"
