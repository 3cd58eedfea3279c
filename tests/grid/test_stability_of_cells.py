"""Stability and survey weights in the run: its tables, files and scores."""

import numpy as np
import pandas as pd
import pytest

from synthcohort import run, score
from synthcohort.clustering.consensus.modularity import partitions
from synthcohort.clustering.stability import Replicates, stability
from synthcohort.evaluation.metrics.adjusted_agreement import within_ari
from synthcohort.grid.stability_of_cells import cell_stability
from synthcohort.report.figures.stability_intervals import cluster_rows, has_stability
from synthcohort.results.partition_keys import Cell
from synthcohort.results.run_folder import read_findings
from synthcohort.results.selection import best_partition
from synthcohort.scene import load_scene, to_dict


def test_a_row_for_every_partition_and_every_cluster(small_run) -> None:
    found = small_run.tables
    of_grid = set(found.scores["partition"])  # the labels have those of rivals too
    assert found.stability["partition"].tolist() == [n for n in found.labels if n in of_grid]
    assert found.stability["n_clusters"].tolist() == [
        found.labels[name].nunique() for name in found.stability["partition"]
    ]
    sizes = found.stability_clusters.groupby("partition")["size"].sum()
    assert (sizes == found.labels.notna().sum().loc[sizes.index]).all()
    several = found.stability[found.stability["n_clusters"] > 1]
    assert set(several["partition"]) == set(sizes.index)
    alone = found.stability[found.stability["n_clusters"] == 1]
    assert alone["jaccard"].isna().all()
    assert len(found.consensus) == 21 * found.stability.groupby(["analysis", "k"]).ngroups


def test_neighbouring_resolutions(small_run) -> None:
    found = small_run.tables
    for (_, _), rows in found.stability.groupby(["analysis", "k"]):
        low, high = rows.sort_values("resolution")["partition"]
        ari = score(found.labels[low].astype(int), found.labels[high].astype(int))["ari"]
        got = rows.set_index("partition")["ari_next"]
        assert got[low] == pytest.approx(ari)
        assert np.isnan(got[high])


def test_individuals_of_the_partition_that_is_shown(small_run) -> None:
    found = small_run.tables
    shown = best_partition(small_run.findings)[0]["partition"]
    people = found.stability_individuals
    people = people[people["partition"] == shown]
    assert people["cluster"].tolist() == found.labels[shown].dropna().astype(int).tolist()
    row = found.stability.set_index("partition").loc[shown]
    assert people["margin"].mean() == pytest.approx(row["margin"], abs=1e-6)
    assert (people["margin"] < 0).mean() == pytest.approx(row["misplaced"], abs=1e-6)
    assert has_stability(small_run.findings)
    drawn = cluster_rows(small_run.findings, shown)
    assert drawn["n"].sum() == len(people)
    median = people[people["cluster"] == 0]["margin"].median()
    assert drawn["margin median"].iloc[0] == pytest.approx(median)


def test_whose_instability_by_analysis(small_run) -> None:
    found = small_run.tables
    assert found.instability["analysis"].tolist() == list(found.stability["analysis"].unique())
    for row in found.instability.itertuples():
        scores = found.scores[found.scores["analysis"] == row.analysis]
        truth = small_run.findings.scene.experiment.truth
        best = scores[(scores["truth"] == truth)]["ari"].max()
        own = scores[(scores["truth"] == truth) & (scores["k"] == row.k)]["ari"].max()
        assert own == best
    assert found.instability["refits"].tolist() == [8] * len(found.instability)  # all there are


def test_read_back(small_run) -> None:
    back, found = read_findings(small_run.folder).tables, small_run.tables
    for name in ("stability", "stability_clusters", "consensus", "instability"):
        pd.testing.assert_frame_equal(
            getattr(back, name), getattr(found, name), check_dtype=False, check_exact=True
        )
    pd.testing.assert_frame_equal(
        back.stability_individuals,
        found.stability_individuals,
        check_index_type=False,
    )


def test_a_cell_measures_what_the_estimator_measures() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 120)
    noise = rng.random((120, 10)) < 0.2
    replicates = Replicates(np.where(noise, rng.integers(0, 3, (120, 10)), truth[:, None]))
    found = partitions(replicates.assignments, [1.0, 1.05])
    cell = cell_stability(Cell("zscore", "kmeans", 3), replicates, found, seed=4)
    whole = stability(replicates, found[1.0].labels, seed=4)
    row = cell.partitions.iloc[0]
    for name, value in whole.summary.items():
        assert row[name] == pytest.approx(value), name
    first = cell.clusters[cell.clusters["partition"] == "zscore.kmeans3.r1"]
    columns = ["size", "jaccard", "recovered", "within", "between"]
    assert first[columns].to_numpy() == pytest.approx(whole.clusters[columns].to_numpy())


def test_weights_reach_every_score(tmp_path) -> None:
    scene = to_dict(load_scene("planted_profiles"))
    scene["sampling"] = {
        "by": "region",
        "probabilities": {"rural": 0.5, "mixed": 0.1, "urban": 0.1},
    }
    settings = {"preprocessings": ["zscore"], "base": {"kmeans": [3]}, "resolutions": [1.0]}
    done = run(scene, tmp_path, size=400, workers=1, bootstraps=8, **settings)
    found, truths = done.tables, done.findings.people.truths
    weight = pd.read_parquet(next(tmp_path.iterdir()) / "data.parquet")["weight"].to_numpy()
    for row in found.scores.itertuples():
        labels = found.labels[row.partition].astype(int).to_numpy()
        truth = truths[row.truth].cat.codes.to_numpy()
        assert row.ari == pytest.approx(score(labels, truth, ["ari"], weight)["ari"])
        assert row.ari != pytest.approx(score(labels, truth, ["ari"])["ari"], abs=1e-6)
        if isinstance(row.within, str) and row.within:
            rival = truths[row.within].cat.codes.to_numpy()
            assert row.ari_within == pytest.approx(within_ari(labels, truth, rival, weight))
    sizes = found.stability_clusters.groupby("partition")["size"].sum()
    assert sizes.to_numpy() == pytest.approx(400)
    labels = found.labels.iloc[:, 0]
    share = np.bincount(labels.astype(int), weight)[0] / weight.sum()
    first = found.stability_clusters
    first = first[(first["partition"] == labels.name) & (first["cluster"] == 0)]
    assert first["share"].iloc[0] == pytest.approx(share)
