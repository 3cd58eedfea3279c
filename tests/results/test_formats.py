"""What a researcher receives: the same values and labels in every format, and a codebook."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.results.received import same, scene

from synthcohort import generate
from synthcohort.cohort.files import read_table
from synthcohort.results.formats.variables import legal_names
from synthcohort.runs.population_export import export
from synthcohort.scene import SceneError, SceneWarning

FORMATS = ["csv", "parquet", "dta", "sav"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with pytest.warns(SceneWarning, match=r"'CESD score \(0-3\)' is CESD_score_0_3, 'if' is if_"):
        return export(scene(), tmp_path_factory.mktemp("out"), formats=FORMATS)


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return generate(scene()).to_frame()


def test_stata_gives_the_same_values_and_labels(folder, data) -> None:
    found = pd.read_stata(folder / "data.dta")
    same(found, data)
    assert list(found["sex"].cat.categories) == ["female", "male"]
    with pd.io.stata.StataReader(folder / "data.dta") as reader:
        assert reader.data_label.startswith("SYNTHETIC DATA")
        labels = reader.variable_labels()
        assert labels["Hemoglobin"] == "Haemoglobin (g/dL)"
        assert labels["weight"] == "Survey weight"
        assert reader.value_labels()["village"] == {1: "Xanthia", 2: "Rolle, lower"}
    plain = pd.read_stata(folder / "data.dta", convert_categoricals=False)
    assert plain["Age"].dtype == np.int32
    with pd.read_stata(folder / "data.dta", convert_missing=True, iterator=True) as reader:
        assert "." in {str(value) for value in reader.read()["CESD_score_0_3"]}


def test_spss_gives_the_same_values_and_labels(folder, data) -> None:
    import pyreadstat

    found, meta = pyreadstat.read_sav(str(folder / "data.sav"), apply_value_formats=True)
    same(found, data)
    assert meta.file_label.startswith("SYNTHETIC DATA")
    assert any("SYNTHETIC DATA" in note for note in meta.notes)
    assert dict(zip(meta.column_names, meta.column_labels, strict=True))["Age"] == "Age (years)"
    assert meta.variable_value_labels["sex"] == {1.0: "female", 2.0: "male"}
    assert meta.variable_measure["sex"] == "nominal"
    assert meta.variable_measure["CESD_score_0_3"] == "ordinal"
    assert meta.variable_measure["Hemoglobin"] == "scale"


@pytest.mark.parametrize("kind", FORMATS)
def test_the_tables_of_users_are_read_the_same_way(kind: str, folder, data) -> None:
    table = read_table(folder / f"data.{kind}")
    found = table.frame.assign(
        **{n: table.frame[n].map(dict(labels)) for n, labels in table.codes.items()}
    )
    found = found if "id" in found else found.reset_index()  # Parquet keeps the index
    if kind in ("csv", "parquet"):
        found = found.rename(columns={"CESD score (0-3)": "CESD_score_0_3", "if": "if_"})
    same(found, data)


def test_every_file_is_marked_synthetic(folder) -> None:
    assert pq.read_schema(folder / "data.parquet").metadata[b"synthetic"] == b"true"
    assert pd.read_csv(folder / "data.csv")["id"].str.startswith("SYN-").all()
    assert pd.read_csv(folder / "codebook.csv")["synthetic"].all()
    assert json.loads((folder / "manifest.json").read_text())["synthetic"] == "true"


def test_the_same_bytes_twice(tmp_path) -> None:
    with pytest.warns(SceneWarning, match="in Stata and SPSS files"):
        one, two = (export(scene(), tmp_path / n, formats=["csv", "parquet", "dta"]) for n in "ab")
    for name in ("data.csv", "data.parquet", "data.dta", "truth.parquet", "codebook.csv"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_codebook(folder, data) -> None:
    book = pd.read_csv(folder / "codebook.csv", keep_default_na=False).set_index("variable")
    assert list(book.index) == ["id", *data.columns]
    hemoglobin = book.loc["Hemoglobin"]
    assert (hemoglobin["lowest"], hemoglobin["highest"]) == ("2.5", "20.0")
    assert float(hemoglobin["minimum"]) == data["Hemoglobin"].min()
    gaps = int(data["Hemoglobin"].isna().sum())
    assert gaps > 0
    assert int(hemoglobin["missing"]) == gaps
    assert float(hemoglobin["missing_percent"]) == gaps / 2  # of 200
    assert hemoglobin["missing_code"].startswith("csv: empty; parquet: null; dta: .")
    assert hemoglobin["cutoff_low"] == "female: 12; male: 13"
    assert hemoglobin["cutoff_source"].startswith("Payne et al. 2018")
    score = book.loc["CESD score (0-3)"]
    assert (score["type"], score["lowest"], score["highest"]) == ("integer", "0.0", "3.0")
    assert score["legal_name"] == "CESD_score_0_3"
    assert book.loc["village", "levels"] == "1 = Xanthia; 2 = Rolle, lower"
    assert book.loc["weight", "label"] == "Survey weight"
    assert book.loc["Age", "type"] == "integer"


def test_faults_of_formats(tmp_path) -> None:
    with pytest.raises(SceneError, match="--format: got 'xls'; allowed: csv, parquet, dta, sav"):
        export(scene(), tmp_path / "out", formats=["xls"])
    assert not (tmp_path / "out").exists()


def test_a_label_that_stata_has_no_room_for(tmp_path) -> None:
    raw = scene().model_dump()
    raw["biomarkers"]["Hemoglobin"]["label"] = "x" * 100
    with pytest.warns(SceneWarning) as said:
        export(raw, tmp_path, formats=["dta"])
    assert any("label of 'Hemoglobin' is cut at 80" in str(w.message) for w in said)


@given(st.lists(st.text(min_size=1, max_size=80), unique=True, max_size=40))
def test_legal_names_are_legal_and_unique(names) -> None:
    legal = legal_names(names)
    assert list(legal) == names
    found = list(legal.values())
    assert len({name.lower() for name in found}) == len(names)
    for name in found:
        assert 1 <= len(name) <= 32
        assert name.isidentifier()
        assert name.isascii()
        assert name[0] != "_"
