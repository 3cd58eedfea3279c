"""Files of every kind: the same values, labels and reasons whatever the format."""

import gzip
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from tests.cohort.formats import PEOPLE, frames, write, write_sheets

from synthcohort.cohort.files import Reading, from_frame, read_table
from synthcohort.scene import SceneError

KINDS = [
    *("csv", "csv.gz", "csv.zip", "csv.zst", "parquet", "feather", "xlsx"),
    *("dta", "sav", "zsav", "por", "xpt"),
]


def same_values(table) -> None:
    found = table.frame.rename(columns=str.lower)
    assert found["pid"].tolist() == PEOPLE["pid"].tolist()
    assert found["site"].tolist() == PEOPLE["site"].tolist()
    for name in ("sex", "sbp"):
        np.testing.assert_array_equal(found[name].astype(float), PEOPLE[name])


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_same_table(tmp_path, kind: str) -> None:
    frame = PEOPLE.rename(columns=str.upper) if kind == "por" else PEOPLE
    table = read_table(write(tmp_path / f"people.{kind}", frame))
    same_values(table)
    assert [name.lower() for name in table.names] == list(PEOPLE.columns)
    if kind in ("dta", "sav", "zsav"):
        assert table.codes == {"sex": {1.0: "Male", 2.0: "Female"}}
    if kind in ("dta", "sav", "zsav", "xpt"):
        assert table.labels["sbp"] == "Systolic blood pressure (mmHg)"
        assert "site" not in table.labels
    nothing = "system missing" if kind in ("dta", "sav", "zsav", "por", "xpt") else "empty"
    assert table.why(table.names[2]).dropna().to_dict() == {1: nothing}


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_in_memory(library: str) -> None:
    same_values(from_frame(frames()[library]))
    with pytest.raises(SceneError, match="table: got a dict, allowed: a file or a DataFrame"):
        from_frame({"a": [1]})


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "por"])
def test_only_wanted_columns_are_read(tmp_path, kind: str) -> None:
    path = write(tmp_path / f"people.{kind}")
    table = read_table(path, wanted=lambda names: [n for n in names if n in ("site", "sbp")])
    assert list(table.frame) == ["sbp", "site"]
    assert table.names == tuple(PEOPLE.columns)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pid;sbp;w\nP1;109,0;1,793\nP2;152,5;0,618\n", ([109, 152.5], ";", ",", None)),
        ("pid\tsbp\tw\nP1\t109,5\t1\nP2\t88\t2\n", ([109.5, 88], "\t", ",", None)),
        ("pid;sbp;w\nP1;1.109,5;1\nP2;88;2\n", ([1109.5, 88], ";", ",", ".")),
        ('pid,sbp,w\nP1,"1,109.5",1\nP2,88,2\n', ([1109.5, 88], ",", ".", ",")),
        ("pid;sbp;w\nP1;1 109,5;1\nP2;88;2\n", ([1109.5, 88], ";", ",", " ")),
        ("pid|sbp|w\nP1|109.5|1\nP2|88|2\n", ([109.5, 88], "|", ".", None)),
        ("sep=;\npid;sbp;w\nP1;109.5;1\nP2;88;2\n", ([109.5, 88], ";", ".", None)),
        ('"pid","sbp","a, b"\n"P1","109.5","x\ny"\n"P2","88","z"\n', ([109.5, 88], ",", ".", None)),
    ],
)
def test_marks_are_found_out_and_said(tmp_path, text: str, found) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    values, separator, decimal, thousands = found
    table = read_table(path)
    assert table.frame["sbp"].tolist() == values
    used = table.reading
    assert (used.separator, used.decimal, used.thousands) == (separator, decimal, thousands)
    usual = (separator, decimal, thousands) == (",", ".", None)
    assert bool(table.notes) == (not usual)


def test_a_number_that_can_be_read_in_two_ways_is_said(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("pid;w\nP1;1,793\nP2;2,618\n")
    table = read_table(path)
    assert table.frame["w"].tolist() == [1.793, 2.618]
    assert "'1,793' can be read in two ways; it was taken as a decimal comma" in table.notes[-1]
    asked = read_table(path, Reading(decimal=".", thousands=","))
    assert asked.frame["w"].tolist() == [1793, 2618]
    assert not any("two ways" in note for note in asked.notes)


def test_a_point_where_commas_are_the_mark_is_no_number(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("pid;w\nP1;1,5\nP2;2.5\nP3;3,25\n")
    assert read_table(path).frame["w"].tolist() == ["1,5", "2.5", "3,25"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_encodings(tmp_path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("village;Age\nLillé;40\nSão;41\n".encode(encoding))
    asked = Reading(encoding=encoding) if encoding == "latin-1" else None
    table = read_table(path, asked)
    assert table.frame.to_dict("list") == {"village": ["Lillé", "São"], "Age": [40, 41]}
    if encoding == "latin-1":
        with pytest.raises(SceneError, match=r"is not utf-8: byte 0xe9 at position 16; name its"):
            read_table(path)


def test_ids_keep_their_zeros_and_words_are_levels(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('pid,educ,n,x\n007,None,1,\n010,NA,2,""\n100,nan,3,\n')
    frame = read_table(path).frame
    assert frame["pid"].tolist() == ["007", "010", "100"]
    assert frame["educ"].tolist() == ["None", "NA", "nan"]
    assert frame["n"].tolist() == [1, 2, 3]
    assert frame["x"].isna().all()


def test_reasons_of_stata(tmp_path) -> None:
    frame = pd.DataFrame({"sbp": [109.0, "a", np.nan, "b", 5.0], "g": [1.0, 2, 1, 2, 2]})
    path = write(
        tmp_path / "t.dta",
        frame,
        codes={"sbp": {"a": "Refused"}},
        missing_user_values={"sbp": ["a", "b"]},
    )
    table = read_table(path)
    assert table.why("sbp").tolist()[1:4] == ["Refused", "system missing", ".b"]
    assert table.frame["sbp"].dtype == float
    assert table.frame["sbp"].isna().tolist() == [False, True, True, True, False]
    assert "sbp" not in table.codes


def test_reasons_of_spss(tmp_path) -> None:
    frame = pd.DataFrame(
        {"sbp": [109.0, -9, np.nan, -8, 120.0], "income": [-99.0, -50, 3, 4, 5], "s": list("xyzyx")}
    )
    path = write(
        tmp_path / "t.sav",
        frame,
        codes={"sbp": {-9.0: "Refused", 120.0: "High"}},
        missing_ranges={"sbp": [-9, -8], "income": [{"lo": -1000, "hi": -1}], "s": ["z"]},
    )
    table = read_table(path)
    assert table.why("sbp").tolist()[1:4] == ["Refused", "system missing", "code -8"]
    assert table.frame["income"].isna().tolist() == [True, True, False, False, False]
    assert table.why("income").tolist()[:2] == ["code -99", "code -50"]
    assert table.why("s").tolist()[2] == "code z"
    assert table.codes["sbp"] == {-9.0: "Refused", 120.0: "High"}


def test_categories_keep_their_order(tmp_path) -> None:
    levels = pd.Categorical(["mid", "low", None], categories=["low", "mid", "high"], ordered=True)
    frame = pd.DataFrame({"g": levels, "n": [1, None, 2**60]}).astype({"n": "Int64"})
    frame.to_parquet(tmp_path / "t.parquet")
    for table in (from_frame(frame), read_table(tmp_path / "t.parquet")):
        assert list(table.codes["g"]) == ["low", "mid", "high"]
        assert table.frame["g"].tolist()[:2] == ["mid", "low"]
        assert table.frame["g"].isna().tolist() == [False, False, True]
        assert table.frame["n"].dropna().tolist() == [1, 2**60]


def test_sheets(tmp_path) -> None:
    other = pd.DataFrame({"note": ["only words"]})
    path = write_sheets(tmp_path / "t.xlsx", {"Data": PEOPLE, "Notes": other})
    table = read_table(path)
    same_values(table)
    assert "The sheet 'Data' was read, not 'Notes'" in table.notes[0]
    for sheet in ("Notes", 2):
        assert list(read_table(path, Reading(sheet=sheet)).frame) == ["note"]
    with pytest.raises(SceneError, match="has no sheet 'Note'; did you mean 'Notes'"):
        read_table(path, Reading(sheet="Note"))
    with pytest.raises(SceneError, match="got the sheet 3, allowed: 1 to 2"):
        read_table(path, Reading(sheet=3))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_names_below_a_title(tmp_path, kind: str) -> None:
    path = tmp_path / f"t.{kind}"
    if kind == "xlsx":
        write_sheets(path, {"Data": PEOPLE}, above=2)
    else:
        path.write_text("Made by\nthe data office\n" + PEOPLE.to_csv(index=False))
    same_values(read_table(path, Reading(header=3)))


def test_empty_rows_below_a_sheet_are_nobody(tmp_path) -> None:
    path = write_sheets(tmp_path / "t.xlsx", {"Data": PEOPLE})
    book = openpyxl.load_workbook(path)
    book.active["A9"] = " "
    book.save(path)
    assert len(read_table(path)) == 4


def test_formulas_without_values_are_refused_where_they_matter(tmp_path) -> None:
    path = write_sheets(tmp_path / "t.xlsx", {"Data": PEOPLE.assign(bmi=1.0)})
    book = openpyxl.load_workbook(path)
    book.active["E3"] = "=C3/2"
    book.save(path)
    with pytest.raises(SceneError, match=r"column 'bmi' has formulas without a value \(cell E3\)"):
        read_table(path)
    same_values(read_table(path, wanted=lambda names: names[:4]))


def bomb(path, size: int = 1 << 29) -> None:
    packed = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    with packed as archive, archive.open("t.csv", "w") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))


def test_bombs(tmp_path) -> None:
    bomb(tmp_path / "t.zip")
    (tmp_path / "t.xlsx").write_bytes((tmp_path / "t.zip").read_bytes())
    for name in ("t.zip", "t.xlsx"):
        with pytest.raises(SceneError, match=r"unpacks to more than 268,435,456 bytes, 200 times"):
            read_table(tmp_path / name)


def test_an_archive_of_several_files(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
        archive.writestr("__MACOSX/a.csv", "junk")
    assert read_table(tmp_path / "t.zip").frame["a"].tolist() == [1]
    with zipfile.ZipFile(tmp_path / "t.zip", "a") as archive:
        archive.writestr("b.csv", "a\n1\n")
    with pytest.raises(SceneError, match=r"holds 2 files \('a.csv', 'b.csv'\), allowed: one table"):
        read_table(tmp_path / "t.zip")


def test_a_packed_file_of_a_statistics_package(tmp_path) -> None:
    path = write(tmp_path / "t.dta")
    (tmp_path / "u.dta.gz").write_bytes(gzip.compress(path.read_bytes()))
    same_values(read_table(tmp_path / "u.dta.gz"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "is empty"),
        ("t.csv", b"\n1,2\n", "no column names in its first line"),
        ("t.csv", b"a,b\n", "has column names and no rows"),
        ("t.csv", b"a,a\n1,2\n", "column 'a': is there twice"),
        ("t.csv", b"a,b\n1,2,3\n1,2,3\n", r"2 rows have more or fewer cells than the 2 names in "),
        ("t.csv", b"a,b\n1,2\n1,2,3\n", r"1 rows .* \(row 2 has 3\), allowed: as many in each row"),
        ("t.csv", b"a,b\n1,2\n1\n", r"1 rows .* \(row 2 has 1\)"),
        ("t.parquet", b"nothing", "is not a readable .parquet file"),
        ("t.feather", b"nothing", "is not a readable .feather file"),
        ("t.dta", b"nothing at all", "is not a readable .dta file"),
        ("t.sav", b"nothing at all", "is not a readable .sav file"),
        ("t.por", b"nothing at all", "is not a readable .por file"),
        ("t.xpt", b"nothing at all", "is not a readable .xpt file"),
        ("t.sas7bdat", b"nothing at all", "is not a readable .sas7bdat file"),
        ("t.xlsx", b"x", "is not a readable .xlsx file"),
        ("t.csv.gz", b"x", "is not a readable .csv file: Not a gzipped file"),
        ("t.csv.zst", b"x", "can't be read|is not a readable .csv file"),
        ("t.doc", b"x", "got a .doc, allowed: .csv"),
        ("t", b"x", "got a file without an extension, allowed: .csv"),
    ],
)
def test_faulty_files(tmp_path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SceneError, match=message) as caught:
        read_table(path)
    assert len(caught.value.problems) == 1
    assert "\n" not in str(caught.value)


def test_columns_that_are_not_wanted_are_not_judged(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,b,,c\n1,x,y,z,2\n")
    table = read_table(path, wanted=lambda _: ["a", "c", "d"])
    assert table.frame.to_dict("list") == {"a": [1], "c": [2]}
    assert table.notes == ["Columns without a name were not read: 4."]


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(SceneError, match="no such file"):
        read_table(tmp_path / "none.csv")


@pytest.mark.parametrize("kind", ["csv", "parquet", "dta", "sav", "xlsx"])
def test_ten_thousand_columns(tmp_path, kind: str) -> None:
    frame = pd.DataFrame(np.ones((2, 10_000)), columns=[f"v{i}" for i in range(10_000)])
    path = write(tmp_path / f"t.{kind}", frame)
    table = read_table(path, wanted=lambda names: [n for n in names if n == "v77"])
    assert table.frame.to_dict("list") == {"v77": [1, 1]}
    assert len(table.names) == 10_000


def test_transport_zeros(tmp_path) -> None:
    pyreadstat.write_xport(pd.DataFrame({"x": [5.397605e-79, 1.0]}), tmp_path / "t.xpt")
    assert read_table(tmp_path / "t.xpt").frame["x"].tolist() == [0, 1]
