"""Preprocessing and imputation in every bootstrap sample, and who is assigned, from a scene."""

import re
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synthcohort import BootstrapClustering, SceneError, generate, load_scene, run
from synthcohort.clustering.base.base_clusterers import make_base
from synthcohort.clustering.imputed_replicates import imputed_draws
from synthcohort.clustering.preprocessing import PREPROCESSINGS, prepare
from synthcohort.clustering.preprocessing.imputation import Imputer, imputed
from synthcohort.clustering.preprocessing.refitting import Refit, encoded
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.refitted_replicates import Anew
from synthcohort.grid.whole_grid import run_grid

SMALL = {
    "preprocessings": ["zscore"],
    "whiten": [False],
    "base": {"kmeans": [3]},
    "resolutions": [1.0],
    "bootstraps": 6,
    "references": 0,
}


def example(n: int = 300):
    population = generate("haalsi_example", size=n)
    names = population.scene.experiment.biomarkers
    cutoffs = {name: population.scene.biomarkers[name].cutoffs for name in names}
    return population.X[names], population.metadata, cutoffs


def grid(scene="haalsi_example", gaps=None, size=300, **settings):
    scene = with_settings(load_scene(scene), size, None, SMALL | settings)
    population = generate(scene)
    if gaps is not None:
        for name in scene.experiment.biomarkers[:3]:
            population.measured[name][gaps.random(size) < 0.1] = np.nan
    return run_grid(cohort_of(population), False, 1, lambda *_: None)


@pytest.mark.parametrize("whiten", [False, True])
@pytest.mark.parametrize("name", PREPROCESSINGS)
def test_refit_is_the_preprocessing_of_the_rows_it_is_fitted_on(name: str, whiten: bool) -> None:
    X, groups, cutoffs = example()
    rows = np.random.default_rng(0).integers(len(X), size=len(X))
    values, levels = encoded(X, groups)
    step = Refit(name, whiten, cutoffs, list(X.columns), levels)
    found = step.fit_transform(values[rows])
    sample = X.iloc[rows].reset_index(drop=True)
    of = groups.iloc[rows].reset_index(drop=True)
    expected = prepare(sample, name, whiten, cutoffs, of)
    np.testing.assert_array_equal(found, expected.values)
    np.testing.assert_array_equal(step.transform(values), expected.apply(X, groups))


def test_imputed_values_follow_what_the_others_tell_and_vary() -> None:
    """Two columns of correlation 0.9: the slope of the draws within 4 SE, their spread right."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=4000)
    X = np.column_stack([x, 0.9 * x + np.sqrt(0.19) * rng.normal(size=4000)])
    gaps = X.copy()
    gaps[:1000, 1] = np.nan
    filled = Imputer(3).fit(gaps).transform(gaps)
    assert np.array_equal(filled[1000:], X[1000:])
    residual = filled[:1000, 1] - 0.9 * x[:1000]
    assert abs(residual.mean()) < 4 * np.sqrt(0.19 / 1000 + 0.19 / 3000)
    assert abs(residual.std() - np.sqrt(0.19)) < 4 * np.sqrt(0.19 / 2000)


def test_imputation_is_the_same_every_time_and_another_for_another_seed() -> None:
    gaps = np.random.default_rng(0).normal(size=(100, 3))
    gaps[:20, 0] = np.nan
    model = Imputer(3).fit(gaps)
    assert np.array_equal(model.transform(gaps), model.transform(gaps))
    assert not np.array_equal(Imputer(4).fit_transform(gaps), model.transform(gaps))
    low, high = np.nanmin(gaps[:, 0]), np.nanmax(gaps[:, 0])
    assert ((model.transform(gaps)[:, 0] >= low) & (model.transform(gaps)[:, 0] <= high)).all()


def test_complete_tables_are_not_touched() -> None:
    X, _, _ = example(20)
    assert imputed(X, 0) is X


def test_clustering_takes_missing_values_where_its_estimator_does() -> None:
    X, _, _ = example()
    truth = generate("haalsi_example", size=300).metadata["region"]
    gaps = X.mask(np.random.default_rng(0).random(X.shape) < 0.1)
    estimator = make_pipeline(Imputer(), StandardScaler(), make_base("kmeans", 3, False))
    model = BootstrapClustering(estimator, n_bootstraps=6, n_jobs=1).fit(gaps)
    assert adjusted_rand_score(truth, model.labels_) > 0.5
    assert adjusted_rand_score(model.labels_, model.predict(gaps)) > 0.9
    with pytest.raises(ValueError, match="contains NaN"):
        BootstrapClustering(make_base("kmeans", 3, False)).fit(gaps)


def test_imputed_values_are_those_of_the_replicate_whatever_is_done_with_them() -> None:
    """One draw a replicate for every preprocessing, another in the next, the rest untouched."""
    X, groups, cutoffs = example(100)
    gaps = X.mask(np.random.default_rng(0).random(X.shape) < 0.2)
    measured = gaps.to_numpy()
    draws = imputed_draws(measured, None, 7, range(4))
    assert np.array_equal(imputed_draws(measured, None, 7, [2, 3]), draws[2:])
    assert (np.ptp(draws, axis=0) > 0).mean() > 0.9
    values, levels = encoded(gaps, groups)
    anew = Anew(Refit("raw", False, cutoffs, list(X.columns), levels), values, draws)
    found = anew.matrix(np.ones(100, dtype=int), 3)
    assert np.array_equal(found[~np.isnan(measured)], measured[~np.isnan(measured)])
    assert np.array_equal(found[np.isnan(measured)], draws[3])


@pytest.mark.parametrize("base", ["kmeans", "gaussian_mixture"])
def test_replicates_of_many_cells_are_those_of_a_pipeline_alone(base: str) -> None:
    """Where nothing is missing: every cell, byte by byte, whatever the number of processes."""
    settings = {"base": {base: [2, 3]}, "refit": True, "bootstraps": 3, "whiten": [True]}
    scene = with_settings(load_scene("haalsi_example"), 200, None, SMALL | settings)
    cohort = cohort_of(generate(scene))
    one, two = (run_grid(cohort, False, workers, lambda *_: None).labels for workers in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    values, levels = encoded(cohort.X[scene.experiment.biomarkers], cohort.groups)
    step = Refit("zscore", True, {}, scene.experiment.biomarkers, levels)
    for k in (2, 3):
        pipeline = make_pipeline(step, make_base(base, k, False))
        model = BootstrapClustering(pipeline, n_bootstraps=3, n_jobs=1, random_state=scene.seed)
        assert np.array_equal(one[f"zscore+whitened.{base}{k}.r1"], model.fit(values).labels_)


def test_nobody_complete_is_no_obstacle() -> None:
    class OneOfThree:
        """Everybody lacks one of the first three biomarkers."""

        def __init__(self) -> None:
            self.turn = -1

        def random(self, size: int) -> np.ndarray:
            self.turn += 1
            return np.where(np.arange(size) % 3 == self.turn, 0.0, 1.0)

    found = grid(gaps=OneOfThree(), missing="impute")
    assert found.scores.query("truth == 'region'")["ari"].max() > 0.5
    assert "Nobody is complete: all that was found rests on imputing." in found.notes
    assert found.tables.complete_cases.empty


def test_everybody_is_clustered_when_missing_values_are_imputed() -> None:
    found = grid(gaps=np.random.default_rng(5), missing="impute")
    assert found.labels.notna().all().all()
    assert "missing values of" in found.notes[0]
    assert "were imputed, anew in every bootstrap sample" in found.notes[0]
    complete = grid(gaps=np.random.default_rng(5))
    assert complete.labels.isna().any().any()
    found_ari, complete_ari = (
        g.scores.query("truth == 'region'")["ari"].max() for g in (found, complete)
    )
    assert found_ari > complete_ari - 0.1


def test_complete_cases_alone_are_found_again_as_a_run_of_their_own() -> None:
    found = grid(gaps=np.random.default_rng(5), missing="impute")
    alone = grid(gaps=np.random.default_rng(5))
    [row] = found.tables.complete_cases.to_dict("records")
    column = row["partition"]
    complete = alone.labels[column].notna()
    assert row["complete"] == complete.sum() < 300
    expected = adjusted_rand_score(found.labels[column][complete], alone.labels[column][complete])
    assert row["ari"] == pytest.approx(expected, abs=1e-12)
    assert row["n_clusters_complete"] == alone.labels[column].nunique()
    assert len(alone.tables.complete_cases) == 0


def test_what_complete_cases_can_not_answer_is_said() -> None:
    """With k = 250 of 300 people: 110 are complete."""
    found = grid(gaps=np.random.default_rng(5), missing="impute", base={"kmeans": [250]})
    assert found.tables.complete_cases.empty
    [note] = [note for note in found.notes if "complete cases" in note]
    assert re.fullmatch(r"z-score: not compared with complete cases alone: got .*250.*\.", note), (
        note
    )


def test_refit_changes_little_and_something() -> None:
    once, again = grid(), grid(refit=True)
    column = "zscore.kmeans3.r1"
    assert adjusted_rand_score(once.labels[column], again.labels[column]) > 0.8
    assert not once.labels.equals(again.labels)


def test_equal_analyses_stay_equal_when_refitted() -> None:
    """Whitening erases the affine maps in every bootstrap sample too."""
    one, two = (
        grid(preprocessings=[affine], whiten=[True], refit=True).labels.iloc[:, 0]
        for affine in ("zscore", "robust")
    )
    assert adjusted_rand_score(one, two) > 0.99


@pytest.mark.parametrize("assign", ["in_bag", "out_of_bag"])
def test_who_is_assigned_is_a_setting(assign: str) -> None:
    found = grid(assign=assign)
    assert not found.labels.equals(grid().labels)
    with pytest.raises(SceneError, match=r"experiment\.assign: got 'out'"):
        grid(assign="out")


def test_a_page_of_a_run_with_imputed_values(tmp_path, monkeypatch) -> None:
    real = sys.modules["synthcohort.runs.scene_run"].generate

    def with_gaps(scene):
        population = real(scene)
        population.measured["Weight"][::10] = np.nan
        return population

    monkeypatch.setattr(sys.modules["synthcohort.runs.scene_run"], "generate", with_gaps)
    settings = SMALL | {"preprocessings": ["zscore", "binary"], "missing": "impute"}
    done = run("haalsi_example", tmp_path, size=200, workers=1, **settings)
    assert "20 missing values of 20 individuals were imputed" in done.report.read_text()
    assert done.labels.notna().all().all()


def test_nobody_has_a_value() -> None:
    class Never:
        def random(self, size):
            return np.zeros(size)

    with pytest.raises(SceneError, match="nobody has a value"):
        grid(gaps=Never(), missing="impute")
    with pytest.raises(SceneError, match="got k = 3, allowed: at most the 0 complete individuals"):
        grid(gaps=Never())


def test_weights_of_the_cohort_reach_every_replicate() -> None:
    scene = with_settings(load_scene("haalsi_example"), 200, None, SMALL | {"assign": "in_bag"})
    cohort = cohort_of(generate(scene))
    weight = pd.Series(np.where(np.arange(200) < 50, 3.0, 1.0), cohort.X.index)
    found = run_grid(replace(cohort, weight=weight), False, 1, lambda *_: None)
    values = prepare(cohort.X[scene.experiment.biomarkers], "zscore", False, {}, cohort.groups)
    base = make_base("kmeans", 3, False)
    model = BootstrapClustering(
        base, n_bootstraps=6, assign="in_bag", n_jobs=1, random_state=scene.seed
    )
    expected = model.fit(values.values, survey_weight=weight).partition(1.0)
    assert np.array_equal(found.labels["zscore.kmeans3.r1"], expected)
