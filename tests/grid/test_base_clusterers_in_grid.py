"""Base clusterers from a scene's experiment: cells, notes and clear errors."""

import pytest

from synthcohort import SceneError, generate, load_scene
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.whole_grid import run_grid

SMALL = {"whiten": [False], "resolutions": [1.0], "bootstraps": 4, "references": 0}


def grid(size=200, **settings):
    scene = with_settings(load_scene("planted_profiles"), size, None, SMALL | settings)
    return run_grid(cohort_of(generate(scene)), False, 1, lambda *_: None)


def test_several_clusterers_in_one_grid() -> None:
    base = {"gaussian_mixture": [3], "hdbscan": [10], "latent_class": [2]}
    found = grid(preprocessings=["zscore", "binary"], base=base)
    assert set(found.labels) == {
        "zscore.gaussian_mixture3.r1",
        "zscore.hdbscan10.r1",
        "binary.gaussian_mixture3.r1",
        "binary.hdbscan10.r1",
        "binary.latent_class2.r1",
    }
    assert "latent class analysis: only after binary, not whitened." in found.notes


def test_latent_classes_need_their_preprocessing() -> None:
    message = r"experiment\.base\.latent_class: needs the preprocessing 'binary', not whitened"
    with pytest.raises(SceneError, match=message):
        grid(preprocessings=["zscore"], base={"latent_class": [2]})


def test_latent_classes_need_the_extra(monkeypatch) -> None:
    monkeypatch.setattr("synthcohort.clustering.base.latent_classes.find_spec", lambda _: None)
    with pytest.raises(SceneError, match=r"needs StepMix, allowed after: pip install"):
        grid(preprocessings=["binary"], base={"latent_class": [2]})


def test_more_clusters_than_distinct_rows() -> None:
    message = r"got k = 190 for binary, allowed: at most its \d+ distinct rows"
    with pytest.raises(SceneError, match=message):
        grid(preprocessings=["binary"], base={"kmeans": [190]})
