"""Users' files: what is read, and the message for each fault."""

import numpy as np
import pandas as pd
import pytest

from synthcohort.cohort.table_files import check_columns, read_table
from synthcohort.scene import SceneError

FRAME = pd.DataFrame(
    {"sex": ["male", "female", "male"], "Age": [40, 55, 61], "Weight": [71.5, np.nan, 58.0]}
)


def written(tmp_path, kind: str):
    path = tmp_path / f"table.{kind}"
    if kind == "csv":
        FRAME.to_csv(path, index=False)
    elif kind == "tsv":
        FRAME.to_csv(path, index=False, sep="\t")
    elif kind == "parquet":
        FRAME.to_parquet(path)
    elif kind == "dta":
        FRAME.astype({"sex": "category"}).to_stata(path, write_index=False)
    else:
        pyreadstat = pytest.importorskip("pyreadstat")
        coded = FRAME.assign(sex=[1.0, 2.0, 1.0])
        labels = {"sex": {1.0: "male", 2.0: "female"}}
        pyreadstat.write_sav(coded, str(path), variable_value_labels=labels)
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet", "dta", "sav"])
def test_every_format_gives_the_same_table(tmp_path, kind: str) -> None:
    found = read_table(written(tmp_path, kind))
    assert list(found["sex"].astype(str)) == ["male", "female", "male"]
    assert list(found["Age"]) == [40, 55, 61]
    np.testing.assert_array_equal(found["Weight"], FRAME["Weight"])
    check_columns(found, "table", numeric=["Age", "Weight"], categories=["sex"])


def test_semicolons_a_byte_order_mark_and_another_encoding(tmp_path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("\ufeffvillage;Age\nLillé;40\n".encode())
    assert read_table(path).to_dict("list") == {"village": ["Lillé"], "Age": [40]}
    path.write_bytes("village;Age\nLillé;40\n".encode("latin-1"))
    assert read_table(path, encoding="latin-1")["village"][0] == "Lillé"
    with pytest.raises(SceneError, match=r"is not utf-8: byte 0xe9 at position 16; name its enc"):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "is empty"),
        ("t.csv", b"\n1,2\n", "no column names in its first line"),
        ("t.csv", b"a,b\n", "has column names and no rows"),
        ("t.csv", b"a,a\n1,2\n", "column 'a': is there twice"),
        ("t.csv", b"a,,b\n1,2,3\n", "column 2 has no name"),
        ("t.csv", b"a,b\n1,2,3\n1,2,3\n", "is not a readable .csv file: Length of header"),
        ("t.csv", b"a,b\n1,2\n1,2,3\n", "is not a readable .csv file"),
        ("t.parquet", b"nothing", "is not a readable .parquet file"),
        ("t.dta", b"nothing at all", "is not a readable .dta file"),
        ("t.sav", b"nothing at all", "is not a readable .sav file"),
        ("t.xlsx", b"x", "got a .xlsx, allowed: .csv"),
    ],
)
def test_faulty_files(tmp_path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SceneError, match=message):
        read_table(path)


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(SceneError, match="no such file"):
        read_table(tmp_path / "none.csv")


def test_all_problems_of_columns_at_once() -> None:
    frame = pd.DataFrame(
        {"a": [1.0, 2.0], "b": ["1", "high"], "c": [np.nan, np.nan], "d": [1.0, np.inf]}
    )
    with pytest.raises(SceneError, match="column 'wieght': is not in the table") as caught:
        check_columns(frame, "table", numeric=["a", "b", "c", "d", "wieght"], categories=["zzz"])
    text = str(caught.value)
    assert "column 'b': got 'high' in row 2 (1 values are not numbers), allowed: numbers" in text
    assert "column 'c': all 2 values are missing" in text
    assert "column 'd': got an infinite value in row 2" in text
    assert "column 'zzz': is not in the table; allowed: a, b, c, d" in text
    assert "column 'a'" not in text
