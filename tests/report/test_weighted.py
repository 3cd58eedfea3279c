"""With survey weights every number of the page is weighted, and equal to that of copied rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from synthcohort import cluster
from synthcohort.report import weighted
from synthcohort.report.figures.profiles import profile_table
from synthcohort.report.figures.stability_intervals import cluster_rows
from synthcohort.report.page import build
from synthcohort.report.population_tables import biomarker_table, group_table
from synthcohort.results.findings import Individuals
from synthcohort.results.run_folder import read_findings
from synthcohort.results.selection import best_partition

SETTINGS = {
    "weight": "w",
    "biomarkers": {"weight": {"unit": "kg", "cutoffs": {"high": {"f": 60, "m": 75}}}, "b": {}},
    "groups": ["sex"],
    "experiment": {
        "preprocessings": ["zscore"],
        "whiten": [False],
        "base": {"kmeans": [2]},
        "resolutions": [1.0],
        "bootstraps": 6,
    },
}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    rng = np.random.default_rng(1)
    heavy = np.arange(80) % 2
    table = pd.DataFrame({"weight": rng.normal(60, 5, 80) + 40 * heavy, "b": rng.normal(size=80)})
    table["sex"] = np.where(rng.random(80) < 0.5, "f", "m")
    table["w"] = np.where(heavy, 3.0, 1.0)
    table.loc[:4, "b"] = np.nan
    out = tmp_path_factory.mktemp("weighted")
    return cluster(table, SETTINGS, out, keep_data=True, workers=1, verdict=False).findings, out


def copied(findings):
    """The same people, each as many times as they weigh."""
    people = findings.people
    times = (people.weight / people.weight.min()).round().astype(int)
    index = people.biomarkers.index.repeat(times)

    def of(table):
        return table.loc[index].reset_index(drop=True)

    several = Individuals(of(people.biomarkers), of(people.metadata), of(people.truths))
    other = findings.with_tables(labels=of(findings.tables.labels))
    return replace(other, individuals=lambda: several)


def test_tables_are_those_of_copied_rows(done) -> None:
    findings, _ = done
    other = copied(findings)
    one, two = biomarker_table(findings), biomarker_table(other)
    for name in ("mean", "below cut-off (%)", "above cut-off (%)"):
        np.testing.assert_allclose(one[name], two[name])
    sd = other.people.biomarkers.std(ddof=0)
    np.testing.assert_allclose(one["SD"], sd)
    assert one["missing"].tolist() == [0, 5]
    shares = group_table(other)["share (%)"]
    np.testing.assert_allclose(group_table(findings)["share (%)"], shares)
    assert group_table(findings)["individuals"].sum() == 80


def test_profiles_are_those_of_copied_rows_and_sizes_those_of_the_stability(done) -> None:
    findings, _ = done
    partition = best_partition(findings)[0]["partition"]
    one, two = (
        profile_table(f, f.tables.labels[partition].dropna().astype(int))
        for f in (findings, copied(findings))
    )
    for name in ("mean", "SDs", "high cut-off (SDs)"):
        np.testing.assert_allclose(one[name], two[name])
    sizes = one.drop_duplicates("cluster").set_index("cluster")["size"]
    stability = cluster_rows(findings, partition).set_index("cluster")["n"]
    np.testing.assert_allclose(sizes.loc[stability.index], stability)
    assert sizes.sum() == pytest.approx(findings.tables.labels[partition].notna().sum())
    assert sizes.max() / sizes.min() == pytest.approx(3, rel=0.1)


def test_the_page_says_so(done) -> None:
    html = build(done[0]).html
    assert html.count("Sizes and means are weighted") >= 2
    assert "biomarkers, by survey weight but for counts" in html
    alike = replace(done[0].people, weight=None)
    assert "weighted (" not in build(replace(done[0], individuals=lambda: alike)).html


def test_weights_are_read_back_beside_a_biomarker_called_weight(done) -> None:
    findings, out = done
    again = read_findings(next(out.iterdir()))
    pd.testing.assert_series_equal(again.people.weight, findings.people.weight, check_names=False)
    pd.testing.assert_frame_equal(again.people.biomarkers, findings.people.biomarkers)


def test_quantiles_and_empty_columns() -> None:
    values = pd.Series([1.0, 2.0, 3.0, 4.0])
    assert weighted.quantile(values, pd.Series(1.0, values.index), 0.5) == 2.5
    assert weighted.quantile(values, pd.Series([0, 0, 0, 1.0]), 0.1) == 4
    nothing = pd.Series([np.nan])
    for found in (weighted.mean, weighted.sd):
        assert np.isnan(found(nothing, pd.Series([1.0])))
    assert np.isnan(weighted.quantile(nothing, pd.Series([1.0]), 0.5))


def test_a_level_of_few_people_of_a_table_has_no_name(done) -> None:
    findings = done[0]
    rare = findings.people.truths.astype(object)
    rare.iloc[0, 0], rare.iloc[1:3, 0] = "the only one", "one of two"
    few = replace(findings.people, truths=rare.astype("category"))
    table = group_table(replace(findings, individuals=lambda: few))
    assert set(table["level"]) == {"f", "m", "2 levels of fewer than 5"}
    assert table["individuals"].isna().sum() == 1
    made = group_table(replace(findings, individuals=lambda: few, synthetic=True))
    assert "the only one" in set(made["level"])
