"""Tables on which a run could end badly: nothing but noise, nobody complete, columns of others."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from tests.cohort.formats import write

from synthcohort.cli import main
from synthcohort.cohort.files import read_table
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import load_settings
from synthcohort.grid.whole_grid import run_grid
from synthcohort.runs.table_run import cluster

N = 200
SMALL = {"preprocessings": ["zscore"], "bootstraps": 6, "resolutions": [0.8, 1.0]}


def grid(path, names, **experiment):
    settings = load_settings({"biomarkers": names, "experiment": SMALL | experiment})
    cohort = table_cohort(read_table(path, wanted=settings.wanted), settings, {})
    return cohort, run_grid(cohort, False, 1, lambda *_: None)


@pytest.mark.parametrize("kind", ["csv", "dta", "parquet"])
def test_nothing_but_noise(tmp_path, kind: str) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.uniform(size=(N, 4)), columns=list("abcd"))
    path = write(tmp_path / f"t.{kind}", frame)
    _, found = grid(path, list("abcd"), base={"hdbscan": [90]}, whiten=[False])
    assert len(found.labels) == N
    assert any("noise" in note or "no partition" in note for note in found.notes), found.notes


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sav"])
def test_nobody_complete(tmp_path, kind: str) -> None:
    rng = np.random.default_rng(1)
    group = np.arange(N) % 2
    values = rng.normal(size=(N, 4)) + 6 * group[:, None]
    values[: N // 2, 2] = np.nan
    values[N // 2 :, 3] = np.nan
    path = write(tmp_path / f"t.{kind}", pd.DataFrame(values, columns=list("abcd")))
    cohort, found = grid(path, list("abcd"), base={"kmeans": [2]}, whiten=[False], missing="impute")
    labels = found.labels.iloc[:, -1]
    assert labels.notna().all()
    assert adjusted_rand_score(labels, group) > 0.9
    assert {"c imputed", "d imputed"} <= set(cohort.known)
    assert "c imputed" in set(found.scores["truth"])


@pytest.mark.parametrize(("kind", "made"), [("csv", "mean"), ("dta", "sum"), ("parquet", "ratio")])
def test_the_way_out_of_a_column_made_of_others(tmp_path, kind: str, made: str) -> None:
    rng = np.random.default_rng(2)
    group = rng.permutation(np.arange(800) % 2)
    X = pd.DataFrame(rng.normal(size=(800, 4)), columns=["sbp", "dbp", "hb", "wt"])
    X = X * [18, 11, 1.2, 12] + [130, 80, 13, 70]
    X["hb"] += 4 * group
    X["wt"] += 40 * group
    X["made"] = {
        "mean": ((X["sbp"] + 2 * X["dbp"]) / 3).round(),
        "sum": (X["sbp"] + X["dbp"]).round(),
        "ratio": (X["wt"] / X["sbp"] * 100).round(2),
    }[made]
    path = write(tmp_path / f"t.{kind}", X)
    names = list(X)
    options = {"base": {"kmeans": [2]}, "whiten": [True]}
    cohort, _ = grid(path, names, **options) if made == "mean" else (None, None)
    if cohort is not None:
        assert "made is nearly 0.333 sbp + 0.667 dbp" in cohort.doubts[0]
    _, found = grid(path, names, **options, whiten_min_share=0.01)
    ari = max(adjusted_rand_score(found.labels[c], group) for c in found.labels)
    assert ari > 0.6


def test_people_of_whom_nobody_is_complete_have_a_page_without_a_map(tmp_path) -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(60, 3)), columns=["a", "b", "c"])
    table.loc[:29, "b"] = np.nan
    table.loc[30:, "c"] = np.nan
    settings = {
        "biomarkers": ["a", "b", "c"],
        "experiment": {
            "preprocessings": ["zscore"],
            "base": {"kmeans": [2]},
            "bootstraps": 3,
            "missing": "impute",
        },
    }
    done = cluster(table, settings, tmp_path, workers=1, verdict=False)
    page = done.report.read_text(encoding="utf-8")
    assert 'id="map"' not in page
    assert "imputed" in page


def test_a_doubt_is_said_once(tmp_path, capfd, monkeypatch) -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"a": rng.normal(50, 5, 60).round(1), "b": rng.normal(5, 1, 60).round(1)})
    table.loc[:5, "a"] = -9
    table.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "s.toml").write_text(
        'biomarkers = ["a", "b"]\n[experiment]\npreprocessings = ["zscore"]\nwhiten = [false]\n'
        "base = { kmeans = [2] }\nresolutions = [1.0]\nbootstraps = 3\n"
    )
    words = [str(tmp_path / "t.csv"), "--settings", str(tmp_path / "s.toml"), "--no-verdict"]
    monkeypatch.setattr("sys.argv", ["synthcohort", "cluster", *words, "--out", str(tmp_path)])
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        with pytest.raises(SystemExit) as left:
            main()
    assert left.value.code == 0
    assert capfd.readouterr().err.count("looks like a code for missing") == 1
