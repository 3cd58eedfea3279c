"""The null comparison of a run: what it compares, remembers, leaves out and leads to."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from synthcohort import generate
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.cohort.participants import Clustered, clustered
from synthcohort.grid import reference_cell
from synthcohort.grid.plan import plan_analyses
from synthcohort.grid.reference_comparison import ReferenceComparison, compare_with_references
from synthcohort.grid.verdict_of_grid import verdict_of
from synthcohort.machine.caches import CACHE
from synthcohort.scene import Scene, load_scene
from synthcohort.task_store.stored_results import TaskStore

FAST = {
    "base": {"kmeans": [2, 4]},
    "preprocessings": ["zscore"],
    "resolutions": [1.0],
    "bootstraps": 8,
    "references": 3,
}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))


def people(name: str, size: int = 250, **settings: object) -> tuple[Scene, Clustered]:
    scene = with_settings(load_scene(name), size, 7, FAST | settings)
    return scene, clustered(cohort_of(generate(scene)))


def compare(scene: Scene, who: Clustered, workers: int = 1) -> ReferenceComparison:
    analyses = plan_analyses(scene.experiment)
    return compare_with_references(
        scene, who, analyses, False, workers, lambda *_: None, TaskStore()
    )


def test_every_setting_and_partition_is_compared() -> None:
    found = compare(*people("planted_profiles", 120, resolutions=[0.5, 1.0]))
    assert found.settings["k"].tolist() == [2, 4, 2, 4]
    assert len(found.band) == 8
    assert (found.band["reference_low"] <= found.band["reference_high"]).all()
    inside = found.settings["pac_reference"].between(
        found.settings["pac_reference_low"], found.settings["pac_reference_high"]
    )
    assert inside.all()
    assert found.notes == []


def test_four_profiles_are_more_compact_than_their_references() -> None:
    """By far: the profiles' ceiling is an ARI above 0.95."""
    found = compare(*people("planted_profiles", whiten=[False]))
    four = found.settings[(found.settings["k"] == 4) & (found.settings["analysis"] == "zscore")]
    assert four["z_within"].iloc[0] < -5
    assert four["within"].iloc[0] < four["within_reference"].iloc[0]


def test_workers_change_nothing() -> None:
    given = people("no_clusters", 100, base={"kmeans": [2]}, whiten=[False], references=2)
    one, two = compare(*given), compare(*given, workers=2)
    pd.testing.assert_frame_equal(one.settings, two.settings)
    pd.testing.assert_frame_equal(one.band, two.band)


def test_what_a_gaussian_null_depends_on_is_remembered(tmp_path, monkeypatch) -> None:
    settings = {"base": {"kmeans": [2]}, "whiten": [True], "reference_data": "gaussian"}
    first = compare(*people("no_clusters", **settings))
    assert list(tmp_path.rglob("output.pkl"))
    calls: list[int] = []
    measure = reference_cell.measure
    monkeypatch.setattr(reference_cell, "measure", lambda *a: calls.append(1) or measure(*a))
    again = compare(*people("planted_profiles", **settings))  # other data of the same shape
    assert calls == []
    assert (again.settings["pac_reference"] == first.settings["pac_reference"]).all()
    monkeypatch.setenv(CACHE, str(tmp_path / "another"))
    without = compare(*people("no_clusters", **settings))
    assert len(calls) == 3
    pd.testing.assert_frame_equal(without.settings, first.settings)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(CACHE, str(tmp_path / "file" / "below"))
    setting = reference_cell.Setting("kmeans", 2, 3, (1.0,), "all", False)
    direct = reference_cell.measure(reference_cell.normal_reference(40, 2, 1), setting, 1)
    assert np.array_equal(reference_cell.measure_normal(40, 2, setting, 1), direct, equal_nan=True)


def test_whitening_a_gaussian_reference_gives_what_is_remembered() -> None:
    """The same distances, so the shortcut is no other null."""
    from scipy.spatial.distance import pdist

    from synthcohort.clustering.preprocessing import prepare
    from synthcohort.clustering.reference_data import gaussian_reference

    X = generate("planted_profiles", size=100).X
    normal = reference_cell.normal_reference(*X.shape, 1)
    reference = prepare(
        gaussian_reference(X, normal), "zscore", True, {}, pd.DataFrame(index=X.index)
    )
    scale = np.sqrt((100 - 1) / 100)  # the covariance of whitened data is 1 by n - 1
    assert np.allclose(pdist(reference.values), scale * pdist(normal))


def test_what_cannot_be_compared_is_said() -> None:
    settings = {"whiten": [False], "references": 1}
    scene, who = people("planted_profiles", base={"kmeans": [2, 200]}, **settings)
    few = replace(who, X=who.X.iloc[:150], groups=who.groups.iloc[:150])
    found = compare(scene, few)
    assert found.settings["k"].tolist() == [2]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("zscore.kmeans200: not compared with reference data sets: ")
    scene, _ = people("planted_profiles", base={"kmeans": [200]}, **settings)
    nothing = compare(scene, few)
    assert nothing.settings.empty
    assert nothing.band.empty


def test_survey_weights_draw_the_sample(monkeypatch) -> None:
    """Of individuals who stand for nobody there is none in the comparison."""
    import synthcohort.grid.reference_comparison as comparison

    monkeypatch.setattr(comparison, "SIZE", 100)
    scene, who = people("planted_profiles", base={"kmeans": [2]}, whiten=[False], references=1)
    weight = np.where(np.arange(250) < 60, 1.0, 0.0)
    weighted = compare(scene, replace(who, weight=weight))
    first = replace(who, X=who.X.iloc[:60], groups=who.groups.iloc[:60])
    assert weighted.settings["within"].iloc[0] == compare(scene, first).settings["within"].iloc[0]


def test_individuals_of_no_weight_have_no_part_in_the_verdict() -> None:
    """Two groups, one of them with a weight of 0."""
    _, who = people("planted_profiles")
    first = replace(who, X=who.X.iloc[:60], groups=who.groups.iloc[:60])
    weight = np.where(np.arange(250) < 60, 1.0, 0.0)
    told: list[str] = []
    weighted = verdict_of(replace(who, weight=weight), 1, 1, lambda stage, *_: told.append(stage))
    assert weighted == verdict_of(first, 1, 1, lambda *_: None)
    assert weighted.individuals == 60
    assert set(told) == {"null test"}
