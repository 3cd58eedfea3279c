"""New people: those who were not in the fit are assigned as well as those who were."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from synthcohort import BootstrapClustering, generate
from synthcohort.clustering.base.base_clusterers import make_base
from synthcohort.clustering.preprocessing import prepare


@pytest.mark.parametrize("name", ["kmeans", "gaussian_mixture"])
def test_new_draws_of_a_scene_score_as_well(name: str) -> None:
    """600 fitted and 600 new people: the ARI against the region differs by less than 0.06."""
    old, new = (generate("haalsi_example", size=600, seed=seed) for seed in (1, 2))
    names = old.scene.experiment.biomarkers
    prepared = prepare(old.X[names], "zscore", False, {}, old.metadata)
    base = make_base(name, 3, False)
    model = BootstrapClustering(base, n_bootstraps=15, n_jobs=1).fit(prepared.values)
    found = model.predict(prepared.apply(new.X[names], new.metadata))
    fitted = adjusted_rand_score(old.metadata["region"], model.labels_)
    assert adjusted_rand_score(new.metadata["region"], found) == pytest.approx(fitted, abs=0.06)
    assert np.mean(model.predict(prepared.values) == model.labels_) > 0.99
