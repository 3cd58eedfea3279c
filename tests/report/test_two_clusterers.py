"""Two base clusterers at the same k: a cell, a curve and a row of their own, named."""

import pytest

from synthcohort import run
from synthcohort.report.explorer.partition_columns import columns_of_partitions
from synthcohort.report.figures.heatmap import heatmap_figure
from synthcohort.report.figures.reference_band import pac_figure, partitions_table
from synthcohort.report.figures.reliability_curve import calibration_figure
from synthcohort.report.figures.resolution_curves import resolution_figure

NAMES = ["Gaussian mixture", "k-means"]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return run(
        "planted_profiles",
        tmp_path_factory.mktemp("two"),
        size=250,
        workers=1,
        preprocessings=["zscore"],
        whiten=[False],
        base={"kmeans": [3], "gaussian_mixture": [3]},
        resolutions=[0.9, 1.0],
        bootstraps=6,
        references=2,
    )


def drawn(figure) -> list[dict]:
    """Rows of the chart's data."""
    chart = figure.chart.to_dict()
    return chart["datasets"][chart["data"]["name"]]


def test_every_table_has_a_row_for_each(done) -> None:
    findings = done.findings
    for figure in (heatmap_figure(findings, "profile"), resolution_figure(findings)):
        keys = figure.table[["analysis", "base", "k", "resolution"]]
        assert not keys.duplicated().any()
        assert len(keys) == 4
        assert set(keys["base"]) == set(NAMES)
    assert sorted(pac_figure(findings).table["base"]) == NAMES
    assert sorted(partitions_table(findings)["base"].unique()) == NAMES
    assert set(calibration_figure(findings, "profile").table["base"]) == set(NAMES)


def test_every_picture_has_a_mark_for_each(done) -> None:
    findings = done.findings
    cells = {(row["cell"], row["resolution"]) for row in drawn(heatmap_figure(findings, "profile"))}
    assert len(cells) == 4
    assert {name for name, _ in cells} == {f"{name} 3" for name in NAMES}
    assert {row["cell"] for row in drawn(pac_figure(findings))} == {f"{name} 3" for name in NAMES}
    for figure in (resolution_figure(findings), calibration_figure(findings, "profile")):
        assert '"strokeDash": {"field": "base"' in figure.chart.to_json(indent=None)


def test_bands_are_those_of_the_clusterer(done) -> None:
    """Not the lowest and highest of both."""
    band = done.tables.band.set_index(["base", "resolution"])
    table = resolution_figure(done.findings).table.set_index(["base", "resolution"])
    for base, name in (("gaussian_mixture", NAMES[0]), ("kmeans", NAMES[1])):
        for resolution in (0.9, 1.0):
            expected = band.loc[(base, resolution), ["reference_low", "reference_high"]].tolist()
            assert table.loc[(name, resolution), ["null from", "null to"]].tolist() == expected


def test_the_page_names_them(done) -> None:
    html = done.report.read_text()
    best = done.scores[done.scores["truth"] == "profile"].nlargest(1, "ari").iloc[0]
    title = dict(zip(["gaussian_mixture", "kmeans"], NAMES, strict=True))[best["base"]]
    assert f"{title} k = 3, resolution" in html
    assert set(columns_of_partitions(done.findings)["base"]) == {*NAMES, None}
