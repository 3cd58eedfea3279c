"""Each trap does what its paragraph says: the pipeline is run on it."""

import numpy as np
import pytest
from tests.grid.grids import SETTINGS, best, grid

from synthcohort import BootstrapClustering, ceiling, load_scene, null_scene, score
from synthcohort.cohort.cohort import cohort_of
from synthcohort.cohort.experiment_settings import with_settings
from synthcohort.grid.whole_grid import run_grid
from synthcohort.population import generate
from synthcohort.scene import catalogue

TRAPS = [name for name in catalogue.names() if name.startswith("trap_")]


@pytest.mark.parametrize("name", TRAPS)
def test_a_paragraph(name: str) -> None:
    first, *rest = load_scene(name).description.strip().splitlines()
    assert len(first) < 120
    assert "A good pipeline" in " ".join(rest)


def counts(result) -> np.ndarray:
    return result.labels.nunique().to_numpy()


def test_a_gradient_is_sliced_and_so_is_its_null_scene() -> None:
    population, result = grid("trap_gradient")
    scores = result.scores
    assert best("trap_gradient", "severity (tertiles)", "zscore", 3) > 0.4
    assert (counts(result) > 1).mean() > 0.5
    two = scores[(scores["analysis"] == "zscore") & (scores["k"] == 2)]
    assert (two["n_clusters"] == 2).all()
    twin = with_settings(null_scene("trap_gradient"), 2000, None, SETTINGS)
    null = run_grid(cohort_of(generate(twin)), False, 1, lambda *_: None)
    assert np.median(counts(null)) == np.median(counts(result))
    assert population.scene.acting_groups() == []


def test_one_cluster_is_split_more_the_larger_k_and_resolution() -> None:
    scores = grid("trap_one_cluster")[1].scores.drop_duplicates("partition")
    by_resolution = scores.groupby("resolution")["n_clusters"].mean()
    assert by_resolution.is_monotonic_increasing
    assert by_resolution.iloc[-1] >= 2
    high = scores[scores["resolution"] == 1.0]
    assert high[high["k"] == 16]["n_clusters"].mean() > high[high["k"] == 2]["n_clusters"].mean()


def test_the_clusters_are_the_regions() -> None:
    assert best("trap_region_only", "region", "zscore") > 0.85
    assert best("trap_region_only", "profile") < 0.02
    assert ceiling("trap_region_only", "profile", size=2000).value < 0.01


def test_simpson_shows_within_villages_only() -> None:
    population, _ = grid("trap_simpson")
    X, metadata, truth = population
    ill = truth["profile"] == "ill"
    gap = X["Waist"][ill].mean() - X["Waist"][~ill].mean()
    assert gap < 0
    found, gaps = [], []
    for village in metadata["village"].cat.categories[1:4]:
        rows = metadata["village"] == village
        gaps.append(X["Waist"][rows & ill].mean() - X["Waist"][rows & ~ill].mean())
        scaled = (X[rows] - X[rows].mean()) / X[rows].std()
        model = BootstrapClustering(n_bootstraps=20).fit(scaled)
        labels = model.partitions([0.3, 0.5, 0.7])
        found.append(max(score(p.labels, truth["profile"][rows])["ari"] for p in labels.values()))
    assert min(gaps) > 10
    assert best("trap_simpson", "profile") < 0.15
    assert ceiling("trap_simpson", "profile", size=2000).value < 0.2
    assert ceiling("trap_simpson", "profile", given=["village"], size=2000).value > 0.8
    assert np.mean(found) > 0.5


def test_nested_levels_are_both_found_by_different_partitions() -> None:
    assert best("trap_nested", "major") > 0.95
    assert best("trap_nested", "subtype") > 0.9
    scores = grid("trap_nested")[1].scores
    table = scores.pivot_table(index="partition", columns="truth", values="ari")
    assert not ((table["major"] > 0.85) & (table["subtype"] > 0.85)).any()


def test_rare_groups_need_a_large_k() -> None:
    name = "trap_unequal_sizes"
    assert best(name, "profile", "zscore", 3) < 0.5
    assert best(name, "profile", "zscore", 16) > 0.85
    recovery = grid(name)[1].tables.recovery
    at_three = recovery[recovery["partition"].str.startswith("zscore.kmeans3.")]
    rare = at_three[at_three["cluster"] == "wasting"]
    assert rare["jaccard"].max() < 0.3


def test_equal_means_are_half_found_at_best() -> None:
    top = ceiling("trap_equal_means", "type", size=4000).value
    assert top > 0.6
    assert best("trap_equal_means", "type") < 0.6 * top


def test_heavy_tails_are_reported_as_clusters() -> None:
    _, result = grid("trap_heavy_tails")
    assert (counts(result) > 1).mean() > 0.3
    assert best("trap_heavy_tails", "tail") < 0.15
    assert ceiling("trap_heavy_tails", "tail", size=2000).value > 0.9


def test_a_huge_unit_hides_the_groups_unless_rescaled() -> None:
    name = "trap_huge_unit"
    assert best(name, "profile", "raw") < 0.05
    assert best(name, "profile", "zscore") > 0.85
    assert best(name, "profile", "raw+whitened") > 0.85


def test_groups_that_show_in_whitened_space_only() -> None:
    name = "trap_whitened_only"
    assert best(name, "profile", "zscore+whitened") > 0.9
    for analysis in ("zscore", "minmax", "robust"):
        assert best(name, "profile", analysis) < 0.6


def test_groups_that_whitening_hides() -> None:
    name = "trap_whitening_hides"
    assert best(name, "profile", "zscore") > 0.85
    assert best(name, "profile", "zscore+whitened") < 0.7
    scores = grid(name)[1].scores
    rows = scores[scores["truth"] == "profile"].groupby("analysis")["ceiling"].first()
    assert rows["zscore"] == rows["zscore+whitened"]
