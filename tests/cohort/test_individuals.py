"""Rows of a user's table stay those rows: their index is the id, in every table and file."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans

from synthcohort import BootstrapClustering, cluster, generate, posterior, score
from synthcohort.cohort.files import read_table
from synthcohort.cohort.individuals import id_problems, index_as_columns
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import load_settings
from synthcohort.grid.whole_grid import run_grid
from synthcohort.results.formats.writers import write_parquet
from synthcohort.results.run_folder import read_findings, write_table
from synthcohort.scene import SceneError

N = 60
SMALL = {
    "preprocessings": ["zscore"],
    "whiten": [False],
    "base": {"kmeans": [2]},
    "resolutions": [1.0],
    "bootstraps": 5,
}
MAPPING = {"biomarkers": ["a", "b"], "experiment": SMALL}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Two clear groups in an irregular order, so that rows off by one fit worse than chance."""
    rng = np.random.default_rng(1)
    group = rng.permutation(np.arange(N) % 2)
    values = rng.normal(size=(N, 2)) + 10 * group[:, None]
    return pd.DataFrame(values, columns=["a", "b"]).assign(group=group)


INDEXES = {
    "default": pd.RangeIndex(N),
    "from 1": pd.RangeIndex(1, N + 1),
    "shuffled": pd.Index(np.random.default_rng(2).permutation(N)),
    "gaps": pd.Index(np.arange(N) * 3 + 7, name="row"),
    "leading zeros": pd.Index([f"{i:03d}" for i in range(N)], name="pid"),
    "objects": pd.Index([f"={i}" for i in range(N)], dtype=object),
    "int32": pd.Index(np.arange(N)[::-1], dtype="int32", name="n"),
    "floats": pd.Index(np.arange(N) + 0.5),
    "days": pd.date_range("2020-01-31", periods=N, name="visit", freq=None),
    "moments": pd.DatetimeIndex(pd.date_range("2020-01-31", periods=N, tz="Africa/Johannesburg")),
    "dates": pd.Index([date(2020, 1 + i % 12, 1 + i // 12) for i in range(N)], dtype=object),
    "called by a number": pd.RangeIndex(5, N + 5, name=5),
    "categories": pd.CategoricalIndex([f"c{i}" for i in range(N)]),
    "called like a column": pd.RangeIndex(N, name="group"),
}


@pytest.mark.parametrize("kind", INDEXES)
def test_labels_join_back_to_the_right_people(kind: str, people, tmp_path) -> None:
    table = people.set_axis(INDEXES[kind])
    cohort = table_cohort(table, load_settings(MAPPING | {"groups": ["group"]}), {})
    grid = run_grid(cohort, False, 1, lambda *_: None)
    write_table(tmp_path, cohort, keep_data=True)
    write_parquet(grid.labels, tmp_path / "labels.parquet", synthetic=False)
    files = [pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("labels", "data")]
    # Texts in a column of objects come back from a file as pandas' own text.
    exact = "equiv" if kind != "objects" else False
    for found in (grid.labels, grid.tables.stability_individuals, *files):
        pd.testing.assert_index_equal(found.index, table.index, exact=exact, check_freq=False)
    [name] = grid.labels
    for found in (grid.labels, files[0]):
        for people_again in (table, table.sample(frac=1, random_state=3)):
            joined = people_again.join(found)
            assert score(joined[name], joined["group"])["ari"] == 1
    numbered = any(note.startswith("No id is named") for note in cohort.notes)
    assert numbered == (kind == "default")
    assert pd.read_csv(tmp_path / "codebook.csv")["variable"][0] == str(table.index.name or "row")


def test_the_folder_is_read_back_with_the_ids(people, tmp_path) -> None:
    table = people.set_axis(INDEXES["leading zeros"])
    done = cluster(table, MAPPING, tmp_path, keep_data=True, workers=1, verdict=False)
    found = read_findings(done.folder)
    for one in (found.tables.labels, found.people.biomarkers, found.tables.stability_individuals):
        pd.testing.assert_index_equal(one.index, table.index)


def test_a_filtered_table_and_one_with_people_left_out(people, tmp_path) -> None:
    table = people.assign(sex=["f", "m", None] * (N // 3))
    some = table[table["a"] > table["a"].quantile(0.2)]
    done = cluster(some, MAPPING | {"groups": ["sex"]}, tmp_path, workers=1, verdict=False)
    assert done.labels.index.equals(some.index[some["sex"].notna()])
    joined = table.join(done.labels).dropna()
    assert score(joined[done.labels.columns[0]], joined["group"])["ari"] == 1


@pytest.mark.parametrize(
    "given", [["007", "010", "100"], ["1", "2", "30"], ["A1", "=2", "NA1"], ["1.0", "2.0", "3.0"]]
)
def test_ids_of_a_file_are_as_they_are_written(given, people, tmp_path) -> None:
    table = people[:57].assign(pid=[f"{a}{b}" for b in range(1, 20) for a in given][:57])
    if given[0] == "1.0":
        table["pid"] = np.arange(1.0, 58.0)
    table.to_csv(tmp_path / "t.csv", index=False)
    done = cluster(
        tmp_path / "t.csv", MAPPING | {"id": "pid"}, tmp_path / "out", workers=1, verdict=False
    )
    expected = table["pid"].astype("int64") if given[0] in ("1", "1.0") else table["pid"]
    for found in (done.labels, pd.read_parquet(done.folder / "labels.parquet")):
        assert found.index.name == "pid"
        assert found.index.tolist() == expected.tolist()
        joined = table.assign(pid=expected).join(found, on="pid")
        assert score(joined[found.columns[0]], joined["group"])["ari"] == 1
    assert len(read_findings(done.folder, tmp_path / "t.csv").people.biomarkers) == len(done.labels)


def test_a_file_without_an_id_has_row_positions_from_0(people, tmp_path) -> None:
    people.to_csv(tmp_path / "t.csv", index=False)
    done = cluster(tmp_path / "t.csv", MAPPING, tmp_path / "out", workers=1, verdict=False)
    joined = pd.read_csv(tmp_path / "t.csv").join(done.labels)
    assert score(joined[done.labels.columns[0]], joined["group"])["ari"] == 1
    assert done.findings.notes[0].startswith("No id is named: individuals go by their row")


@pytest.mark.parametrize("name", ["pid", None])
def test_the_index_of_a_parquet_file_is_kept(name, people, tmp_path) -> None:
    ids = pd.Index([f"{i:03d}" for i in range(N)], name=name)
    people.set_axis(ids).to_parquet(tmp_path / "t.parquet")
    mapping = MAPPING | ({"id": name} if name else {})
    frame = read_table(tmp_path / "t.parquet")
    for settings in (MAPPING, mapping):
        cohort = table_cohort(frame, load_settings(settings), {})
        pd.testing.assert_index_equal(cohort.X.index, ids)
    assert list(index_as_columns(frame.frame)) == ["a", "b", "group", *([name] if name else [])]


def test_an_id_column_may_be_a_level_of_the_index(people, tmp_path) -> None:
    waves = pd.MultiIndex.from_arrays([[1] * N, range(N)], names=["wave", "pid"])
    table = people.set_axis(waves)
    done = cluster(table, MAPPING | {"id": "pid"}, tmp_path, workers=1, verdict=False)
    joined = table.join(done.labels, on="pid")
    assert score(joined[done.labels.columns[0]], joined["group"])["ari"] == 1


FAULTY = {
    "index: got 1 ids more than once (3), allowed: an id a row; name the column": [3, 3, 4],
    "index: 1 ids are missing, allowed: an id in every row; name": [1.0, np.nan, 2.0],
    "index: got ids of the kind int, str, allowed: numbers, texts or dates": [1, "b", 2],
    "index: got ids of the kind complex, allowed: numbers": [1j, 2j, 3j],
}


@pytest.mark.parametrize("message", FAULTY)
def test_an_index_that_is_no_id(message: str) -> None:
    [problem] = id_problems(pd.DataFrame({"a": [1, 2, 3]}, index=FAULTY[message]), None)
    assert str(problem).startswith(message)


def test_an_index_of_levels_and_a_repeated_one_are_refused(people, tmp_path) -> None:
    levels = pd.MultiIndex.from_product([range(N // 2), ["x", "y"]])
    with pytest.raises(SceneError, match="index: got 2 levels, allowed: one value a row; name the"):
        cluster(people.set_axis(levels), MAPPING, tmp_path / "out")
    repeated = people.set_axis(np.arange(N) // 2)
    with pytest.raises(
        SceneError, match=r"index: got 30 ids more than once \(0, 1, 2, 3, 4, ...\)"
    ):
        cluster(repeated, MAPPING, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    done = cluster(
        repeated.assign(pid=range(N)), MAPPING | {"id": "pid"}, tmp_path, workers=1, verdict=False
    )
    assert done.labels.index.tolist() == list(range(N))


def test_a_series_or_table_of_other_people_is_refused(people) -> None:
    X = people[["a", "b"]]
    weight = pd.Series(1.0, X.index)
    model = BootstrapClustering(KMeans(2, n_init=1), n_bootstraps=4, random_state=0)
    with pytest.raises(ValueError, match="survey_weight and X have different indexes"):
        model.fit(X, survey_weight=weight[::-1])
    model.fit(X, survey_weight=weight)
    shuffled = X.sample(frac=1, random_state=1)
    assert score(model.predict(shuffled), people.loc[shuffled.index, "group"])["ari"] == 1
    assert model.partition().index.equals(X.index)
    with pytest.raises(ValueError, match="X and the fitted individuals have different indexes"):
        model.instability(shuffled)
    Y, metadata, _ = generate("haalsi_example", size=20)
    with pytest.raises(ValueError, match="given and X have different indexes, allowed: equal ones"):
        posterior("haalsi_example", Y, "region", given=metadata[["sex"]][::-1])
