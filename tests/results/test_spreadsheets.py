"""Nothing in a CSV file is a formula, and what is read back is what was there."""

import pandas as pd
import pytest

from synthcohort.cohort.files import read_table
from synthcohort.cohort.mapping import table_cohort
from synthcohort.cohort.table_settings import load_settings
from synthcohort.results.formats.spreadsheets import read_spreadsheet, write_spreadsheet
from synthcohort.results.formats.writers import write_csv
from synthcohort.results.run_folder import write_table

TEXTS = ["=cmd()", "+1", "-x", "@a", "NA", "None", "plain", "'quoted", "'=x"]


@pytest.mark.parametrize("dtype", ["category", "str", "object"])
def test_texts_are_harmless_and_come_back(dtype: str, tmp_path) -> None:
    frame = pd.DataFrame({"=level": TEXTS, "n": range(-3, 6)}).astype({"=level": dtype})
    write_spreadsheet(frame, tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text().splitlines()
    assert not any(line.startswith(("=", "+", "-", "@")) for line in lines)
    assert lines[1] == "'=cmd(),-3"
    found = read_spreadsheet(tmp_path / "t.csv")
    assert found["=level"].tolist() == TEXTS
    assert found["n"].tolist() == list(range(-3, 6))


def test_data_with_such_ids_can_be_read_again(tmp_path) -> None:
    frame = pd.DataFrame({"g": TEXTS}, index=pd.Index([f"={i}" for i in range(9)], name="pid"))
    write_csv(frame.astype("category"), tmp_path / "data.csv")
    assert "\n'=0,'=cmd()" in (tmp_path / "data.csv").read_text().replace('"', "")
    found = read_table(tmp_path / "data.csv").frame
    assert found["pid"].tolist() == frame.index.tolist()
    assert found["g"].tolist() == TEXTS


def test_the_codebook_of_a_table(tmp_path) -> None:
    frame = pd.DataFrame({"x": range(12), "g": ["=A1", "b"] * 6})
    settings = load_settings(
        {"biomarkers": ["x"], "groups": ["g"], "experiment": {"base": {"kmeans": [2]}}}
    )
    write_table(tmp_path, table_cohort(frame, settings, {}), keep_data=False)
    book = read_spreadsheet(tmp_path / "codebook.csv").set_index("variable")
    assert book.loc["g", "levels"] == "=A1; b"
    assert "'=A1; b" in (tmp_path / "codebook.csv").read_text()
